package dev.surefoot.net;

import org.jspecify.annotations.Nullable;

/** What an application and the log are told about a connection that ended: what was seen, and which key to look at. */
final class LossReason {
    private final String broker;
    private final String protocol;

    /**
     * @param broker the broker's name in messages
     * @param securityProtocol what this client is configured to speak
     */
    LossReason(String broker, String securityProtocol) {
        this.broker = broker;
        this.protocol = securityProtocol;
    }

    /**
     * The connection was closed, and not by this side.
     *
     * @param unanswered the request that this connection was to answer first and has not, or null
     * @param seen what was seen when it ended, or null
     */
    String closed(ConnectionState state, @Nullable String unanswered, @Nullable String seen) {
        if (seen != null) {
            return switch (state) {
                case CONNECTING -> "No connection to " + broker + " could be made: " + seen;
                case AUTHENTICATING, NEGOTIATING ->
                    "The connection to " + broker + " was given up: " + seen + " (security.protocol is " + protocol
                            + ")";
                case READY, IDLE, BACKOFF -> "The connection to " + broker + " was given up: " + seen;
            };
        }
        return switch (state) {
            case CONNECTING ->
                "No connection to " + broker
                        + " could be made: nothing listens there, or the network does not lead there";
            case AUTHENTICATING ->
                "The connection to " + broker
                        + " was closed while authenticating; the listener there may expect another"
                        + " security.protocol than " + protocol;
            case NEGOTIATING ->
                "The connection to " + broker + " was closed while negotiating versions; the listener there may expect"
                        + " another security.protocol than " + protocol + ", or is no Kafka broker";
            case READY -> unanswered == null ? lost() : lost() + cutShort(unanswered);
            case IDLE, BACKOFF -> lost();
        };
    }

    private String lost() {
        return "The connection to " + broker + " was lost";
    }

    /** A broker tells its versions to anybody, and closes the connection when a request comes before authentication. */
    private String cutShort(String unanswered) {
        String seen = " at its first request (" + unanswered + "), after the broker had told its versions";
        return switch (protocol) {
            case "PLAINTEXT" ->
                seen + "; its listener may expect authentication: check security.protocol (now PLAINTEXT)";
            case "SSL" -> seen + "; its listener may expect authentication: check security.protocol (now SSL)";
            default -> seen;
        };
    }

    String noConnectionInTime() {
        return "No connection to " + broker + " within socket.connection.setup.timeout.ms";
    }

    String notAuthenticatedInTime() {
        return "Authentication with " + broker + " did not end within request.timeout.ms" + orAnotherProtocol();
    }

    String noVersionsInTime() {
        return "No answer from " + broker + " about its versions within request.timeout.ms" + orAnotherProtocol();
    }

    private String orAnotherProtocol() {
        return "; what listens there may expect another security.protocol than " + protocol + ", or is no Kafka broker";
    }
}

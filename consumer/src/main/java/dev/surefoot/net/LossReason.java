package dev.surefoot.net;

import dev.surefoot.net.InFlightRequests.InFlight;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Words the reason why a connection ended, for the application and the log: what was observed, and which key to look
 * at.
 */
final class LossReason {
    private final String broker;
    private final String protocol;

    /**
     * @param broker the broker's name in messages
     * @param securityProtocol this client's {@code security.protocol}
     */
    LossReason(String broker, String securityProtocol) {
        this.broker = broker;
        this.protocol = securityProtocol;
    }

    /**
     * Returns the reason when the connection was closed, but not by this side.
     *
     * @param unanswered the oldest request in flight if this connection has answered none yet, or null
     * @param seen what was observed when it ended, or null
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
                        + " could be made: nothing listens there, or the network has no route to it";
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

    /** A broker answers ApiVersions before authentication, and closes the connection when another request comes. */
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
        return "; the server there may expect another security.protocol than " + protocol + ", or is no Kafka broker";
    }

    String noAnswerInTime(InFlight overdue) {
        long limitMs = TimeUnit.NANOSECONDS.toMillis(overdue.deadlineNanos() - overdue.sentNanos());
        return "No answer from " + broker + " to " + overdue.encoded().describe() + " within " + limitMs
                + " ms (request.timeout.ms)";
    }
}

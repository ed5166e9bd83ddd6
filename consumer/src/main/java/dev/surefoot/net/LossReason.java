package dev.surefoot.net;

import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.exchange.RequestFailure.Reason;
import dev.surefoot.net.InFlightRequests.InFlight;
import dev.surefoot.wire.EncodedRequest;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.AuthenticationException;
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
     * Returns the failure when the connection was closed, but not by this side.
     *
     * @param unanswered the oldest request in flight if this connection has answered none yet, or null
     * @param end what the channel left behind, or null
     * @param noBuffer why an answer got no buffer meanwhile, of this connection or another one; or null
     */
    RequestFailure closed(
            ConnectionState state,
            @Nullable InFlight unanswered,
            @Nullable AuthenticationException end,
            DirectBufferPool.@Nullable Refusal noBuffer) {
        if (end instanceof ChannelFault fault) {
            return ended(state, fault.reason(), String.valueOf(fault.getMessage()), fault.bytes());
        }
        if (end != null) {
            return Failures.refused(Refusals.explained(end, broker, protocol));
        }
        if (noBuffer != null) {
            return ended(state, noBuffer.reason(), noBuffer.words(), noBuffer.bytes());
        }
        return closed(state, unanswered == null ? null : unanswered.encoded().describe());
    }

    private RequestFailure closed(ConnectionState state, @Nullable String unanswered) {
        return switch (state) {
            case CONNECTING ->
                lost(
                        Reason.CONNECT_REFUSED,
                        "No connection to " + broker
                                + " could be made: nothing listens there, or the network has no route to it");
            case AUTHENTICATING ->
                lost(
                        Reason.CLOSED_IN_AUTHENTICATION,
                        "The connection to " + broker
                                + " was closed while authenticating; the listener there may expect another"
                                + " security.protocol than " + protocol);
            case NEGOTIATING ->
                lost(
                        Reason.CLOSED_IN_NEGOTIATION,
                        "The connection to " + broker
                                + " was closed while negotiating versions; the listener there may expect"
                                + " another security.protocol than " + protocol + ", or is no Kafka broker");
            case READY -> lost(Reason.LOST, unanswered == null ? lost() : lost() + cutShort(unanswered));
            case IDLE, RESOLVING, BACKOFF -> lost(Reason.LOST, lost());
        };
    }

    /** The connection ended for a reason that was observed. */
    private RequestFailure ended(ConnectionState state, Reason reason, String seen, long bytes) {
        String words =
                switch (state) {
                    case CONNECTING -> "No connection to " + broker + " could be made: " + seen;
                    case AUTHENTICATING, NEGOTIATING ->
                        "The connection to " + broker + " was given up: " + seen + " (security.protocol is " + protocol
                                + ")";
                    case READY, IDLE, RESOLVING, BACKOFF -> "The connection to " + broker + " was given up: " + seen;
                };
        return Failures.disconnected(reason, words, null, bytes);
    }

    RequestFailure notWritten(EncodedRequest request, RuntimeException failure) {
        return Failures.disconnected(
                "Writing " + request.describe() + " to " + broker + " failed: " + failure.getMessage(), failure);
    }

    private static RequestFailure lost(Reason reason, String words) {
        return Failures.disconnected(reason, words, null, 0);
    }

    /** The host's name could not be resolved. */
    RequestFailure unresolved(Throwable failure) {
        return Failures.disconnected(
                Reason.NAME_UNRESOLVED, "Cannot connect to " + broker + ": " + CauseWords.of(failure), failure, 0);
    }

    RequestFailure notResolvedInTime() {
        return lost(
                Reason.NAME_UNRESOLVED,
                "Cannot connect to " + broker + ": the name service has not answered within"
                        + " socket.connection.setup.timeout.ms");
    }

    /** The system refused to begin to connect. */
    RequestFailure refused(Throwable failure) {
        return Failures.disconnected(
                Reason.CONNECT_REFUSED, "Cannot connect to " + broker + ": " + CauseWords.of(failure), failure, 0);
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

    RequestFailure noConnectionInTime() {
        return Failures.timedOut(
                Reason.CONNECT_TIMED_OUT, "No connection to " + broker + " within socket.connection.setup.timeout.ms");
    }

    RequestFailure notAuthenticatedInTime() {
        return Failures.timedOut(
                Reason.AUTHENTICATION_TIMED_OUT,
                "Authentication with " + broker + " did not end within request.timeout.ms" + orAnotherProtocol());
    }

    RequestFailure noVersionsInTime() {
        return Failures.timedOut(
                Reason.NEGOTIATION_TIMED_OUT,
                "No answer from " + broker + " about its versions within request.timeout.ms" + orAnotherProtocol());
    }

    private String orAnotherProtocol() {
        return "; the server there may expect another security.protocol than " + protocol + ", or is no Kafka broker";
    }

    /** @param arrivedBytes how much of the answer has arrived */
    RequestFailure noAnswerInTime(InFlight overdue, long arrivedBytes) {
        long limitMs = TimeUnit.NANOSECONDS.toMillis(overdue.deadlineNanos() - overdue.sentNanos());
        String words = "No answer from " + broker + " to " + overdue.encoded().describe() + " within " + limitMs
                + " ms (request.timeout.ms)";
        return Failures.timedOut(
                Reason.NO_ANSWER,
                arrivedBytes == 0 ? words : words + "; " + arrivedBytes + " bytes of it had arrived",
                arrivedBytes);
    }
}

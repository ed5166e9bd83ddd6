package dev.surefoot.net;

import dev.surefoot.core.exchange.LinkCondition;
import dev.surefoot.core.exchange.LinkCondition.Traffic;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.time.Deadline;
import dev.surefoot.net.InFlightRequests.InFlight;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What has happened on one connection: it decides how long to wait before the next attempt, and explains the state.
 * Owned by the loop's thread.
 */
final class ConnectionHistory {
    /** The least back-off: a failure stays visible for a turn of the loop even if the configuration has no back-off. */
    private static final long LEAST_BACKOFF_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /** Each answer counts as one part in this many of the average round trip. */
    private static final int ROUND_TRIP_PART = 8;

    private final ConnectionSettings settings;
    private final LastRefusal refusal = new LastRefusal();
    private ConnectionState state = ConnectionState.IDLE;
    private long stateSinceNanos;
    private long readySinceNanos = Deadline.NEVER;
    /** Made once for each attempt, as the guard asks for the condition once for each partition. */
    private @Nullable String address;

    private int failuresInARow;
    private int setupTimeoutsInARow;
    private @Nullable RequestFailure lastFailure;
    private long lastAnswerNanos = Long.MIN_VALUE;
    private long roundTripNanos;

    ConnectionHistory(ConnectionSettings settings) {
        this.settings = settings;
    }

    void entered(ConnectionState next, long nowNanos) {
        state = next;
        stateSinceNanos = nowNanos;
        readySinceNanos = next == ConnectionState.READY ? nowNanos : Deadline.NEVER;
        if (next == ConnectionState.READY) {
            refusal.clear();
        }
    }

    /** Notes the beginning of an attempt. */
    void attemptBegins(long nowNanos) {
        refusal.attemptBegins(nowNanos);
    }

    /** Returns when an attempt that begins now has taken too long; grows with each that has, in a row (KIP-601). */
    long setupDeadlineNanos(long nowNanos) {
        return Deadline.after(nowNanos, settings.setupTimeout().delayNanos(setupTimeoutsInARow + 1));
    }

    void setupTimedOut() {
        setupTimeoutsInARow++;
    }

    void connected() {
        setupTimeoutsInARow = 0;
    }

    void tried(InetSocketAddress tried) {
        address = tried.getAddress().getHostAddress() + ":" + tried.getPort();
    }

    /** Notes how an attempt or a connection ended, and returns when the next attempt is allowed (KIP-144). */
    long failed(RequestFailure why, long nowNanos) {
        lastFailure = why;
        long delayNanos = settings.reconnectBackoff().delayNanos(++failuresInARow);
        long retryAtNanos = Deadline.after(nowNanos, Math.max(LEAST_BACKOFF_NANOS, delayNanos));
        refusal.attemptFailed(why, retryAtNanos);
        return retryAtNanos;
    }

    /**
     * Notes that a request could not be written for this broker. Only what a connection is there for counts: a broker
     * without telemetry is none the worse for it.
     *
     * @return the failure
     */
    RequestFailure unwritten(Request<?> request, RequestFailure why) {
        lastFailure = request.purpose() == Purpose.FETCH ? why : lastFailure;
        return why;
    }

    /** Why requests fail now, or null if they may succeed. */
    @Nullable RequestFailure failure() {
        return state == ConnectionState.BACKOFF ? lastFailure : refusal.word();
    }

    void answered(long sentNanos, long nowNanos) {
        failuresInARow = 0;
        lastFailure = null;
        long tookNanos = nowNanos - sentNanos;
        roundTripNanos = lastAnswerNanos == Long.MIN_VALUE
                ? tookNanos
                : roundTripNanos + (tookNanos - roundTripNanos) / ROUND_TRIP_PART;
        lastAnswerNanos = nowNanos;
    }

    /** Puts together what there is to say. */
    LinkCondition condition(Throttle throttle, InFlightRequests inFlight, ArrivingAnswer arriving) {
        InFlight oldest = inFlight.oldest();
        return new LinkCondition(
                state.shown(),
                stateSinceNanos,
                address,
                lastFailure,
                failuresInARow,
                throttle.deadlineNanos(),
                new Traffic(
                        inFlight.size(),
                        oldest == null ? Deadline.NEVER : oldest.sentNanos(),
                        arriving.arrivedBytes(),
                        arriving.answerBytes(),
                        lastAnswerNanos,
                        roundTripNanos,
                        readySinceNanos));
    }
}

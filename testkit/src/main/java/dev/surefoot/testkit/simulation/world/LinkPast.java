package dev.surefoot.testkit.simulation.world;

import dev.surefoot.core.exchange.LinkCondition;
import dev.surefoot.core.exchange.RequestFailure;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/** What has happened on one connection, for the client to ask why nothing comes. */
final class LinkPast {
    static final RequestFailure LOST =
            new RequestFailure(RequestFailure.Reason.LOST, new DisconnectException("simulated"));
    static final RequestFailure REFUSED =
            new RequestFailure(RequestFailure.Reason.CONNECT_REFUSED, new DisconnectException("simulated"));
    static final RequestFailure TIMED_OUT =
            new RequestFailure(RequestFailure.Reason.NO_ANSWER, new TimeoutException("simulated"));
    static final RequestFailure MALFORMED =
            new RequestFailure(RequestFailure.Reason.MALFORMED, new KafkaException("simulated"));

    /** Each answer counts as one part in this many of the average round trip. */
    private static final int ROUND_TRIP_PART = 8;

    private long sinceNanos;
    private @Nullable RequestFailure lastFailure;
    private int failuresInARow;
    private long lastAnswerNanos = Long.MIN_VALUE;
    private long roundTripNanos;

    void entered(Connection.State state, long nowNanos) {
        sinceNanos = nowNanos;
        if (state == Connection.State.IDLE) {
            // The broker's address has become unknown: a later connection is another one.
            lastFailure = null;
            failuresInARow = 0;
        }
    }

    void failed(RequestFailure why) {
        lastFailure = why;
        failuresInARow++;
    }

    void answered(long sentNanos, long nowNanos) {
        lastFailure = null;
        failuresInARow = 0;
        long tookNanos = nowNanos - sentNanos;
        roundTripNanos = lastAnswerNanos == Long.MIN_VALUE
                ? tookNanos
                : roundTripNanos + (tookNanos - roundTripNanos) / ROUND_TRIP_PART;
        lastAnswerNanos = nowNanos;
    }

    LinkCondition condition(Connection.State state, long quietUntilNanos, List<Connection.Sent> inFlight) {
        return new LinkCondition(
                shown(state),
                sinceNanos,
                null,
                lastFailure,
                failuresInARow,
                quietUntilNanos == 0 ? Long.MAX_VALUE : quietUntilNanos,
                new LinkCondition.Traffic(
                        inFlight.size(),
                        inFlight.isEmpty() ? Long.MAX_VALUE : inFlight.get(0).atNanos,
                        0,
                        0,
                        lastAnswerNanos,
                        roundTripNanos,
                        state == Connection.State.READY ? sinceNanos : Long.MAX_VALUE));
    }

    private static LinkCondition.State shown(Connection.State state) {
        return switch (state) {
            case IDLE -> LinkCondition.State.IDLE;
            case CONNECTING -> LinkCondition.State.CONNECTING;
            case READY -> LinkCondition.State.READY;
            case FAILED -> LinkCondition.State.BACKING_OFF;
        };
    }
}

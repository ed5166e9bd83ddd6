package dev.surefoot.core.position;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.error.BrokerQuestion;
import dev.surefoot.core.error.ErrorMeaning;
import org.jspecify.annotations.Nullable;

/**
 * The errors in a row that brokers have answered for one partition, to one kind of request and with one code. Times are
 * nanoseconds of the loop's clock. Immutable.
 *
 * @param nodeId the broker that gave the last one
 * @param errorCode the code as the broker sent it; {@link BrokerError} may have no constant for it
 * @param inARow how many there were, the last one included
 * @param firstNanos when the first one came
 * @param lastNanos when the last one came
 */
public record PartitionFault(
        Api api, int nodeId, BrokerError error, short errorCode, int inARow, long firstNanos, long lastNanos) {
    /** The kinds of requests that a partition may be answered in. */
    public enum Api {
        FETCH(BrokerQuestion.RECORDS),
        LIST_OFFSETS(BrokerQuestion.POSITION),
        OFFSET_FOR_LEADER_EPOCH(BrokerQuestion.POSITION);

        private final BrokerQuestion question;

        Api(BrokerQuestion question) {
            this.question = question;
        }

        /** What is asked with such a request. */
        public BrokerQuestion question() {
            return question;
        }
    }

    /** A broker that is restarting or overloaded gives errors for a while; from this many on, they may not pass. */
    private static final int LASTING_MIN = 5;

    /** A crashed broker is fenced after 9 s by default; errors of outdated metadata are usual until then. */
    private static final long STALE_PATIENCE_NANOS = 10_000_000_000L;

    /** The row after one more error: a longer one if api and code are those of {@code before}, else a new one. */
    static PartitionFault next(
            @Nullable PartitionFault before, Api api, int nodeId, BrokerError error, short errorCode, long nowNanos) {
        return before != null && before.api == api && before.errorCode == errorCode
                ? new PartitionFault(api, nodeId, error, errorCode, before.inARow + 1, before.firstNanos, nowNanos)
                : new PartitionFault(api, nodeId, error, errorCode, 1, nowNanos, nowNanos);
    }

    /** What the error means for the request. */
    public ErrorMeaning meaning() {
        return api.question().meaningOf(error);
    }

    /** Whether the row is so long that a person should look at the broker. */
    public boolean lasts() {
        long patienceNanos = meaning() == ErrorMeaning.STALE ? STALE_PATIENCE_NANOS : 0;
        return inARow >= LASTING_MIN && lastNanos - firstNanos >= patienceNanos;
    }
}

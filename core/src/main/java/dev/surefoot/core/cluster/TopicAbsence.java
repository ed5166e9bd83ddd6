package dev.surefoot.core.cluster;

import dev.surefoot.core.error.BrokerError;
import org.apache.kafka.common.Uuid;

/**
 * A topic that brokers have answered with an error instead of describing it. Times are nanoseconds of the loop's clock.
 * Immutable.
 *
 * @param error what the last answer said
 * @param errorCode the code as the broker sent it; {@link BrokerError} may have no constant for it
 * @param firstNanos when the first answer with this error came
 * @param lastNanos when the last one came
 * @param answers how many answers in a row have said so
 * @param idBefore the id of the topic that had the name before, or {@link Uuid#ZERO_UUID} if none was ever described or
 *     brokers have no ids
 * @param describedBefore whether a topic of that name was described before
 */
public record TopicAbsence(
        BrokerError error,
        short errorCode,
        long firstNanos,
        long lastNanos,
        int answers,
        Uuid idBefore,
        boolean describedBefore) {

    /** How long brokers have said so, in nanoseconds. */
    public long lastedNanos() {
        return lastNanos - firstNanos;
    }

    /** Whether the topic does not exist, as far as the broker knows; otherwise it could not be described. */
    public boolean isMissing() {
        return error == BrokerError.UNKNOWN_TOPIC_OR_PARTITION;
    }

    /** This absence after one more answer. Another error begins a new row. */
    TopicAbsence answeredAgain(BrokerError said, short code, long nowNanos) {
        boolean same = code == errorCode;
        return new TopicAbsence(
                said, code, same ? firstNanos : nowNanos, nowNanos, same ? answers + 1 : 1, idBefore, describedBefore);
    }
}

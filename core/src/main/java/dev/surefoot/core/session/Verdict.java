package dev.surefoot.core.session;

import dev.surefoot.core.error.BrokerError;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The result of checking an answer. Only an {@link Accepted} answer has data to use, and changes the told partitions
 * and the epoch. Immutable.
 */
public sealed interface Verdict {
    /** The verdicts, for exhaustive dispatch. */
    enum Kind {
        ACCEPTED,
        REFUSED,
        SESSION_MISMATCH,
        IGNORED
    }

    /** Handles a verdict of each kind. */
    interface Visitor {
        void accepted(Accepted accepted);

        void refused(Refused refused);

        void mismatched(SessionMismatch mismatch);

        void ignored(Ignored ignored);
    }

    /** The kind, for exhaustive dispatch. */
    Kind kind();

    /** Calls the method of {@code visitor} for this kind. */
    void accept(Visitor visitor);

    /** The partitions that may be used; empty unless {@link Kind#ACCEPTED}. */
    default List<PartitionReport> reports() {
        return List.of();
    }

    /** The partitions whose data is doubted; empty unless {@link Kind#ACCEPTED}. */
    default List<Doubt> doubts() {
        return List.of();
    }

    /** The effect on the session; null unless {@link Kind#ACCEPTED}. */
    default @Nullable Outcome outcome() {
        return null;
    }

    /** The broker's error; null unless {@link Kind#REFUSED}. */
    default @Nullable BrokerError error() {
        return null;
    }

    /** Whether the answer was accepted without a doubt. */
    default boolean isOrderly() {
        return kind() == Kind.ACCEPTED && doubts().isEmpty();
    }

    /**
     * The answer is in order.
     *
     * @param outcome the effect on the session
     * @param reports the partitions that may be used, each once, in the broker's order
     * @param doubts the partitions whose data cannot be right, and is left out; if there are any, the next request
     *     replaces the session
     */
    record Accepted(Outcome outcome, List<PartitionReport> reports, List<Doubt> doubts) implements Verdict {
        @Override
        public Kind kind() {
            return Kind.ACCEPTED;
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.accepted(this);
        }
    }

    /**
     * The broker refused the request as a whole; the session is opened anew.
     *
     * @param errorCode the error code as the broker sent it; {@link BrokerError} may have no constant for it
     */
    record Refused(BrokerError error, short errorCode) implements Verdict {
        public Refused(BrokerError error) {
            this(error, error.code());
        }

        @Override
        public Kind kind() {
            return Kind.REFUSED;
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.refused(this);
        }
    }

    /**
     * The answer contradicts the session that the client has told the broker. Nothing of it is used, and the session is
     * opened anew.
     *
     * @param detail the contradiction in words, for the log
     */
    record SessionMismatch(Mismatch mismatch, String detail) implements Verdict {
        @Override
        public Kind kind() {
            return Kind.SESSION_MISMATCH;
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.mismatched(this);
        }
    }

    /** The answer arrived after the session was closed, and is ignored. */
    record Ignored() implements Verdict {
        @Override
        public Kind kind() {
            return Kind.IGNORED;
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.ignored(this);
        }
    }

    /** What an accepted answer does to the session. */
    enum Outcome {
        /** A full request opened a session. */
        OPENED,
        /** An incremental request continued its session. */
        CONTINUED,
        /** A full request was served without a session: the broker has no slot, or sessions are off. */
        NOT_GRANTED,
        /** The broker served an incremental request and ended the session. */
        ENDED,
        /** A full request was throttled: nothing was served and no session opened (KIP-219). */
        THROTTLED
    }

    /** How an answer can contradict what the broker was told. */
    enum Mismatch {
        /** A partition that is not in the session. */
        UNREQUESTED_PARTITION,
        /** A topic id that is not in the session. */
        UNREQUESTED_TOPIC_ID,
        /** A full answer without a partition that was asked for. */
        MISSING_PARTITION,
        /** Another session's id. */
        WRONG_SESSION_ID
    }

    /** Why a partition's data is doubted. */
    enum DoubtReason {
        /**
         * Bytes, but no whole batch that ends at or after the fetch offset. The broker serves an older fetch offset, or
         * cut the first batch.
         */
        NO_PROGRESS,
        /**
         * No mention of a partition that the request has added. A broker reports an added partition in the same answer.
         */
        ADDITION_NOT_REPORTED,
        /** No error and no high watermark. A broker that can read a log has its high watermark. */
        NO_HIGH_WATERMARK
    }

    /**
     * A partition whose data is doubted.
     *
     * @param target the target by which the broker served the partition
     * @param repeats how often in a row this partition was doubted, 1 for the first time
     */
    record Doubt(TopicPartition partition, FetchTarget target, DoubtReason reason, int repeats) {}
}

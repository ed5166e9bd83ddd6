package dev.surefoot.core.session;

import dev.surefoot.core.error.BrokerError;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The result of checking an answer. Only an {@link Accepted} one has data to use and moves told-state and epoch. */
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

    Kind kind();

    /** Calls the one method of {@code visitor} that is for this kind. */
    void accept(Visitor visitor);

    /** The partitions that may be used; none unless {@link Kind#ACCEPTED}. */
    default List<PartitionReport> reports() {
        return List.of();
    }

    /** The partitions that are not believed; none unless {@link Kind#ACCEPTED}. */
    default List<Doubt> doubts() {
        return List.of();
    }

    /** What became of the session; null unless {@link Kind#ACCEPTED}. */
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
     * @param outcome what became of the session
     * @param reports the partitions that may be used, each once, in the broker's order
     * @param doubts partitions whose data shows that the broker reads from somewhere else than it was told; their data
     *     is left out, and if there are any the session is replaced by the next request
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
     * @param errorCode the error as the broker gave it, which may be one that {@link BrokerError} does not know
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
     * The answer shows that broker and client disagree about the session; nothing of it is used, and
     * the session is opened anew.
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

    /** The answer came after the session was closed and is ignored. */
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

    /** Why a partition's data is not believed. */
    enum DoubtReason {
        /**
         * Bytes, but none that lead past the fetch offset: the broker serves an offset that it was told to
         * leave, or cut the first batch.
         */
        NO_PROGRESS,
        /**
         * No mention of a partition that the request has just added. A broker reports an added
         * partition in the same answer.
         */
        ADDITION_NOT_REPORTED,
        /** No error and no high watermark. A broker that reads a log knows its high watermark. */
        NO_HIGH_WATERMARK
    }

    /**
     * @param repeats how often in a row this partition was doubted, 1 for the first time
     */
    record Doubt(TopicPartition partition, FetchTarget target, DoubtReason reason, int repeats) {}
}

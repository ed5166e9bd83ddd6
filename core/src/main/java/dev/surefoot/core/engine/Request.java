package dev.surefoot.core.engine;

import dev.surefoot.core.cluster.MetadataQuery;
import dev.surefoot.core.position.ListOffsetsQuery;
import dev.surefoot.core.position.OffsetForLeaderEpochQuery;
import dev.surefoot.core.session.FetchPlan;

/**
 * A request for one broker, as the engine wants it sent. Each one ends in exactly one of: an answer, a failure, not
 * sent. Two requests that say the same are still two: they are told apart by identity.
 *
 * @param <A> what answers it
 */
public sealed interface Request<A extends Answer> {

    /** Decides between the kinds of request; a method for each API of the protocol. */
    interface Visitor<T> {
        T fetch(Fetch request);

        T metadata(Metadata request);

        T listOffsets(ListOffsets request);

        T offsetForLeaderEpoch(OffsetForLeaderEpoch request);
    }

    <T> T accept(Visitor<T> visitor);

    /** The broker it is for. Bootstrap brokers, whose ids are not known yet, have ids below zero. */
    int nodeId();

    /** Which connection it goes over. */
    default Purpose purpose() {
        return Purpose.CONTROL;
    }

    /** How long its answer may take from the moment at which the wire took it, in nanoseconds. */
    long timeoutNanos();

    /** The kind of its answer. */
    Class<A> answerType();

    /** The most bytes of records that its answer may hold, for which memory is reserved; 0 if the answer has none. */
    default int recordBytesMax() {
        return 0;
    }

    /**
     * A fetch within a session.
     *
     * @param maxBytes most bytes the whole answer may hold; reserved in the byte budget before the request leaves
     */
    record Fetch(int nodeId, FetchPlan plan, int maxBytes, long timeoutNanos) implements Request<Answer.Fetch> {
        /**
         * What closes a session is not a fetch that waits for data, nor must it wait behind one; a session is not bound
         * to a connection (KIP-227).
         */
        @Override
        public Purpose purpose() {
            return plan.kind() == FetchPlan.Kind.CLOSE ? Purpose.CONTROL : Purpose.FETCH;
        }

        @Override
        public Class<Answer.Fetch> answerType() {
            return Answer.Fetch.class;
        }

        @Override
        public int recordBytesMax() {
            return maxBytes;
        }

        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.fetch(this);
        }
    }

    /** What brokers, topics and leaders there are. */
    record Metadata(int nodeId, MetadataQuery query, long timeoutNanos) implements Request<Answer.Metadata> {
        @Override
        public Class<Answer.Metadata> answerType() {
            return Answer.Metadata.class;
        }

        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.metadata(this);
        }
    }

    /** Offsets by timestamp. */
    record ListOffsets(int nodeId, ListOffsetsQuery query, long timeoutNanos) implements Request<Answer.ListOffsets> {
        @Override
        public Class<Answer.ListOffsets> answerType() {
            return Answer.ListOffsets.class;
        }

        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.listOffsets(this);
        }
    }

    /** End offsets of leader epochs. */
    record OffsetForLeaderEpoch(int nodeId, OffsetForLeaderEpochQuery query, long timeoutNanos)
            implements Request<Answer.OffsetForLeaderEpoch> {
        @Override
        public Class<Answer.OffsetForLeaderEpoch> answerType() {
            return Answer.OffsetForLeaderEpoch.class;
        }

        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.offsetForLeaderEpoch(this);
        }
    }
}

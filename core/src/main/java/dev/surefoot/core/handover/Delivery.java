package dev.surefoot.core.handover;

import dev.surefoot.core.records.AbortedTransaction;
import dev.surefoot.core.records.Lease;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * A value that the loop hands to the application's thread for one partition. The deliveries of a partition take effect
 * in order, each when the application has read those before it. A delivery of an older generation is dropped.
 * Immutable.
 */
public sealed interface Delivery {
    /** The deliveries, for exhaustive dispatch. */
    enum Kind {
        RECORDS,
        MARKS,
        POSITIONED,
        FAILURE
    }

    /** Handles a delivery of each kind. */
    interface Visitor {
        void records(Records records);

        void marks(Marks marks);

        void positioned(Positioned positioned);

        void failure(Failure failure);
    }

    /** The kind, for exhaustive dispatch. */
    Kind kind();

    /** Calls the method of {@code visitor} for this kind. */
    void accept(Visitor visitor);

    /** The partition that it is for. */
    TopicPartition partition();

    /** The application's generation of the partition for which this was made. */
    long generation();

    /**
     * Verified batches that start at the consumed position.
     *
     * @param answer the fetch answer that brought them; it may have brought further deliveries
     */
    record Records(
            TopicPartition partition,
            long generation,
            FetchedBatches batches,
            Watermarks watermarks,
            FetchedAnswer answer)
            implements Delivery {

        @Override
        public Kind kind() {
            return Kind.RECORDS;
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.records(this);
        }

        /** The fetch offset; records before it are not for the application. */
        public long fetchOffset() {
            return batches.fetchOffset();
        }

        /** The offset after the last batch, above {@link #fetchOffset}. */
        public long nextOffset() {
            return batches.nextOffset();
        }

        /** Whole batches, in a slice of the buffer that {@link #lease} holds. */
        public ByteBuffer records() {
            return batches.records();
        }

        public List<AbortedTransaction> abortedTransactions() {
            return batches.abortedTransactions();
        }

        /** One hold, which the receiver releases when it has read the records. */
        public Lease lease() {
            return batches.lease();
        }
    }

    /** New watermarks without records. */
    record Marks(TopicPartition partition, long generation, Watermarks watermarks) implements Delivery {
        @Override
        public Kind kind() {
            return Kind.MARKS;
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.marks(this);
        }
    }

    /**
     * A new position, found by a reset or after truncation.
     *
     * @param topicId the id of the topic that the position belongs to, or {@link Uuid#ZERO_UUID} when not known
     */
    record Positioned(TopicPartition partition, long generation, FetchPosition position, Uuid topicId)
            implements Delivery {
        @Override
        public Kind kind() {
            return Kind.POSITIONED;
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.positioned(this);
        }
    }

    /**
     * An error that poll throws when the application has read all deliveries before it.
     *
     * @param lasting whether the partition is halted until the application seeks; otherwise it is fetched again without
     *     that
     */
    record Failure(TopicPartition partition, long generation, KafkaException cause, boolean lasting)
            implements Delivery {
        @Override
        public Kind kind() {
            return Kind.FAILURE;
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.failure(this);
        }
    }
}

package dev.surefoot.core.handover;

import dev.surefoot.core.records.AbortedTransaction;
import dev.surefoot.core.records.Lease;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * What the loop hands to the application's side for one partition. Deliveries of a partition take effect in their
 * order, each only when the application gets to it; those of an older generation are dropped.
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

    Kind kind();

    /** Calls the one method of {@code visitor} that is for this kind. */
    void accept(Visitor visitor);

    TopicPartition partition();

    /** The application's generation of the partition that this belongs to. */
    long generation();

    /**
     * Verified batches that start at the consumed position.
     *
     * @param answer the fetch answer that they came with, perhaps among others
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

        /** The offset that was asked for; records before it are not for the application. */
        public long fetchOffset() {
            return batches.fetchOffset();
        }

        /** The offset behind the last batch, more than {@link #fetchOffset}. */
        public long nextOffset() {
            return batches.nextOffset();
        }

        /** Whole batches; a slice of the buffer that {@link #lease} keeps. */
        public ByteBuffer records() {
            return batches.records();
        }

        public List<AbortedTransaction> abortedTransactions() {
            return batches.abortedTransactions();
        }

        /** One hold, which the receiver releases when it is done with the records. */
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
     * The position is now this one: found by a reset, or taken back by truncation.
     *
     * @param topicId the topic that it is a position in, or {@link Uuid#ZERO_UUID} when that is not known
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
     * The application's next poll that gets here throws.
     *
     * @param lasting whether the partition stands still until the application seeks; otherwise it goes on by itself
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

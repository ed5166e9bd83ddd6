package dev.surefoot.core.handover;

import dev.surefoot.core.records.AbortedTransaction;
import dev.surefoot.core.records.Lease;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * What the loop hands to the application's side for one partition. Deliveries of a partition take effect in their order, each
 * only when the application gets to it; those of an older generation are dropped.
 */
public sealed interface Delivery {
    TopicPartition partition();

    /** The application's generation of the partition that this belongs to. */
    long generation();

    /**
     * Verified batches that start at the consumed position.
     *
     * @param fetchOffset the offset that was asked for; records before it are not for the application
     * @param nextOffset the offset behind the last batch, more than {@code fetchOffset}
     * @param records whole batches; a slice of the buffer that {@code lease} keeps
     * @param lease one hold, which the receiver releases when it is done with the records or drops them
     * @param answer the fetch answer that they came with, perhaps among others
     */
    record Records(
            TopicPartition partition,
            long generation,
            long fetchOffset,
            long nextOffset,
            ByteBuffer records,
            List<AbortedTransaction> abortedTransactions,
            Watermarks watermarks,
            Lease lease,
            FetchedAnswer answer)
            implements Delivery {

        /** Records that are all that their answer brought. */
        public Records(
                TopicPartition partition,
                long generation,
                long fetchOffset,
                long nextOffset,
                ByteBuffer records,
                List<AbortedTransaction> abortedTransactions,
                Watermarks watermarks,
                Lease lease) {
            this(
                    partition,
                    generation,
                    fetchOffset,
                    nextOffset,
                    records,
                    abortedTransactions,
                    watermarks,
                    lease,
                    new FetchedAnswer().addDelivery());
        }
    }

    /** New watermarks without records. */
    record Marks(TopicPartition partition, long generation, Watermarks watermarks) implements Delivery {}

    /**
     * The position is now this one: found by a reset, or taken back by truncation.
     *
     * @param topicId the topic that it is a position in, or {@link Uuid#ZERO_UUID} when that is not known
     */
    record Positioned(TopicPartition partition, long generation, FetchPosition position, Uuid topicId)
            implements Delivery {}

    /**
     * The application's next poll that gets here throws.
     *
     * @param lasting whether the partition stands still until the application seeks; otherwise it goes on by itself
     */
    record Failure(TopicPartition partition, long generation, KafkaException cause, boolean lasting)
            implements Delivery {}
}

package dev.surefoot.core.guard;

import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/** What can stand still. Immutable. */
sealed interface Subject {
    /** The consumer as a whole, while it has no partitions. */
    Subject CONSUMER = new OfConsumer();

    /** The partition, unless it is the consumer as a whole. */
    Optional<TopicPartition> partition();

    /** An assigned partition. */
    record OfPartition(TopicPartition name) implements Subject {
        @Override
        public Optional<TopicPartition> partition() {
            return Optional.of(name);
        }
    }

    /** See {@link #CONSUMER}. */
    record OfConsumer() implements Subject {
        @Override
        public Optional<TopicPartition> partition() {
            return Optional.empty();
        }
    }
}

package dev.surefoot;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Checks the arguments of public methods. Each check throws an {@link IllegalArgumentException} that says what is
 * wrong, in {@code KafkaConsumer}'s words where it has some. {@code Assignments} and {@code Offsets} check that a
 * partition is assigned. Stateless, safe from any thread.
 */
final class Arguments {
    private Arguments() {}

    static void timeout(@Nullable Duration timeout) {
        require(!given(timeout, "Timeout must not be null").isNegative(), "Timeout must not be negative");
    }

    static void closeTimeout(Duration timeout) {
        require(!timeout.isNegative(), "The timeout cannot be negative.");
    }

    /** @param options of the class that the kafka-clients in use has for them */
    static void closeOptions(@Nullable Object options) {
        given(options, "The options to close with cannot be null");
    }

    static void visitor(@Nullable RecordVisitor visitor) {
        given(visitor, "The visitor to show records to cannot be null");
    }

    static void assignment(@Nullable Collection<TopicPartition> partitions) {
        String missing = "Topic partition collection to assign to cannot be null";
        for (@Nullable TopicPartition partition : given(partitions, missing)) {
            String topic = partition == null ? null : partition.topic();
            require(topic != null && !topic.isBlank(), "Topic partitions to assign to cannot have null or empty topic");
        }
    }

    static void partitions(@Nullable Collection<TopicPartition> partitions) {
        given(partitions, "Partitions collection cannot be null");
    }

    /** Returns the topics to subscribe to, none of them null or blank. */
    static Collection<String> topics(@Nullable Collection<String> topics) {
        Collection<String> given = given(topics, "Topic collection to subscribe to cannot be null");
        for (@Nullable String topic : given) {
            require(
                    topic != null && !topic.isBlank(),
                    "Topic collection to subscribe to cannot contain null or empty topic");
        }
        return given;
    }

    static void pattern(@Nullable String pattern) {
        require(
                !given(pattern, "Topic pattern to subscribe to cannot be null").isEmpty(),
                "Topic pattern to subscribe to cannot be empty");
    }

    static void listener(@Nullable ConsumerRebalanceListener listener) {
        given(listener, "RebalanceListener cannot be null");
    }

    static Map<TopicPartition, OffsetAndMetadata> offsets(@Nullable Map<TopicPartition, OffsetAndMetadata> offsets) {
        Map<TopicPartition, OffsetAndMetadata> given = given(offsets, "The offsets to commit cannot be null");
        given.forEach((partition, offset) -> {
            TopicPartition named = given(partition, "A partition to commit an offset of cannot be null");
            given(named.topic(), "The topic of a partition to commit an offset of cannot be null");
            // Commits may be frequent and large: the message is made for the one that needs it.
            if (offset == null) {
                throw new IllegalArgumentException("The offset to commit of partition " + partition
                        + " is null; leave the partition out, as committed() returns null for one without an offset");
            }
        });
        return given;
    }

    static void seekOffset(long offset) {
        require(offset >= 0, "seek offset must not be a negative number");
    }

    static void seekOffset(@Nullable OffsetAndMetadata offset) {
        seekOffset(given(offset, "The offset to seek to cannot be null").offset());
    }

    static void topic(@Nullable String topic) {
        given(topic, "The topic cannot be null");
    }

    /** Checks partitions whose offsets are looked up. They need not be assigned. */
    static void askedFor(@Nullable Collection<TopicPartition> partitions, @Nullable Duration timeout) {
        given(partitions, "Partitions collection cannot be null").forEach(Arguments::askedFor);
        timeout(timeout);
    }

    /** Checks timestamps, in milliseconds since the epoch, whose offsets are looked up. */
    static void askedFor(@Nullable Map<TopicPartition, Long> timestamps, @Nullable Duration timeout) {
        given(timestamps, "The timestamps to search cannot be null").forEach((partition, timestamp) -> {
            askedFor(partition);
            long time = given(timestamp, "The target time for partition " + partition + " is null.");
            require(
                    time >= 0,
                    "The target time for partition " + partition + " is " + time
                            + ". The target time cannot be negative.");
        });
        timeout(timeout);
    }

    private static void askedFor(@Nullable TopicPartition partition) {
        TopicPartition given = given(partition, "A partition cannot be null");
        given(given.topic(), "The topic of a partition cannot be null");
        require(
                given.partition() >= 0,
                "Partition " + given.partition() + " of topic " + given.topic()
                        + " cannot be: the number must not be negative");
    }

    private static <T> T given(@Nullable T argument, String message) {
        if (argument == null) {
            throw new IllegalArgumentException(message);
        }
        return argument;
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}

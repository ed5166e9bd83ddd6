package dev.surefoot.cli.consume;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The begin and end offsets of the partitions. Each is queried once, so that everything derived from them is consistent
 * while the topic is written to.
 */
final class LogBounds {

    private final Consumer<?, ?> consumer;
    private final List<TopicPartition> partitions;
    private final Duration timeout;
    private @Nullable Map<TopicPartition, Long> begin;
    private @Nullable Map<TopicPartition, Long> end;

    LogBounds(Consumer<?, ?> consumer, Collection<TopicPartition> partitions, Duration timeout) {
        this.consumer = consumer;
        this.partitions = partitions.stream().sorted(TopicOrder.BY_PARTITION).toList();
        this.timeout = timeout;
    }

    /** Returns the partitions, in the order in which messages name them. */
    List<TopicPartition> partitions() {
        return partitions;
    }

    Duration timeout() {
        return timeout;
    }

    /** Returns the first offset of each log. */
    Map<TopicPartition, Long> begin() {
        if (begin == null) {
            begin = consumer.beginningOffsets(partitions, timeout);
        }
        return begin;
    }

    /** Returns the offset behind the last record that may be read, under the consumer's isolation level. */
    Map<TopicPartition, Long> end() {
        if (end == null) {
            end = consumer.endOffsets(partitions, timeout);
        }
        return end;
    }

    /**
     * Returns the offset of the first record of that time (milliseconds since 1970) or later; the end where there is
     * none.
     */
    Map<TopicPartition, Long> at(long timestampMs) {
        Map<TopicPartition, Long> wanted = new HashMap<>();
        partitions.forEach(partition -> wanted.put(partition, timestampMs));
        // The end is queried first: the second query then finds a record that is written between the two.
        Map<TopicPartition, Long> offsets = new TreeMap<>(TopicOrder.BY_PARTITION);
        offsets.putAll(end());
        Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(wanted, timeout);
        found.forEach((partition, first) -> {
            if (first != null) {
                offsets.put(partition, first.offset());
            }
        });
        return offsets;
    }
}

package dev.surefoot.cli.consume;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;

/** Where reading begins, in each partition. */
sealed interface StartPosition {

    /**
     * Looks up the offset to begin with in each partition.
     *
     * @throws IllegalArgumentException if a partition has no such offset
     */
    Map<TopicPartition, Long> resolve(Consumer<?, ?> consumer, Collection<TopicPartition> partitions, Duration timeout);

    /**
     * Reads the value of {@code --from}.
     *
     * @throws IllegalArgumentException if it is none of the forms that {@code --help} lists
     */
    static StartPosition parse(String text) {
        if (text.equals("beginning")) {
            return new Beginning();
        }
        if (text.equals("end")) {
            return new End();
        }
        try {
            if (text.matches("[+]?\\d+")) {
                return new Offset(Long.parseLong(text));
            }
            if (text.matches("-\\d+")) {
                return new BeforeEnd(-Long.parseLong(text));
            }
            if (text.matches("s?@\\d+")) {
                return new Time(Long.parseLong(text.substring(text.indexOf('@') + 1)));
            }
            return new Time(OffsetDateTime.parse(text).toInstant().toEpochMilli());
        } catch (NumberFormatException | DateTimeException | ArithmeticException e) {
            throw new IllegalArgumentException(
                    "'" + text + "' is neither beginning, end, an offset (42), a distance before the end (-42),"
                            + " a time (2026-01-31T10:00:00Z) nor a timestamp in milliseconds (@1769853600000)",
                    e);
        }
    }

    private static Map<TopicPartition, Long> each(
            Collection<TopicPartition> partitions, ToLongFunction<TopicPartition> offset) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        partitions.forEach(partition -> offsets.put(partition, offset.applyAsLong(partition)));
        return offsets;
    }

    /** The first record that the log still holds. */
    record Beginning() implements StartPosition {

        @Override
        public Map<TopicPartition, Long> resolve(
                Consumer<?, ?> consumer, Collection<TopicPartition> partitions, Duration timeout) {
            return consumer.beginningOffsets(partitions, timeout);
        }
    }

    /** The next record that is written. */
    record End() implements StartPosition {

        @Override
        public Map<TopicPartition, Long> resolve(
                Consumer<?, ?> consumer, Collection<TopicPartition> partitions, Duration timeout) {
            return consumer.endOffsets(partitions, timeout);
        }
    }

    /** One and the same offset in every partition. */
    record Offset(long value) implements StartPosition {

        @Override
        public Map<TopicPartition, Long> resolve(
                Consumer<?, ?> consumer, Collection<TopicPartition> partitions, Duration timeout) {
            Map<TopicPartition, Long> first = new TreeMap<>(TopicOrder.BY_PARTITION);
            first.putAll(consumer.beginningOffsets(partitions, timeout));
            Map<TopicPartition, Long> end = consumer.endOffsets(partitions, timeout);
            first.forEach((partition, start) -> {
                if (value < start || value > end.getOrDefault(partition, start)) {
                    throw new IllegalArgumentException("offset " + value + " is outside " + partition
                            + ", which holds offsets from " + start + " up to "
                            + end.getOrDefault(partition, start) + " (exclusive)");
                }
            });
            return each(partitions, partition -> value);
        }
    }

    /** So many offsets before the end, or the beginning if the log is shorter. */
    record BeforeEnd(long distance) implements StartPosition {

        @Override
        public Map<TopicPartition, Long> resolve(
                Consumer<?, ?> consumer, Collection<TopicPartition> partitions, Duration timeout) {
            Map<TopicPartition, Long> first = consumer.beginningOffsets(partitions, timeout);
            Map<TopicPartition, Long> end = consumer.endOffsets(partitions, timeout);
            return each(
                    partitions,
                    partition ->
                            Math.max(first.getOrDefault(partition, 0L), end.getOrDefault(partition, 0L) - distance));
        }
    }

    /** The first record of that time (milliseconds since 1970) or later; the end if there is none. */
    record Time(long timestampMs) implements StartPosition {

        @Override
        public Map<TopicPartition, Long> resolve(
                Consumer<?, ?> consumer, Collection<TopicPartition> partitions, Duration timeout) {
            Map<TopicPartition, Long> wanted = new HashMap<>();
            partitions.forEach(partition -> wanted.put(partition, timestampMs));
            Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(wanted, timeout);
            Map<TopicPartition, Long> end = consumer.endOffsets(partitions, timeout);
            return each(partitions, partition -> {
                OffsetAndTimestamp at = found.get(partition);
                return at == null ? end.getOrDefault(partition, 0L) : at.offset();
            });
        }
    }
}

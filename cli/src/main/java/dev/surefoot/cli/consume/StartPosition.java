package dev.surefoot.cli.consume;

import dev.surefoot.cli.console.Notices;
import java.time.DateTimeException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/** The offset at which reading begins in each partition. */
sealed interface StartPosition {

    /**
     * Looks up the offset to begin with in each partition. A partition that is missing in the result is not read; a
     * notice says why. The partitions must be assigned, and their positions may move.
     *
     * @throws IllegalArgumentException if no partition has such an offset
     */
    Map<TopicPartition, Long> resolve(Consumer<?, ?> consumer, LogBounds bounds, Notices notices);

    /**
     * Reads the value of {@code --from}.
     *
     * @throws IllegalArgumentException if it is none of the forms that {@code --help} lists
     */
    static StartPosition parse(String text, TimeText times) {
        try {
            Optional<Long> timestampMs = times.parse(text);
            if (timestampMs.isPresent()) {
                return new Time(timestampMs.get());
            }
            if (text.matches("beginning|earliest")) {
                return new Beginning();
            }
            if (text.matches("end|latest")) {
                return new End();
            }
            if (text.matches("[+]?\\d+")) {
                return new Offset(Long.parseLong(text));
            }
            if (text.matches("-\\d+")) {
                return new BeforeEnd(Math.negateExact(Long.parseLong(text)));
            }
        } catch (NumberFormatException | DateTimeException | ArithmeticException e) {
            throw new IllegalArgumentException(complaint(text), e);
        }
        throw new IllegalArgumentException(complaint(text));
    }

    private static String complaint(String text) {
        return "'" + text + "' is neither beginning, end, an offset (42), a number of records before the end (-42), "
                + TimeText.FORMS;
    }

    /** The first record that the log still contains. */
    record Beginning() implements StartPosition {

        @Override
        public Map<TopicPartition, Long> resolve(Consumer<?, ?> consumer, LogBounds bounds, Notices notices) {
            return bounds.begin();
        }
    }

    /** The next record that is written. */
    record End() implements StartPosition {

        @Override
        public Map<TopicPartition, Long> resolve(Consumer<?, ?> consumer, LogBounds bounds, Notices notices) {
            return bounds.end();
        }
    }

    /** The same offset in every partition that has it. */
    record Offset(long value) implements StartPosition {

        @Override
        public Map<TopicPartition, Long> resolve(Consumer<?, ?> consumer, LogBounds bounds, Notices notices) {
            Map<TopicPartition, Long> offsets = new TreeMap<>(TopicOrder.BY_PARTITION);
            Map<TopicPartition, String> outside = new TreeMap<>(TopicOrder.BY_PARTITION);
            for (TopicPartition partition : bounds.partitions()) {
                long begin = bounds.begin().getOrDefault(partition, 0L);
                long end = bounds.end().getOrDefault(partition, begin);
                if (value >= begin && value <= end) {
                    offsets.put(partition, value);
                } else {
                    outside.put(
                            partition,
                            partition + ", which holds offsets from " + begin + " up to " + end + " (exclusive)");
                }
            }
            if (offsets.isEmpty()) {
                throw new IllegalArgumentException("offset " + value + " is outside "
                        + outside.values().stream().collect(Collectors.joining(", and outside ")));
            }
            outside.values().forEach(each -> notices.print("offset " + value + " is outside " + each + "; not read"));
            return offsets;
        }
    }

    /** This number of records before the end, or the beginning if there are fewer. */
    record BeforeEnd(long records) implements StartPosition {

        @Override
        public Map<TopicPartition, Long> resolve(Consumer<?, ?> consumer, LogBounds bounds, Notices notices) {
            return new TailSearch(consumer, records).find(bounds);
        }
    }

    /** The first record of that time (milliseconds since 1970) or later; the end if there is none. */
    record Time(long timestampMs) implements StartPosition {

        @Override
        public Map<TopicPartition, Long> resolve(Consumer<?, ?> consumer, LogBounds bounds, Notices notices) {
            return bounds.at(timestampMs);
        }
    }
}

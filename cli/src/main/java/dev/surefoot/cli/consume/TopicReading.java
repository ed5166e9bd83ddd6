package dev.surefoot.cli.consume;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/** Reads partitions from where it is told and writes their records out, until it has enough or is woken up. */
final class TopicReading {

    /** Also how long a record may wait in the output buffer. */
    private static final Duration POLL = Duration.ofMillis(100);

    private final Consumer<byte[], byte[]> consumer;
    private final ReadingOptions options;
    private final RecordFormat format;
    private final OutputStream out;

    private final Map<TopicPartition, Long> next = new TreeMap<>(TopicOrder.BY_PARTITION);
    private Map<TopicPartition, Long> ends = Map.of();
    private long records;

    TopicReading(Consumer<byte[], byte[]> consumer, ReadingOptions options, RecordFormat format, OutputStream out) {
        this.consumer = consumer;
        this.options = options;
        this.format = format;
        this.out = out;
    }

    /**
     * Reads until the reading options are met.
     *
     * @throws org.apache.kafka.common.errors.WakeupException if the consumer is woken up; {@link #report()} then tells
     *     how far it got
     */
    void run(List<TopicPartition> partitions) throws IOException {
        consumer.assign(partitions);
        next.putAll(options.from().resolve(consumer, partitions, options.timeout()));
        next.forEach(consumer::seek);
        if (options.untilEnd()) {
            ends = consumer.endOffsets(partitions, options.timeout());
            pauseEnded();
        }
        while (!isDone()) {
            ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
            write(polled);
            if (polled.isEmpty()) {
                out.flush();
            }
            if (options.untilEnd()) {
                advance();
                pauseEnded();
            }
        }
    }

    /** How far the reading got, in one line. */
    String report() {
        String offsets = next.entrySet().stream()
                .map(each -> each.getKey() + " " + each.getValue())
                .collect(Collectors.joining(", "));
        return "%d record%s printed%s"
                .formatted(records, records == 1 ? "" : "s", offsets.isEmpty() ? "" : "; next offsets: " + offsets);
    }

    private boolean isDone() {
        return records >= options.max()
                || (options.untilEnd() && next.keySet().stream().allMatch(this::isAtEnd));
    }

    private boolean isAtEnd(TopicPartition partition) {
        return next.getOrDefault(partition, 0L) >= ends.getOrDefault(partition, 0L);
    }

    private void write(ConsumerRecords<byte[], byte[]> polled) throws IOException {
        for (ConsumerRecord<byte[], byte[]> each : polled) {
            if (records >= options.max()) {
                return;
            }
            format.write(each, out);
            records++;
            next.put(new TopicPartition(each.topic(), each.partition()), each.offset() + 1);
        }
    }

    /** The consumer's positions also pass what is never delivered: transaction markers, compacted offsets. */
    private void advance() {
        if (records < options.max()) {
            next.replaceAll((partition, offset) -> consumer.position(partition, options.timeout()));
        }
    }

    /** A partition that is done no longer takes bandwidth from the others, nor goes on for ever if it is written to. */
    private void pauseEnded() {
        consumer.pause(next.keySet().stream()
                .filter(partition -> !consumer.paused().contains(partition) && isAtEnd(partition))
                .toList());
    }
}

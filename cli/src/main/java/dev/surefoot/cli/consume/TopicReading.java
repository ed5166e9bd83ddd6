package dev.surefoot.cli.consume;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads partitions from their start positions and writes their records, until the options are met or it is woken up.
 */
final class TopicReading {

    /** The length of a poll, and so the longest delay after the time at which reading ends. */
    private static final Duration POLL = Duration.ofMillis(100);

    private final Consumer<byte[], byte[]> consumer;
    private final ReadingOptions options;
    private final RecordFormat format;
    private final PromptOutput out;
    private final ReadingEnds ends;
    private final Notices notices;

    private final Map<TopicPartition, Long> next = new TreeMap<>(TopicOrder.BY_PARTITION);
    private final Set<TopicPartition> open = new HashSet<>();
    private long records;

    TopicReading(
            Consumer<byte[], byte[]> consumer,
            ReadingOptions options,
            RecordFormat format,
            PromptOutput out,
            Clock clock,
            Notices notices) {
        this.consumer = consumer;
        this.options = options;
        this.format = format;
        this.out = out;
        this.ends = new ReadingEnds(options.untilMs(), clock);
        this.notices = notices;
    }

    /**
     * Reads until the reading options are met.
     *
     * @throws org.apache.kafka.common.errors.WakeupException if the consumer is woken up; {@link #report()} then says
     *     how far it got
     */
    void run(List<TopicPartition> partitions) throws IOException {
        begin(partitions);
        while (!isDone()) {
            // Records in the buffer must not wait for others that may never come.
            ConsumerRecords<byte[], byte[]> polled = consumer.poll(out.holdsRecords() ? Duration.ZERO : POLL);
            write(polled);
            if (polled.isEmpty()) {
                out.flush();
            } else {
                out.flushIfDue();
            }
            if (ends.areSought()) {
                ends.lookUpIfPassed(consumer, open, options);
                advance();
                pauseEnded();
            }
        }
    }

    /** Returns one line about the offsets that were read. */
    String report() {
        String offsets = next.entrySet().stream()
                .map(each -> each.getKey() + " " + each.getValue())
                .collect(Collectors.joining(", "));
        return "%d record%s printed%s"
                .formatted(records, records == 1 ? "" : "s", offsets.isEmpty() ? "" : "; next offsets: " + offsets);
    }

    private void begin(List<TopicPartition> partitions) {
        consumer.assign(partitions);
        LogBounds bounds = new LogBounds(consumer, partitions, options.timeout());
        next.putAll(options.from().resolve(consumer, bounds, notices));
        open.addAll(next.keySet());
        consumer.assign(open);
        next.forEach(consumer::seek);
        if (options.untilEnd()) {
            ends.atMost(bounds.end());
        }
        ends.lookUpIfPassed(consumer, open, options);
        pauseEnded();
    }

    private boolean isDone() {
        return records >= options.max() || open.isEmpty();
    }

    private void write(ConsumerRecords<byte[], byte[]> polled) throws IOException {
        for (TopicPartition partition : polled.partitions()) {
            List<ConsumerRecord<byte[], byte[]>> theirs = polled.records(partition);
            int printed = write(partition, theirs);
            if (printed > 0) {
                next.put(partition, theirs.get(printed - 1).offset() + 1);
            }
        }
    }

    /** Returns how many of one partition's records were written. */
    private int write(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> theirs) throws IOException {
        int printed = 0;
        long end = ends.of(partition);
        for (ConsumerRecord<byte[], byte[]> each : theirs) {
            if (records >= options.max() || each.offset() >= end || ends.reachedBy(partition, each)) {
                break;
            }
            out.write(format, each);
            records++;
            printed++;
        }
        return printed;
    }

    /** Moves to the consumer's positions, which also pass transaction markers and compacted offsets. */
    private void advance() {
        if (records < options.max()) {
            for (TopicPartition each : open) {
                next.put(each, Math.min(consumer.position(each, options.timeout()), ends.of(each)));
            }
        }
    }

    /**
     * Pauses the partitions that have reached their end, so that they take no bandwidth and end
     * although they are written to.
     */
    private void pauseEnded() {
        List<TopicPartition> ended = new ArrayList<>();
        for (TopicPartition each : open) {
            if (next.getOrDefault(each, 0L) >= ends.of(each)) {
                ended.add(each);
            }
        }
        open.removeAll(ended);
        consumer.pause(ended);
    }
}

package dev.surefoot.cli.consume;

import dev.surefoot.cli.console.Notices;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Reads partitions from their start positions, without a group, until the options are met or it is woken up. */
final class TopicReading implements Reading {

    /** The length of a poll, and so the longest delay after the time at which reading ends. */
    static final Duration POLL = Duration.ofMillis(100);

    private final Consumer<byte[], byte[]> consumer;
    private final List<TopicPartition> partitions;
    private final ReadingOptions options;
    private final Printout printout;
    private final OpenPartitions open;
    private final Notices notices;

    TopicReading(
            Consumer<byte[], byte[]> consumer,
            List<TopicPartition> partitions,
            ReadingOptions options,
            Printout printout,
            OpenPartitions open,
            Notices notices) {
        this.consumer = consumer;
        this.partitions = partitions;
        this.options = options;
        this.printout = printout;
        this.open = open;
        this.notices = notices;
    }

    @Override
    public void run() throws IOException {
        begin();
        while (!printout.isFull() && !open.isEmpty()) {
            // Records in the buffer must not wait for others that may never come.
            ConsumerRecords<byte[], byte[]> polled = consumer.poll(printout.holdsRecords() ? Duration.ZERO : POLL);
            printout.print(polled);
            open.removeEnded();
        }
    }

    @Override
    public void close() throws IOException {
        printout.flush();
    }

    @Override
    public String report() {
        return printout.report();
    }

    private void begin() {
        consumer.assign(partitions);
        LogBounds bounds = new LogBounds(consumer, partitions, options.timeout());
        Map<TopicPartition, Long> starts = options.from().resolve(consumer, bounds, notices);
        consumer.assign(starts.keySet());
        starts.forEach(consumer::seek);
        starts.forEach((partition, start) -> printout.moveTo(partition, new OffsetAndMetadata(start)));
        open.add(starts.keySet(), bounds);
    }
}

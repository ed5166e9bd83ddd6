package dev.surefoot.cli.consume;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Prints records until the most that are wanted, and up to the end of each partition. Knows for each partition the
 * offset behind what was printed, and behind what the output has taken: a line in its buffer may still be lost.
 */
final class Printout {

    private final RecordFormat format;
    private final PromptOutput out;
    private final ReadingEnds ends;
    private final long max;

    private final Map<TopicPartition, OffsetAndMetadata> printed = new TreeMap<>(TopicOrder.BY_PARTITION);
    private final Map<TopicPartition, OffsetAndMetadata> written = new TreeMap<>(TopicOrder.BY_PARTITION);
    private long records;

    Printout(RecordFormat format, PromptOutput out, ReadingEnds ends, long max) {
        this.format = format;
        this.out = out;
        this.ends = ends;
        this.max = max;
    }

    /** Returns whether the most records that are wanted are printed. */
    boolean isFull() {
        return records >= max;
    }

    /** Returns whether lines wait in the buffer, so that a poll must not. */
    boolean holdsRecords() {
        return out.holdsRecords();
    }

    /** Prints records. Those at the end of their partition and behind it are left out. */
    void print(ConsumerRecords<byte[], byte[]> polled) throws IOException {
        for (TopicPartition partition : polled.partitions()) {
            print(partition, polled.records(partition));
        }
        polled.nextOffsets().forEach((partition, next) -> {
            List<ConsumerRecord<byte[], byte[]>> theirs = polled.records(partition);
            if (theirs.isEmpty() || isPrinted(partition, theirs.get(theirs.size() - 1))) {
                moveTo(partition, next);
            }
        });
        noteWritten();
        if (polled.isEmpty()) {
            flush();
        } else {
            out.flushIfDue();
            noteWritten();
        }
    }

    private void print(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> theirs) throws IOException {
        long end = ends.of(partition);
        int count = 0;
        for (ConsumerRecord<byte[], byte[]> each : theirs) {
            if (isFull() || each.offset() >= end || ends.reachedBy(partition, each)) {
                break;
            }
            out.write(format, each);
            records++;
            count++;
            if (!out.holdsRecords()) {
                printed.put(partition, behind(each));
                noteWritten();
            }
        }
        if (count > 0) {
            printed.put(partition, behind(theirs.get(count - 1)));
        }
    }

    private static OffsetAndMetadata behind(ConsumerRecord<byte[], byte[]> entry) {
        return new OffsetAndMetadata(entry.offset() + 1, entry.leaderEpoch(), "");
    }

    private boolean isPrinted(TopicPartition partition, ConsumerRecord<byte[], byte[]> entry) {
        return nextOffset(partition) == entry.offset() + 1;
    }

    /** Moves on to this offset without printing anything, but not behind the partition's end. */
    void moveTo(TopicPartition partition, OffsetAndMetadata next) {
        long end = ends.of(partition);
        printed.put(partition, next.offset() <= end ? next : new OffsetAndMetadata(end, Optional.empty(), ""));
    }

    /** Returns the offset behind what was printed of the partition; 0 if it is not known. */
    long nextOffset(TopicPartition partition) {
        OffsetAndMetadata next = printed.get(partition);
        return next == null ? 0 : next.offset();
    }

    /** Writes out the lines in the buffer. */
    void flush() throws IOException {
        out.flush();
        noteWritten();
    }

    private void noteWritten() {
        if (!out.holdsRecords()) {
            written.putAll(printed);
        }
    }

    /** Returns, for each of these partitions that was read, the offset behind the lines that the output has taken. */
    Map<TopicPartition, OffsetAndMetadata> written(Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> theirs = new TreeMap<>(TopicOrder.BY_PARTITION);
        for (TopicPartition each : partitions) {
            OffsetAndMetadata next = written.get(each);
            if (next != null) {
                theirs.put(each, next);
            }
        }
        return theirs;
    }

    /** Forgets the offsets of partitions that belong to others from now on. */
    void forget(Collection<TopicPartition> partitions) {
        printed.keySet().removeAll(partitions);
        written.keySet().removeAll(partitions);
    }

    /** Returns one line about the offsets that were read. */
    String report() {
        String offsets = printed.entrySet().stream()
                .map(each -> each.getKey() + " " + each.getValue().offset())
                .collect(Collectors.joining(", "));
        return "%d record%s printed%s"
                .formatted(records, records == 1 ? "" : "s", offsets.isEmpty() ? "" : "; next offsets: " + offsets);
    }
}

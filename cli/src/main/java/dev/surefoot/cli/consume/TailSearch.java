package dev.surefoot.cli.consume;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Finds the offset at which the last {@code records} records of each partition begin.
 *
 * <p>Offsets alone are not enough: transaction markers, aborted records and compacted records have offsets too, and no
 * record is delivered for them. So this reads backwards, window by window, until it has read enough records or is at
 * the beginning of the log. If no offset is without a record, the first window is the answer.
 */
final class TailSearch {

    private static final Duration POLL = Duration.ofMillis(100);

    /** How many times larger a window is than the one before it, so that a long gap takes few steps. */
    private static final int GROWTH = 4;

    /**
     * While more records than this are missing, windows have as many offsets as records are missing, and no offset has
     * to be remembered.
     */
    private static final long REMEMBERED_OFFSETS_MAX = 1 << 16;

    private final Consumer<?, ?> consumer;
    private final long records;
    private final Map<TopicPartition, Window> open = new HashMap<>();

    /**
     * @param consumer must have the partitions assigned; its positions are moved
     * @param records how many records to find in each partition
     */
    TailSearch(Consumer<?, ?> consumer, long records) {
        this.consumer = consumer;
        this.records = records;
    }

    /**
     * Returns the offset from which at most that number of records follow up to the end.
     *
     * @throws TimeoutException if nothing is read for as long as a query may take
     */
    Map<TopicPartition, Long> find(LogBounds bounds) {
        Map<TopicPartition, Long> starts = new HashMap<>();
        for (TopicPartition partition : bounds.partitions()) {
            long begin = bounds.begin().getOrDefault(partition, 0L);
            long end = bounds.end().getOrDefault(partition, begin);
            if (records == 0) {
                starts.put(partition, end);
            } else if (end - begin <= records) {
                starts.put(partition, begin);
            } else {
                open.put(partition, new Window(begin, end, records, records));
            }
        }
        consumer.pause(starts.keySet());
        open.forEach((partition, window) -> consumer.seek(partition, window.start));
        search(starts, bounds.timeout());
        consumer.resume(bounds.partitions());
        return starts;
    }

    private void search(Map<TopicPartition, Long> starts, Duration timeout) {
        long progressNanos = System.nanoTime();
        while (!open.isEmpty()) {
            for (ConsumerRecord<?, ?> each : consumer.poll(POLL)) {
                Window window = open.get(new TopicPartition(each.topic(), each.partition()));
                if (window != null) {
                    window.onRecord(each.offset());
                }
            }
            if (advance(starts, timeout)) {
                progressNanos = System.nanoTime();
            } else if (System.nanoTime() - progressNanos > timeout.toNanos()) {
                throw new TimeoutException("the last records of " + open.keySet() + " could not be read");
            }
        }
    }

    /** Closes windows that have been read to their end; returns whether any position has moved. */
    private boolean advance(Map<TopicPartition, Long> starts, Duration timeout) {
        boolean moved = false;
        for (Map.Entry<TopicPartition, Window> each : Map.copyOf(open).entrySet()) {
            TopicPartition partition = each.getKey();
            Window window = each.getValue();
            long position = consumer.position(partition, timeout);
            moved |= window.onPosition(position);
            if (position < window.end) {
                continue;
            }
            if (window.isAnswer()) {
                starts.put(partition, window.answer());
                open.remove(partition);
                consumer.pause(List.of(partition));
            } else {
                Window before = window.before();
                open.put(partition, before);
                consumer.seek(partition, before.start);
            }
        }
        return moved;
    }

    /** A range of one partition's log, and the records seen in it. */
    private static final class Window {

        private final long begin;
        private final long start;
        private final long end;
        private final long needed;
        private final ArrayDeque<Long> last = new ArrayDeque<>();
        private long seen;
        private long position;

        Window(long begin, long end, long needed, long length) {
            this.begin = begin;
            this.start = Math.max(begin, end - length);
            this.end = end;
            this.needed = needed;
            this.position = start;
        }

        void onRecord(long offset) {
            if (offset < start || offset >= end) {
                return;
            }
            seen++;
            // A window with no more offsets than missing records cannot contain too many records.
            if (end - start > needed) {
                last.add(offset);
                if (last.size() > needed) {
                    last.remove();
                }
            }
        }

        boolean onPosition(long now) {
            boolean moved = now != position;
            position = now;
            return moved;
        }

        boolean isAnswer() {
            return seen >= needed || start <= begin;
        }

        long answer() {
            return seen >= needed && !last.isEmpty() ? last.getFirst() : start;
        }

        Window before() {
            long missing = needed - seen;
            long length = missing > REMEMBERED_OFFSETS_MAX ? missing : Math.max(missing, GROWTH * (end - start));
            return new Window(begin, start, missing, length);
        }
    }
}

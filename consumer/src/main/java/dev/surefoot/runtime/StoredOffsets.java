package dev.surefoot.runtime;

import dev.surefoot.core.time.Deadline;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * What the commits of this consumer have stored since its assignment changed, so that those of the interval need not
 * say it again: an assignment of thousands of idle partitions would otherwise be one large request every few seconds.
 * After an hour all is said again, as a coordinator may let offsets expire that are not committed any more. Owned by
 * the application's thread.
 */
final class StoredOffsets {
    private static final long REPEAT_NANOS = TimeUnit.HOURS.toNanos(1);

    private final Map<TopicPartition, OffsetAndMetadata> stored = new HashMap<>();
    private long repeatAtNanos = Deadline.NEVER;
    private long period;

    /** The number of the present period; it ends when others may store offsets of the partitions. */
    long period() {
        return period;
    }

    /** A commit of these partitions has succeeded; it says nothing if it was made in an earlier period. */
    void succeeded(Map<TopicPartition, OffsetAndMetadata> offsets, long madeInPeriod, long nowNanos) {
        if (madeInPeriod == period) {
            if (stored.isEmpty()) {
                repeatAtNanos = Deadline.after(nowNanos, REPEAT_NANOS);
            }
            stored.putAll(offsets);
        }
    }

    /** What is stored of these partitions is not known: a commit of them is under way, or has failed. */
    void becomeUnknown(Collection<TopicPartition> partitions) {
        partitions.forEach(stored::remove);
    }

    /** The positions that are not known to be stored. */
    Map<TopicPartition, OffsetAndMetadata> unstored(Map<TopicPartition, OffsetAndMetadata> positions) {
        Map<TopicPartition, OffsetAndMetadata> unstored = new HashMap<>(positions);
        unstored.entrySet().removeIf(entry -> entry.getValue().equals(stored.get(entry.getKey())));
        return unstored;
    }

    /** Begins a period if the present one has lasted for an hour. */
    void beginPeriodIfDue(long nowNanos) {
        if (Deadline.passed(repeatAtNanos, nowNanos)) {
            beginPeriod();
        }
    }

    /** Nothing is known to be stored: the assignment changes, or all is to be said again. */
    void beginPeriod() {
        period++;
        stored.clear();
        repeatAtNanos = Deadline.NEVER;
    }
}

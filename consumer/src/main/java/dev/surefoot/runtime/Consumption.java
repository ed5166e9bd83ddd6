package dev.surefoot.runtime;

import dev.surefoot.core.records.RecordCursor;
import java.util.LinkedHashSet;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** How much one poll has taken. */
final class Consumption {
    private final Set<TopicPartition> partitions = new LinkedHashSet<>();
    private @Nullable TopicPartition current;
    private int records;
    private long bytes;

    /** The bytes of key and value of the record that the cursor is at. */
    static int bytesOf(RecordCursor cursor) {
        return Math.max(0, cursor.keySize()) + Math.max(0, cursor.valueSize());
    }

    /** Counts a record that was taken. */
    void add(TopicPartition partition, int recordBytes) {
        if (!partition.equals(current)) {
            current = partition;
            partitions.add(partition);
        }
        records++;
        bytes += recordBytes;
    }

    Set<TopicPartition> partitions() {
        return partitions;
    }

    int records() {
        return records;
    }

    /** Bytes of keys and values. */
    long bytes() {
        return bytes;
    }
}

package dev.surefoot.cli.demo;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Keeps account of the demo's records as they are consumed: each must come once, in order, unharmed.
 *
 * <p>Partition p of n holds the records p, p + n, p + 2n and so on, so offset and place in the sequence are the same.
 */
final class SequenceLedger {

    private final long records;
    private final List<BitSet> seen = new ArrayList<>();
    private final long[] next;

    private long consumed;
    private long distinct;
    private long duplicates;
    private long outOfOrder;
    private long damaged;

    SequenceLedger(long records, int partitions) {
        this.records = records;
        this.next = new long[partitions];
        for (int i = 0; i < partitions; i++) {
            seen.add(new BitSet());
        }
    }

    void enter(ConsumerRecord<byte[], byte[]> entry) {
        consumed++;
        int partition = entry.partition();
        long offset = entry.offset();
        if (offset >= expected(partition) || !SequencedRecord.matches(entry.value(), partition, offset)) {
            damaged++;
            return;
        }
        int place = Math.toIntExact(offset);
        if (seen.get(partition).get(place)) {
            duplicates++;
            return;
        }
        seen.get(partition).set(place);
        distinct++;
        if (offset < next[partition]) {
            outOfOrder++;
        }
        next[partition] = Math.max(next[partition], offset + 1);
    }

    /** How many records the topic holds. */
    long records() {
        return records;
    }

    /** How many records were delivered, whatever they were. */
    long consumed() {
        return consumed;
    }

    long duplicates() {
        return duplicates;
    }

    /** How many records were never delivered. */
    long gaps() {
        return records - distinct;
    }

    /** How many records came after a later one of their partition. */
    long outOfOrder() {
        return outOfOrder;
    }

    /** How many records held other bytes than those written at their offset. */
    long damaged() {
        return damaged;
    }

    boolean isFlawless() {
        return consumed == records && gaps() == 0 && duplicates == 0 && outOfOrder == 0 && damaged == 0;
    }

    /** How many records the partition holds. */
    private long expected(int partition) {
        int partitions = next.length;
        return (records - partition + partitions - 1) / partitions;
    }
}

package dev.surefoot.cli.demo;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Counts the demo's records as they are consumed: each must come once, in order, unchanged.
 *
 * <p>Partition p of n contains the records p, p + n, p + 2n and so on, so offset and place in the sequence are equal.
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

    /** Returns how many records the topic contains. */
    long records() {
        return records;
    }

    /** Returns how many records were delivered, correct or not. */
    long consumed() {
        return consumed;
    }

    long duplicates() {
        return duplicates;
    }

    /** Returns how many records were never delivered. */
    long gaps() {
        return records - distinct;
    }

    /** Returns how many records came after a later one of their partition. */
    long outOfOrder() {
        return outOfOrder;
    }

    /** Returns how many records had other bytes than those written at their offset. */
    long damaged() {
        return damaged;
    }

    boolean isFlawless() {
        return consumed == records && gaps() == 0 && duplicates == 0 && outOfOrder == 0 && damaged == 0;
    }

    /** Returns how many records the partition contains. */
    private long expected(int partition) {
        int partitions = next.length;
        return (records - partition + partitions - 1) / partitions;
    }
}

package dev.surefoot.testkit.check;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Checks that every acknowledged {@link SequencedRecord} is delivered exactly once and in order, and that no aborted
 * one is. Safe from any thread.
 *
 * <p>The writer numbers the records of a partition from 0 on, with a new number for each attempt, and reports each one
 * as acknowledged or aborted. A record that it does not report may be delivered or not. The reader reports what it
 * receives.
 */
public final class DeliveryChecker implements WriteObserver {

    private static final int VIOLATIONS_KEPT = 20;

    private static final class Partition {
        final BitSet acknowledged = new BitSet();
        final BitSet aborted = new BitSet();
        final BitSet delivered = new BitSet();
        long lastSequence = -1;
        long lastOffset = -1;
    }

    private final Map<TopicPartition, Partition> partitions = new HashMap<>();
    private final List<String> violations = new ArrayList<>();

    private Partition of(TopicPartition partition) {
        return partitions.computeIfAbsent(partition, name -> new Partition());
    }

    @Override
    public synchronized void acknowledged(TopicPartition partition, int sequence) {
        of(partition).acknowledged.set(sequence);
    }

    @Override
    public synchronized void aborted(TopicPartition partition, int sequence) {
        of(partition).aborted.set(sequence);
    }

    /** Notes that the reader has received this record. */
    public synchronized void delivered(ConsumerRecord<byte[], byte[]> record) {
        Partition partition = of(new TopicPartition(record.topic(), record.partition()));
        int sequence = Math.toIntExact(SequencedRecord.sequenceOf(record));
        if (sequence <= partition.lastSequence || record.offset() <= partition.lastOffset) {
            String kind = partition.delivered.get(sequence) ? "again" : "out of order";
            violated("%s-%d: sequence %d at offset %d came %s, after sequence %d at offset %d"
                    .formatted(
                            record.topic(),
                            record.partition(),
                            sequence,
                            record.offset(),
                            kind,
                            partition.lastSequence,
                            partition.lastOffset));
        }
        partition.delivered.set(sequence);
        partition.lastSequence = sequence;
        partition.lastOffset = record.offset();
    }

    private void violated(String what) {
        if (violations.size() < VIOLATIONS_KEPT) {
            violations.add(what);
        }
    }

    /** Returns how many records were delivered. */
    public synchronized long deliveredCount() {
        return partitions.values().stream()
                .mapToLong(partition -> partition.delivered.cardinality())
                .sum();
    }

    /** Returns how many records were acknowledged so far. */
    public synchronized long acknowledgedCount() {
        return partitions.values().stream()
                .mapToLong(partition -> partition.acknowledged.cardinality())
                .sum();
    }

    /** Returns whether everything that was acknowledged so far has been delivered. */
    public synchronized boolean isComplete() {
        return partitions.values().stream()
                .allMatch(partition -> missing(partition).isEmpty());
    }

    private static BitSet missing(Partition partition) {
        BitSet missing = (BitSet) partition.acknowledged.clone();
        missing.andNot(partition.delivered);
        return missing;
    }

    /** Returns the violations so far, one text each. A record that is not delivered yet is no violation. */
    public synchronized List<String> violations() {
        List<String> found = new ArrayList<>(violations);
        partitions.forEach((name, partition) -> {
            int first = missing(partition).nextSetBit(0);
            if (first >= 0 && first < partition.lastSequence) {
                found.add("%s: sequence %d was acknowledged and skipped; delivery is at %d"
                        .formatted(name, first, partition.lastSequence));
            }
            if (partition.aborted.intersects(partition.delivered)) {
                BitSet both = (BitSet) partition.aborted.clone();
                both.and(partition.delivered);
                found.add(name + ": aborted and delivered all the same: " + both);
            }
        });
        return found;
    }

    /** Returns the records that are not delivered yet, as text by partition. */
    public synchronized Map<String, String> missing() {
        Map<String, String> missing = new TreeMap<>();
        partitions.forEach((name, partition) -> {
            BitSet records = missing(partition);
            if (!records.isEmpty()) {
                missing.put(
                        name.toString(),
                        "%d records from sequence %d on; last delivered is sequence %d at offset %d"
                                .formatted(
                                        records.cardinality(),
                                        records.nextSetBit(0),
                                        partition.lastSequence,
                                        partition.lastOffset));
            }
        });
        return missing;
    }
}

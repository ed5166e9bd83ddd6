package dev.surefoot.testkit.group;

import dev.surefoot.testkit.check.WriteObserver;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/** What was written, for all groups that read it. Safe from any thread. */
public final class Written implements WriteObserver {
    private final Map<TopicPartition, BitSet> acknowledged = new HashMap<>();
    private final Map<TopicPartition, BitSet> aborted = new HashMap<>();

    @Override
    public synchronized void acknowledged(TopicPartition partition, int sequence) {
        acknowledged.computeIfAbsent(partition, name -> new BitSet()).set(sequence);
    }

    @Override
    public synchronized void aborted(TopicPartition partition, int sequence) {
        aborted.computeIfAbsent(partition, name -> new BitSet()).set(sequence);
    }

    public synchronized Set<TopicPartition> partitions() {
        return Set.copyOf(acknowledged.keySet());
    }

    /** The sequences that must be processed, as a copy. */
    public synchronized BitSet acknowledged(TopicPartition partition) {
        return (BitSet) acknowledged.getOrDefault(partition, new BitSet()).clone();
    }

    /** The sequences that must not be processed, as a copy. */
    public synchronized BitSet aborted(TopicPartition partition) {
        return (BitSet) aborted.getOrDefault(partition, new BitSet()).clone();
    }

    public synchronized long acknowledgedCount() {
        return acknowledged.values().stream().mapToLong(BitSet::cardinality).sum();
    }
}

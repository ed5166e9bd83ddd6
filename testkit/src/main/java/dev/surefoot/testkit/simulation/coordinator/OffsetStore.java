package dev.surefoot.testkit.simulation.coordinator;

import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The committed offsets of all groups of one coordinator, and those that wait for the end of a transaction. */
final class OffsetStore {
    static final long NO_PRODUCER = -1;

    private static final Comparator<TopicPartition> IN_ORDER =
            Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition);

    /** @param number grows with each write, so that the end of a transaction does not undo a later commit */
    private record Entry(StoredOffset offset, long number) {}

    /** The offsets of groups. */
    private static final class Offsets {
        private final TreeMap<String, TreeMap<TopicPartition, Entry>> byGroup = new TreeMap<>();

        private Map<TopicPartition, Entry> of(String groupId) {
            return byGroup.computeIfAbsent(groupId, id -> new TreeMap<>(IN_ORDER));
        }

        private void takeOver(Offsets other) {
            other.byGroup.forEach((groupId, entries) -> of(groupId).putAll(entries));
        }
    }

    private final Offsets committed = new Offsets();
    private final TreeMap<Long, Offsets> pending = new TreeMap<>();
    private final Set<String> groups = new TreeSet<>();
    private long numbers;

    /** @param producerId that of the transaction, which makes the offsets count once it is committed, or -1 */
    void put(String groupId, long producerId, Map<TopicPartition, StoredOffset> offsets) {
        Offsets target =
                producerId == NO_PRODUCER ? committed : pending.computeIfAbsent(producerId, id -> new Offsets());
        groups.add(groupId);
        long number = ++numbers;
        offsets.forEach((partition, offset) -> target.of(groupId).put(partition, new Entry(offset, number)));
    }

    void endTransaction(long producerId, boolean commit) {
        Offsets ended = pending.remove(producerId);
        if (ended != null && commit) {
            ended.byGroup.forEach((groupId, entries) -> entries.forEach((partition, entry) -> committed
                    .of(groupId)
                    .merge(partition, entry, (old, added) -> added.number() > old.number() ? added : old)));
        }
    }

    void deleteGroup(String groupId) {
        groups.remove(groupId);
        committed.byGroup.remove(groupId);
        pending.values().forEach(offsets -> offsets.byGroup.remove(groupId));
    }

    OffsetStore copy() {
        OffsetStore copy = new OffsetStore();
        copy.numbers = numbers;
        copy.groups.addAll(groups);
        copy.committed.takeOver(committed);
        pending.forEach((producerId, offsets) ->
                copy.pending.computeIfAbsent(producerId, id -> new Offsets()).takeOver(offsets));
        return copy;
    }

    @Nullable StoredOffset get(String groupId, TopicPartition partition) {
        return of(groupId).get(partition);
    }

    /** The committed offsets of a group, in the order of topics and partitions. */
    Map<TopicPartition, StoredOffset> of(String groupId) {
        TreeMap<TopicPartition, StoredOffset> offsets = new TreeMap<>(IN_ORDER);
        TreeMap<TopicPartition, Entry> entries = committed.byGroup.get(groupId);
        if (entries != null) {
            entries.forEach((partition, entry) -> offsets.put(partition, entry.offset()));
        }
        return offsets;
    }

    /** Whether a transaction that has not ended would change this offset. */
    boolean isPending(String groupId, TopicPartition partition) {
        return pending.values().stream().anyMatch(offsets -> {
            TreeMap<TopicPartition, Entry> entries = offsets.byGroup.get(groupId);
            return entries != null && entries.containsKey(partition);
        });
    }

    /** All groups that offsets were ever committed for, be it in a transaction that was aborted, and not deleted. */
    Set<String> groups() {
        return groups;
    }
}

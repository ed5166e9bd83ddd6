package dev.surefoot.core.session;

import dev.surefoot.core.session.ToldPartitions.Told;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * The partitions that this client is to fetch from the broker, in rotation order: the partition served last comes last.
 * It keeps the set of changed ones, so that the cost of a plan does not depend on the others. Owned by its session.
 */
final class WantedPartitions {

    /** One wanted partition; the topic id is {@link Uuid#ZERO_UUID} when metadata has none. */
    record Wanted(Uuid topicId, FetchTarget target) {}

    private final LinkedHashMap<TopicPartition, Wanted> inRotation = new LinkedHashMap<>();
    private final Set<TopicPartition> changed = new LinkedHashSet<>();
    private final Set<TopicPartition> withoutTopicId = new HashSet<>();

    boolean isEmpty() {
        return inRotation.isEmpty();
    }

    boolean allHaveTopicIds() {
        return withoutTopicId.isEmpty();
    }

    /** The partition as it is wanted, or null if it is not wanted. */
    @Nullable Wanted get(TopicPartition partition) {
        return inRotation.get(partition);
    }

    /** Partitions that may differ from what the broker was told, in the order of their changes. */
    Set<TopicPartition> changed() {
        return changed;
    }

    /** Adds the partition to the end of the rotation, or replaces its target in its place. */
    void put(TopicPartition partition, Wanted wanted) {
        Wanted before = inRotation.put(partition, wanted);
        if (wanted.topicId().equals(Uuid.ZERO_UUID)) {
            withoutTopicId.add(partition);
        } else {
            withoutTopicId.remove(partition);
        }
        if (!wanted.equals(before)) {
            changed.add(partition);
        }
    }

    /** Removes the partition; does nothing if it was not wanted. */
    void remove(TopicPartition partition) {
        Wanted before = inRotation.remove(partition);
        withoutTopicId.remove(partition);
        if (before != null) {
            changed.add(partition);
        }
    }

    /** Marks the partition as changed, after a request has removed it from the broker's session. */
    void markChanged(TopicPartition partition) {
        changed.add(partition);
    }

    /**
     * Removes the marks of partitions that the broker now holds as wanted, and of those that are neither wanted nor
     * held.
     */
    void removeTold(ToldPartitions told) {
        changed.removeIf(partition -> isTold(inRotation.get(partition), told.get(partition)));
    }

    /** Whether the broker holds the partition as it is wanted, or the partition is neither wanted nor held. */
    private static boolean isTold(@Nullable Wanted wanted, @Nullable Told held) {
        if (wanted == null || held == null) {
            return wanted == null && held == null;
        }
        return held.target().equals(wanted.target())
                && (held.topicId().equals(Uuid.ZERO_UUID) || held.topicId().equals(wanted.topicId()));
    }

    /** Moves a partition that was just served to the end of the rotation. */
    void rotate(TopicPartition partition) {
        Wanted wanted = inRotation.remove(partition);
        if (wanted != null) {
            inRotation.put(partition, wanted);
        }
    }

    /** All wanted partitions as a full request lists them, in rotation order. */
    Map<TopicIdPartition, FetchTarget> all(boolean byTopicId) {
        Map<TopicIdPartition, FetchTarget> all = new LinkedHashMap<>();
        inRotation.forEach((partition, wanted) -> all.put(
                new TopicIdPartition(byTopicId ? wanted.topicId() : Uuid.ZERO_UUID, partition), wanted.target()));
        return all;
    }
}

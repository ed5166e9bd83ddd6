package dev.surefoot.core.session;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * The partitions that this client wants from the broker, in rotation order: those served last come last. Remembers which ones
 * changed, so that a plan need not look at the others.
 */
final class WantedPartitions {

    /** One partition as it is wanted; the topic id is {@link Uuid#ZERO_UUID} when metadata has none. */
    record Wanted(Uuid topicId, FetchTarget target) {}

    private final LinkedHashMap<TopicPartition, Wanted> inRotation = new LinkedHashMap<>();
    private final Set<TopicPartition> changed = new LinkedHashSet<>();
    private int withoutTopicId;

    boolean isEmpty() {
        return inRotation.isEmpty();
    }

    boolean allHaveTopicIds() {
        return withoutTopicId == 0;
    }

    @Nullable Wanted get(TopicPartition partition) {
        return inRotation.get(partition);
    }

    /** Partitions that may differ from what the broker was told, in the order of their changes. */
    Set<TopicPartition> changed() {
        return changed;
    }

    void put(TopicPartition partition, Wanted wanted) {
        Wanted before = inRotation.put(partition, wanted);
        countTopicIds(before, -1);
        countTopicIds(wanted, 1);
        if (!wanted.equals(before)) {
            changed.add(partition);
        }
    }

    void remove(TopicPartition partition) {
        Wanted before = inRotation.remove(partition);
        countTopicIds(before, -1);
        if (before != null) {
            changed.add(partition);
        }
    }

    /** Notes that the broker's copy of this partition was dropped although it is still wanted. */
    void markChanged(TopicPartition partition) {
        changed.add(partition);
    }

    /** Lets go of the changes that the broker has been told of by now. */
    void settle(Predicate<TopicPartition> told) {
        for (Iterator<TopicPartition> iterator = changed.iterator(); iterator.hasNext(); ) {
            if (told.test(iterator.next())) {
                iterator.remove();
            }
        }
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

    private void countTopicIds(@Nullable Wanted wanted, int delta) {
        if (wanted != null && wanted.topicId().equals(Uuid.ZERO_UUID)) {
            withoutTopicId += delta;
        }
    }
}

package dev.surefoot.core.session;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * The partitions that the broker holds in a live session, each with the topic id and the target that a verified
 * exchange told it. Their order is that of their last mention in an answer, the earliest first. Owned by its session.
 */
final class ToldPartitions {

    /**
     * One partition as the broker holds it.
     *
     * @param topicId the topic's id, or {@link Uuid#ZERO_UUID} in a session that names topics by name
     * @param mentionedNanos the time of its last mention in an answer, in nanoseconds of the loop's clock
     */
    record Told(Uuid topicId, FetchTarget target, long mentionedNanos) {}

    private record Name(String topic, int partitions) {}

    private final LinkedHashMap<TopicPartition, Told> byLastMention = new LinkedHashMap<>();
    private final Map<Uuid, Name> names = new HashMap<>();

    boolean isEmpty() {
        return byLastMention.isEmpty();
    }

    int size() {
        return byLastMention.size();
    }

    /** An unmodifiable copy of all of them, with their topic ids. */
    Map<TopicIdPartition, FetchTarget> all() {
        Map<TopicIdPartition, FetchTarget> all = new LinkedHashMap<>();
        byLastMention.forEach(
                (partition, told) -> all.put(new TopicIdPartition(told.topicId(), partition), told.target()));
        return Collections.unmodifiableMap(all);
    }

    /** The partition as the broker holds it, or null if the broker does not hold it. */
    @Nullable Told get(TopicPartition partition) {
        return byLastMention.get(partition);
    }

    /** The name of the topic with this id, or null if no partition of the session has it. */
    @Nullable String nameOf(Uuid topicId) {
        Name name = names.get(topicId);
        return name == null ? null : name.topic();
    }

    void clear() {
        byLastMention.clear();
        names.clear();
    }

    /**
     * Records what a verified exchange told the broker. A new partition counts as mentioned now; an updated one keeps
     * its place. If the broker held it under another topic id, {@link #forget} must be called before.
     */
    void tell(TopicIdPartition key, FetchTarget target, long nowNanos) {
        Told before = byLastMention.get(key.topicPartition());
        long mentionedNanos = before == null ? nowNanos : before.mentionedNanos();
        byLastMention.put(key.topicPartition(), new Told(key.topicId(), target, mentionedNanos));
        if (before == null) {
            names.merge(key.topicId(), new Name(key.topic(), 1), (a, b) -> new Name(a.topic(), a.partitions() + 1));
        }
    }

    /** Removes this partition under this topic id, after a verified exchange has removed it at the broker. */
    void forget(TopicIdPartition key) {
        byLastMention.remove(key.topicPartition());
        names.computeIfPresent(
                key.topicId(),
                (id, name) -> name.partitions() == 1 ? null : new Name(name.topic(), name.partitions() - 1));
    }

    /** Moves this partition to the end of the order, after an answer has mentioned it. */
    void mention(TopicPartition partition, long nowNanos) {
        Told told = byLastMention.remove(partition);
        if (told != null) {
            byLastMention.put(partition, new Told(told.topicId(), told.target(), nowNanos));
        }
    }

    /**
     * At most {@code most} of the partitions that no answer has mentioned after {@code sinceNanos}, those with the
     * earliest mention first.
     */
    List<TopicIdPartition> silentSince(long sinceNanos, int most) {
        List<TopicIdPartition> silent = new ArrayList<>();
        for (Map.Entry<TopicPartition, Told> entry : byLastMention.entrySet()) {
            if (silent.size() == most || entry.getValue().mentionedNanos() > sinceNanos) {
                break;
            }
            silent.add(new TopicIdPartition(entry.getValue().topicId(), entry.getKey()));
        }
        return silent;
    }
}

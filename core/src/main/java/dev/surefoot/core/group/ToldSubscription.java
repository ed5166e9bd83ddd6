package dev.surefoot.core.group;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * What the coordinator was told of a member: only changes go into a heartbeat. Owned by the loop's thread.
 *
 * <p>Something counts as told once a heartbeat that said it was answered in order. After any other outcome nothing
 * counts as told, and the next heartbeat says everything.
 */
final class ToldSubscription {
    /**
     * What a member has to say.
     *
     * @param topics the topics subscribed to by name
     * @param regex the pattern for the coordinator, or null
     * @param owned the partitions that the application owns, or may own by now
     * @param targetNumber the number of the target that these partitions answer, or 0
     */
    record Content(
            Set<String> topics, @Nullable String regex, NavigableSet<TopicIdPartition> owned, long targetNumber) {

        /** Whether both acknowledge the same. */
        boolean ownsAs(Content other) {
            return targetNumber == other.targetNumber && owned.equals(other.owned);
        }

        /** The owned partitions as the protocol has them. */
        Map<Uuid, Set<Integer>> ownedById() {
            Map<Uuid, Set<Integer>> byId = new LinkedHashMap<>();
            owned.forEach(partition -> byId.computeIfAbsent(partition.topicId(), id -> new TreeSet<>())
                    .add(partition.partition()));
            return byId;
        }
    }

    private @Nullable Content told;
    /** Whether a pattern was ever sent: an empty one, which takes it back, is an error for brokers without patterns. */
    private boolean regexWasSent;

    /** Nothing counts as told any more. */
    void forget() {
        told = null;
    }

    /** A heartbeat with this content, or with what was new in it, was answered in order. */
    void record(Content content) {
        told = content;
    }

    /** Whether the next heartbeat has to say everything. */
    boolean isNextFull() {
        return told == null;
    }

    /** Whether the coordinator knows what {@code content} acknowledges. */
    boolean hasAcknowledged(Content content) {
        return told != null && told.ownsAs(content);
    }

    /** The topics to send, or null if they have not changed. */
    @Nullable Set<String> topics(Content content) {
        return told == null || !told.topics().equals(content.topics()) ? content.topics() : null;
    }

    /** The pattern to send, empty to take it back, or null if there is nothing to say of it. */
    @Nullable String regex(Content content) {
        String regex = content.regex();
        if (told != null && Objects.equals(told.regex(), regex)) {
            return null;
        }
        boolean takesBack = regex == null && regexWasSent;
        return takesBack ? "" : regex;
    }

    /** The owned partitions to send, or null if they have not changed. */
    @Nullable Map<Uuid, Set<Integer>> owned(Content content) {
        return hasAcknowledged(content) ? null : content.ownedById();
    }

    /** A heartbeat with this content has been handed over. */
    void sent(Content content) {
        regexWasSent |= content.regex() != null;
    }
}

package dev.surefoot.core.group;

import dev.surefoot.core.cluster.TopicDirectory;
import dev.surefoot.core.handover.MemberSubscription;
import dev.surefoot.core.time.Deadline;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What a member does that leads its group (classic protocol): it waits for metadata of all members' topics, has
 * everybody's partitions assigned by one picture of the cluster, and watches whether that picture changes. Owned by the
 * loop's thread.
 */
final class GroupLeadership {
    private final TopicDirectory topics;
    private final boolean watchesRacks;

    private boolean leading;
    private String assignor = "";
    private Map<String, MemberSubscription> members = Map.of();
    private Set<String> groupTopics = Set.of();
    private boolean fresh;
    private long waitUntilNanos = Deadline.NEVER;
    private @Nullable Map<TopicPartition, Set<String>> assignedBy;

    GroupLeadership(TopicDirectory topics, boolean watchesRacks) {
        this.topics = topics;
        this.watchesRacks = watchesRacks;
    }

    /**
     * This member leads the generation that begins.
     *
     * @param waitUntilNanos how long to wait for fresh metadata; then what is known has to do
     */
    void begin(String chosenAssignor, Map<String, MemberSubscription> everybody, long waitUntilNanos) {
        leading = true;
        assignor = chosenAssignor;
        members = everybody;
        Set<String> union = new TreeSet<>();
        everybody.values().forEach(member -> union.addAll(member.topics()));
        groupTopics = union;
        fresh = false;
        this.waitUntilNanos = waitUntilNanos;
        assignedBy = null;
    }

    /** Another member leads, or nobody. */
    void end() {
        leading = false;
        members = Map.of();
        groupTopics = Set.of();
        waitUntilNanos = Deadline.NEVER;
        assignedBy = null;
    }

    /** Metadata was answered since {@link #begin}. */
    void refreshed() {
        fresh = true;
    }

    boolean mayAssign(long nowNanos) {
        return fresh || Deadline.passed(waitUntilNanos, nowNanos);
    }

    long waitUntilNanos() {
        return waitUntilNanos;
    }

    String assignor() {
        return assignor;
    }

    Map<String, MemberSubscription> members() {
        return members;
    }

    /** The topics of all members; empty unless this member leads. */
    Set<String> groupTopics() {
        return groupTopics;
    }

    /** The picture to assign by, which is watched from now on. */
    Cluster takePicture() {
        waitUntilNanos = Deadline.NEVER;
        assignedBy = topics.assignable(groupTopics, watchesRacks);
        return topics.describe(groupTopics);
    }

    /** Whether partitions were assigned by a picture of the cluster that is not true any more. */
    boolean isOutdated() {
        return leading && assignedBy != null && !assignedBy.equals(topics.assignable(groupTopics, watchesRacks));
    }
}

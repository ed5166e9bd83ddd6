package dev.surefoot.core.group;

import dev.surefoot.core.cluster.TopicDirectory;
import dev.surefoot.core.handover.MemberAssignment;
import dev.surefoot.core.handover.MemberSubscription;
import dev.surefoot.core.time.Deadline;
import java.util.HashSet;
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
    /** Metadata of this age, in nanoseconds, cannot be had newer without a delay. */
    private final long youngNanos;

    private boolean leading;
    private String assignor = "";
    private Map<String, MemberSubscription> members = Map.of();
    private Set<String> groupTopics = Set.of();
    private int answers;
    private long lastAnswerNanos;
    private boolean everAnswered;
    /** Whether metadata has changed since the picture was last compared with it. */
    private boolean unseen;
    /** Whether the picture to watch is still to be taken, by fresh metadata. */
    private boolean awaitsPicture;
    /** Whether the coordinator has kept the plan, and it is not known yet whether it is complete. */
    private boolean uncheckedPlan;
    /** Whether the plan made here gives to nobody what somebody had, so that a second round has to follow. */
    private boolean handsOver;

    private long waitUntilNanos = Deadline.NEVER;
    private @Nullable Map<TopicPartition, Set<String>> assignedBy;

    /** @param refreshBackoffNanos the least time between two requests for metadata, in nanoseconds */
    GroupLeadership(TopicDirectory topics, boolean watchesRacks, long refreshBackoffNanos) {
        this.topics = topics;
        this.watchesRacks = watchesRacks;
        this.youngNanos = refreshBackoffNanos;
    }

    /**
     * This member leads the generation that begins.
     *
     * @param waitUntilNanos how long to wait for fresh metadata; then what is known has to do
     */
    void begin(String chosenAssignor, Map<String, MemberSubscription> everybody, long waitUntilNanos, long nowNanos) {
        leading = true;
        assignor = chosenAssignor;
        members = everybody;
        Set<String> union = new TreeSet<>();
        everybody.values().forEach(member -> union.addAll(member.topics()));
        groupTopics = union;
        boolean young = everAnswered && nowNanos - lastAnswerNanos < youngNanos;
        answers = young && topics.describedLast(groupTopics) ? 1 : 0;
        unseen = false;
        awaitsPicture = false;
        uncheckedPlan = false;
        handsOver = false;
        this.waitUntilNanos = waitUntilNanos;
        assignedBy = null;
    }

    /** Another member leads, or nobody. */
    void end() {
        leading = false;
        members = Map.of();
        groupTopics = Set.of();
        waitUntilNanos = Deadline.NEVER;
        awaitsPicture = false;
        uncheckedPlan = false;
        handsOver = false;
        assignedBy = null;
    }

    /** Metadata was answered. */
    void refreshed(long nowNanos) {
        answers++;
        lastAnswerNanos = nowNanos;
        everAnswered = true;
        unseen = true;
        if (awaitsPicture && isFresh()) {
            takePicture();
        }
    }

    /**
     * Whether metadata of all topics was answered since {@link #begin}, or so shortly before that a request had to back
     * off. The first answer may be one to a question from before, which did not name the other members' topics; a topic
     * that the second does not describe does not exist.
     */
    boolean isFresh() {
        return answers > 1 || (answers == 1 && topics.describedLast(groupTopics));
    }

    boolean mayAssign(long nowNanos) {
        return isFresh() || Deadline.passed(waitUntilNanos, nowNanos);
    }

    /** The coordinator has the plan (KIP-814): nothing is assigned, but changes from fresh metadata on are watched. */
    void watchOnly() {
        waitUntilNanos = Deadline.NEVER;
        awaitsPicture = true;
        uncheckedPlan = true;
    }

    /** Whether {@link #withoutOwner} is to be asked about the plan that the coordinator has kept. */
    boolean hasUncheckedPlan() {
        return uncheckedPlan && assignedBy != null;
    }

    void planChecked() {
        uncheckedPlan = false;
    }

    /** The number of partitions of the group's topics that are none of these. */
    int withoutOwner(Set<TopicPartition> assigned) {
        return assignedBy == null
                ? 0
                : (int) assignedBy.keySet().stream()
                        .filter(partition -> !assigned.contains(partition))
                        .count();
    }

    /** Takes note of the plan that was made here. */
    void planned(Map<String, MemberAssignment> plan) {
        Set<TopicPartition> claimed = new HashSet<>();
        members.values().forEach(member -> claimed.addAll(member.owned()));
        claimed.retainAll(assignedBy == null ? Set.of() : assignedBy.keySet());
        plan.values().forEach(part -> part.partitions().forEach(claimed::remove));
        handsOver = !claimed.isEmpty();
    }

    /**
     * Whether a second round has to follow, as somebody gives up what nobody has been given yet (KIP-429). Who gives it
     * up asks for that round, and may crash before.
     */
    boolean handsOver() {
        return handsOver;
    }

    boolean isLeading() {
        return leading;
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
        awaitsPicture = false;
        unseen = false;
        assignedBy = topics.assignable(groupTopics, watchesRacks);
        return topics.describe(groupTopics);
    }

    /** Whether metadata was answered that {@link #compare} has not looked at yet. */
    boolean hasUnseenMetadata() {
        return unseen && assignedBy != null;
    }

    /**
     * Looks at the latest metadata.
     *
     * @return whether the partitions were assigned by a picture of the cluster that is not true any more
     */
    boolean compare() {
        unseen = false;
        return assignedBy != null && !assignedBy.equals(topics.assignable(groupTopics, watchesRacks));
    }
}

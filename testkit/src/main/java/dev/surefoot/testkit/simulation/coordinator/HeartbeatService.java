package dev.surefoot.testkit.simulation.coordinator;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData.Assignment;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData.TopicPartitions;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Serves one heartbeat of a member that joins or stays: who it is, what it subscribes to, the target, one step towards
 * it, the answer. All decisions are taken by the books as they were before the request, and written at the end.
 */
final class HeartbeatService {
    private final ConsumerGroupBooks group;
    private final ConsumerGroupSettings settings;
    private final ConsumerGroupHeartbeatRequestData request;
    private final long nowMs;
    private final @Nullable Set<GroupPartition> owned;

    HeartbeatService(ConsumerGroupBooks group, ConsumerGroupHeartbeatRequestData request, long nowMs) {
        this.group = group;
        this.settings = group.settings();
        this.request = request;
        this.nowMs = nowMs;
        this.owned = owned(request);
    }

    private static @Nullable Set<GroupPartition> owned(ConsumerGroupHeartbeatRequestData request) {
        if (request.topicPartitions() == null) {
            return null;
        }
        Set<GroupPartition> owned = new TreeSet<>();
        request.topicPartitions()
                .forEach(topic -> topic.partitions()
                        .forEach(partition -> owned.add(new GroupPartition(topic.topicId(), partition))));
        return owned;
    }

    /**
     * The answer.
     *
     * @throws org.apache.kafka.common.errors.ApiException before anything is written
     */
    ConsumerGroupHeartbeatResponseData serve() {
        checkSize();
        ConsumerGroupMember replaced = replaced();
        ConsumerGroupMember before = replaced == null ? member() : replaced.replacedBy(request.memberId());
        ConsumerGroupMember updated = before.with(before.metadata().updatedBy(request));
        boolean namesChanged =
                !before.metadata().topicNames().equals(updated.metadata().topicNames());
        RegexChange regexChange =
                regexChange(before.metadata().topicRegex(), updated.metadata().topicRegex());
        boolean refreshDue = group.isRefreshDue();
        boolean wasHomogeneous = isHomogeneous();

        resolveRegexes(
                regexChange, before.metadata().topicRegex(), updated.metadata().topicRegex());
        if (replaced != null) {
            group.replace(replaced, before, nowMs);
        }
        group.put(updated, nowMs);
        boolean subscriptionChanged = namesChanged || regexChange == RegexChange.RESOLVED;
        raiseEpoch(subscriptionChanged, refreshDue);
        // A broker looks at this only together with the topics, so it may be wrong about the member it serves.
        updateTarget((subscriptionChanged || refreshDue) ? isHomogeneous() : wasHomogeneous);
        ConsumerGroupMember after = reconcile(updated, namesChanged || regexChange != RegexChange.NONE);
        group.startSession(after, nowMs);
        return answer(before, after);
    }

    // Who it is.

    private void checkSize() {
        boolean isFull = group.byId().size() >= settings.sizeMax();
        if (isFull && !group.byId().containsKey(request.memberId())) {
            throw Errors.GROUP_MAX_SIZE_REACHED.exception("no more than " + settings.sizeMax() + " members");
        }
    }

    /** The static member whose place is taken, or null. */
    private @Nullable ConsumerGroupMember replaced() {
        if (request.memberEpoch() != 0) {
            return null;
        }
        ConsumerGroupMember holder = group.staticMember(request.instanceId());
        if (holder != null && holder.current().epoch() != CurrentAssignment.LEFT_TO_RETURN) {
            throw Errors.UNRELEASED_INSTANCE_ID.exception(request.instanceId() + " belongs to " + holder.id());
        }
        return holder;
    }

    private ConsumerGroupMember member() {
        if (request.memberEpoch() == 0) {
            ConsumerGroupMember known = group.byId().get(request.memberId());
            if (known != null && settings.has(ConsumerGroupBug.KNOWN_MEMBER_CANNOT_REJOIN)) {
                checkEpoch(known);
            }
            return known == null ? ConsumerGroupMember.joining(request.memberId()) : known;
        }
        ConsumerGroupMember member =
                request.instanceId() == null ? group.require(request.memberId()) : group.requireStatic(request);
        checkEpoch(member);
        return member;
    }

    /** A member may lag behind by one epoch: the answer that raised it may be lost. */
    private void checkEpoch(ConsumerGroupMember member) {
        CurrentAssignment current = member.current();
        boolean mayHaveMissedTheLast = request.memberEpoch() < current.epoch()
                && request.memberEpoch() == current.previousEpoch()
                && owned != null
                && current.assigned().keySet().containsAll(owned);
        if (request.memberEpoch() != current.epoch() && !mayHaveMissedTheLast) {
            throw Errors.FENCED_MEMBER_EPOCH.exception(request.memberEpoch() + " is not " + current.epoch());
        }
    }

    // What it subscribes to.

    /** What a change of a member's regular expression means for the group. */
    private enum RegexChange {
        NONE,
        /** The topics of the new expression are not known yet. */
        UNRESOLVED,
        /** The topics of the new expression are known, or there is no new one. */
        RESOLVED
    }

    private RegexChange regexChange(String before, String after) {
        if (before.equals(after)) {
            return RegexChange.NONE;
        }
        if (after.isEmpty()) {
            return RegexChange.RESOLVED;
        }
        if (group.subscribersOf(after) == 0) {
            TopicRegexes.requireValid(after);
            return RegexChange.UNRESOLVED;
        }
        return group.regexes().get(after) == null ? RegexChange.UNRESOLVED : RegexChange.RESOLVED;
    }

    /** Begins to resolve the group's expressions if that is due, and drops the one that only this member had. */
    private void resolveRegexes(RegexChange change, String before, String after) {
        TopicRegexes regexes = group.regexes();
        SortedSet<String> subscribed = new TreeSet<>();
        for (ConsumerGroupMember member : group.byId().values()) {
            subscribed.add(member.metadata().topicRegex());
        }
        if (change != RegexChange.NONE && group.subscribersOf(before) == 1) {
            subscribed.remove(before);
        }
        subscribed.add(after);
        subscribed.remove("");
        boolean isNew = change != RegexChange.NONE && group.subscribersOf(after) == 0;
        if (regexes.isDue(subscribed, isNew, group.newTopicsVersion(), settings.regexRefreshMs(), nowMs)) {
            regexes.resolve(subscribed, group.topics(), nowMs, settings.regexDelayMs());
            group.awaitResolution();
        }
        if (change != RegexChange.NONE && group.subscribersOf(before) == 1) {
            group.removeRegex(before);
        }
    }

    private void raiseEpoch(boolean subscriptionChanged, boolean refreshDue) {
        if (!subscriptionChanged && !refreshDue) {
            return;
        }
        SortedMap<String, TopicCatalog.Topic> existing = group.existing(group.subscribedNames());
        if (subscriptionChanged || !existing.equals(group.topicsSeen())) {
            group.raiseEpoch(existing);
        }
        group.noteTopicsSeen();
    }

    // The target.

    private void updateTarget(boolean homogeneous) {
        if (group.assignmentEpoch() >= group.epoch() || !group.mayAssign(nowMs)) {
            return;
        }
        SortedMap<String, TargetAssignor.Candidate> candidates = new TreeMap<>();
        SortedMap<Uuid, Integer> partitionCounts = new TreeMap<>();
        group.byId().forEach((id, member) -> {
            SortedSet<Uuid> subscribed = new TreeSet<>();
            group.existing(subscribedNames(member)).values().forEach(topic -> {
                subscribed.add(topic.id());
                partitionCounts.put(topic.id(), topic.partitions());
            });
            candidates.put(
                    id, new TargetAssignor.Candidate(member.metadata().instanceId(), subscribed, group.targetOf(id)));
        });
        TargetAssignor assignor = settings.assignor(preferredAssignor());
        group.setTarget(assignor.assign(candidates, partitionCounts, homogeneous), nowMs);
    }

    /** Whether all members subscribe to the same names, or all to the same regular expression and to no name. */
    private boolean isHomogeneous() {
        Set<SortedSet<String>> names = new HashSet<>();
        Set<String> expressions = new TreeSet<>();
        group.byId().values().forEach(member -> {
            names.add(member.metadata().topicNames());
            expressions.add(member.metadata().topicRegex());
        });
        boolean byName = expressions.stream().allMatch(String::isEmpty);
        return names.size() <= 1
                && expressions.size() <= 1
                && (byName || names.stream().allMatch(all -> all.isEmpty()));
    }

    /**
     * The assignor that most members prefer; null if none has a preference. Of several that are preferred alike it is
     * the first by name; which one a broker takes hangs on the order and the history of its hash tables.
     */
    private @Nullable String preferredAssignor() {
        SortedMap<String, Integer> preferences = new TreeMap<>();
        for (ConsumerGroupMember member : group.byId().values()) {
            if (member.metadata().assignor() != null) {
                preferences.merge(member.metadata().assignor(), 1, Integer::sum);
            }
        }
        return preferences.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse(null);
    }

    private SortedSet<String> subscribedNames(ConsumerGroupMember member) {
        SortedSet<String> names = new TreeSet<>(member.metadata().topicNames());
        TopicRegexes.Resolved resolved = group.regexes().get(member.metadata().topicRegex());
        if (resolved != null) {
            names.addAll(resolved.topics());
        }
        return names;
    }

    // The step.

    private ConsumerGroupMember reconcile(ConsumerGroupMember updated, boolean subscriptionChanged) {
        SortedSet<String> subscribed = subscribedNames(updated);
        CurrentAssignment next = new Reconciliation(
                        group.assignmentEpoch(),
                        group.targetOf(updated.id()),
                        subscribed.isEmpty(),
                        topic -> isSubscribed(topic, subscribed),
                        subscriptionChanged,
                        owned,
                        partition -> isFree(partition, updated))
                .step(updated.current());
        if (next.equals(updated.current())) {
            return updated;
        }
        ConsumerGroupMember after = updated.with(next);
        group.put(after, nowMs);
        group.startRevocation(after, nowMs);
        return after;
    }

    private boolean isSubscribed(Uuid topicId, SortedSet<String> names) {
        TopicCatalog.Topic topic = group.topics().topic(topicId);
        return topic != null && names.contains(topic.name());
    }

    private boolean isFree(GroupPartition partition, ConsumerGroupMember member) {
        if (settings.has(ConsumerGroupBug.PARTITION_GIVEN_TWICE)) {
            return group.holders().of(partition).stream().allMatch(PartitionHolders.Holding::isPendingRevocation);
        }
        boolean isOwnRevocation = member.current().pendingRevocation().containsKey(partition)
                && !settings.has(ConsumerGroupBug.OWN_REVOCATION_NOT_FREE);
        return isOwnRevocation || group.holders().isFree(partition);
    }

    // The answer.

    private ConsumerGroupHeartbeatResponseData answer(ConsumerGroupMember before, ConsumerGroupMember after) {
        SortedMap<GroupPartition, Integer> assigned = after.current().assigned();
        boolean isFull = request.rebalanceTimeoutMs() != -1
                && (request.subscribedTopicNames() != null || request.subscribedTopicRegex() != null)
                && owned != null;
        boolean isSaid = request.memberEpoch() == 0
                || isFull
                || !assigned.equals(before.current().assigned());
        boolean waits =
                group.assignmentEpoch() < group.epoch() || after.current().state() == MemberState.UNRELEASED;
        boolean epochIsZero = request.memberEpoch() == 0
                && assigned.isEmpty()
                && waits
                && settings.has(ConsumerGroupBug.JOIN_ANSWERED_WITH_EPOCH_ZERO);
        return new ConsumerGroupHeartbeatResponseData()
                .setMemberId(after.id())
                .setMemberEpoch(epochIsZero ? 0 : after.current().epoch())
                .setHeartbeatIntervalMs(settings.heartbeatIntervalMs())
                .setAssignment(isSaid ? assignment(assigned) : null);
    }

    private static Assignment assignment(SortedMap<GroupPartition, Integer> assigned) {
        SortedMap<Uuid, List<Integer>> partitions = new TreeMap<>();
        assigned.keySet()
                .forEach(partition -> partitions
                        .computeIfAbsent(partition.topicId(), topic -> new ArrayList<>())
                        .add(partition.partition()));
        List<TopicPartitions> topics = new ArrayList<>();
        partitions.forEach((topic, numbers) ->
                topics.add(new TopicPartitions().setTopicId(topic).setPartitions(numbers)));
        return new Assignment().setTopicPartitions(topics);
    }
}

package dev.surefoot.testkit.simulation.coordinator;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData.MemberResponse;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * A group of the KIP-848 protocol. Nothing happens between requests but timers, and a resolution of regular expressions
 * that ends: it is always some member's heartbeat that computes a new target.
 *
 * <p>It has no classic members: a coordinator whose {@code group.consumer.migration.policy} is {@code disabled}.
 */
final class ConsumerGroup implements Group {
    /** After this time a broker tries again what it could not write when a timer ran out. */
    private static final int WRITE_RETRY_MS = 500;

    private final String id;
    private final GroupContext context;
    private final MemberTimers timers;
    private ConsumerGroupBooks books;

    ConsumerGroup(String id, GroupContext context) {
        this(id, context, new ConsumerGroupBooks(context.consumerGroups(), context.topics()));
    }

    private ConsumerGroup(String id, GroupContext context, ConsumerGroupBooks books) {
        this.id = id;
        this.context = context;
        this.books = books;
        this.timers = new MemberTimers(this, context.timers());
    }

    /** The group as it was written down. */
    record Stored(String id, ConsumerGroupBooks books) implements StoredGroup {
        @Override
        public Group load(GroupContext context, long nowMs) {
            ConsumerGroup group = new ConsumerGroup(id, context, books.loaded(nowMs));
            group.books.changeTimers(group.timers);
            return group;
        }
    }

    // The protocol.

    /**
     * Serves a heartbeat. If it fails, nothing has changed.
     *
     * @throws ApiException with 25, 81, 82, 110, 111 or 128, or if it cannot be written
     */
    ConsumerGroupHeartbeatResponseData serve(ConsumerGroupHeartbeatRequestData request, long nowMs) {
        return change(nowMs, changed -> changed.heartbeat(request, nowMs));
    }

    private <T> T change(long nowMs, Function<ConsumerGroupBooks, T> change) {
        ConsumerGroupBooks changed = books.copy();
        T result = change.apply(changed);
        if (changed.isWritten()) {
            Errors failure = context.journal().writeGroup(id, new Stored(id, changed));
            if (failure != Errors.NONE) {
                throw failure.exception();
            }
        }
        record(books, changed, nowMs);
        books = changed;
        books.changeTimers(timers);
        return result;
    }

    private void record(ConsumerGroupBooks before, ConsumerGroupBooks after, long nowMs) {
        before.byId().keySet().stream()
                .filter(member -> !after.byId().containsKey(member))
                .forEach(member -> context.ledger().removed(new CoordinatorLedger.Removal(id, member, nowMs)));
        after.byId().forEach((memberId, member) -> {
            CurrentAssignment current = member.current();
            ConsumerGroupMember earlier = before.byId().get(memberId);
            if (earlier == null || !earlier.current().assigned().equals(current.assigned())) {
                context.ledger()
                        .granted(new CoordinatorLedger.Grant(
                                id,
                                memberId,
                                current.epoch(),
                                names(current.assigned().keySet()),
                                nowMs));
            }
        });
    }

    // What timers do.

    /** Removes a member whose time has run out, unless it has left the epoch that it had to leave. */
    void fenceIfStillAt(String memberId, int epoch, long nowMs) {
        ConsumerGroupMember member = books.byId().get(memberId);
        if (member == null || member.current().epoch() != epoch) {
            return;
        }
        try {
            change(nowMs, changed -> changed.fence(memberId, nowMs));
        } catch (ApiException e) {
            timers.startRevocation(memberId, epoch, nowMs + WRITE_RETRY_MS);
        }
    }

    /** Removes a member as if its session had run out. */
    @Override
    public void expire(String memberId, long nowMs) {
        if (!books.byId().containsKey(memberId)) {
            return;
        }
        try {
            change(nowMs, changed -> changed.fence(memberId, nowMs));
        } catch (ApiException e) {
            timers.startSession(memberId, nowMs + WRITE_RETRY_MS);
        }
    }

    /** Takes the regular expressions that were resolved. What cannot be written is resolved again. */
    void takeResolution(long nowMs) {
        try {
            change(nowMs, ConsumerGroupBooks::takeResolution);
        } catch (ApiException e) {
            books.dropResolution();
        }
    }

    /** Nothing is ever parked here. */
    @Override
    public void unload(Errors error) {
        books.byId().keySet().forEach(timers::cancelAll);
        timers.cancelResolution();
    }

    // The classic protocol, in which this group has no members.

    /** A group without members becomes a classic one; any other has no place for a classic member. */
    @Override
    public void join(JoinGroupRequestData request, Caller caller, GroupReply reply) {
        Errors error = becomeClassic(request.memberId());
        Group classic = context.groups().get(id);
        if (error == Errors.NONE && classic != null) {
            classic.join(request, caller, reply);
        } else {
            reply.answer(
                    new JoinGroupResponseData().setMemberId(request.memberId()).setErrorCode(error.code()));
        }
    }

    private Errors becomeClassic(String memberId) {
        if (!isEmpty()) {
            return Errors.INCONSISTENT_GROUP_PROTOCOL;
        }
        unload(Errors.NOT_COORDINATOR);
        context.groups().remove(id);
        if (!memberId.isEmpty()) {
            return Errors.UNKNOWN_MEMBER_ID;
        }
        Errors failure = context.journal().writeGroup(id, StoredClassicGroup.empty(id));
        if (failure == Errors.NONE) {
            context.groups().put(id, new ClassicGroup(id, context));
        }
        return failure;
    }

    @Override
    public void sync(SyncGroupRequestData request, Caller caller, GroupReply reply) {
        reply.answer(new SyncGroupResponseData().setErrorCode(Errors.UNKNOWN_MEMBER_ID.code()));
    }

    @Override
    public Errors heartbeat(HeartbeatRequestData request, Caller caller) {
        return Errors.UNKNOWN_MEMBER_ID;
    }

    @Override
    public List<MemberResponse> leave(List<MemberIdentity> members, Caller caller) {
        return members.stream()
                .map(member -> new MemberResponse()
                        .setMemberId(member.memberId())
                        .setGroupInstanceId(member.groupInstanceId())
                        .setErrorCode(Errors.UNKNOWN_MEMBER_ID.code()))
                .toList();
    }

    // Offsets.

    @Override
    public Errors commitRefusal(CommitClaim claim) {
        Set<GroupPartition> partitions = new LinkedHashSet<>();
        for (TopicPartition partition : claim.partitions()) {
            TopicCatalog.Topic topic = context.topics().topic(partition.topic());
            if (topic != null) {
                partitions.add(new GroupPartition(topic.id(), partition.partition()));
            }
        }
        return ConsumerGroupClaims.commitRefusal(books, claim, partitions);
    }

    @Override
    public void recordCommit(CommitClaim claim, long nowMs) {
        // In this protocol a commit is no sign of life.
    }

    @Override
    public Errors fetchRefusal(String memberId, int memberEpoch) {
        return ConsumerGroupClaims.fetchRefusal(books, memberId, memberEpoch);
    }

    // Queries.

    @Override
    public String id() {
        return id;
    }

    @Override
    public boolean isEmpty() {
        return books.isEmpty();
    }

    /** The books as they are now; a change puts others in their place. */
    ConsumerGroupBooks books() {
        return books;
    }

    /** The members in the order of their ids. */
    @Override
    public @Nullable DescribedGroup describe() {
        return null;
    }

    @Override
    public List<GroupMemberView> members() {
        List<GroupMemberView> views = new ArrayList<>();
        for (ConsumerGroupMember member : books.byId().values()) {
            SortedSet<GroupPartition> held =
                    new TreeSet<>(member.current().assigned().keySet());
            held.addAll(member.current().pendingRevocation().keySet());
            views.add(new GroupMemberView(
                    member.id(),
                    member.metadata().instanceId(),
                    member.current().epoch(),
                    names(held)));
        }
        return views;
    }

    /** The partitions by name, but for those whose topic is gone. */
    private Set<TopicPartition> names(Collection<GroupPartition> partitions) {
        Set<TopicPartition> names = new LinkedHashSet<>();
        for (GroupPartition partition : partitions) {
            TopicCatalog.Topic topic = context.topics().topic(partition.topicId());
            if (topic != null) {
                names.add(new TopicPartition(topic.name(), partition.partition()));
            }
        }
        return names;
    }
}

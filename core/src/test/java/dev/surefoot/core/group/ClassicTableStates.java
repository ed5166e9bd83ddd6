package dev.surefoot.core.group;

import static dev.surefoot.core.group.TracedMember.MILLI;
import static dev.surefoot.core.group.TracedMember.SECOND;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.group.Heartbeat.HeartbeatRequest;
import dev.surefoot.core.group.Heartbeat.HeartbeatResponse;
import dev.surefoot.core.group.JoinGroup.JoinGroupRequest;
import dev.surefoot.core.group.JoinGroup.JoinGroupResponse;
import dev.surefoot.core.group.SyncGroup.SyncGroupRequest;
import dev.surefoot.core.group.SyncGroup.SyncGroupResponse;
import dev.surefoot.core.handover.MemberAssignment;
import dev.surefoot.core.handover.MemberSubscription;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The states of a member of the classic protocol, and the ways into them. */
final class ClassicTableStates {
    static final TopicPartition T0 = new TopicPartition("t", 0);
    static final TopicPartition T1 = new TopicPartition("t", 1);

    private ClassicTableStates() {}

    static GroupSettings settings(@Nullable String instanceId, boolean cooperative, boolean stopsAtLapse) {
        return new GroupSettings(
                "g",
                instanceId,
                stopsAtLapse ? "rack" : null,
                GroupSettings.Protocol.CLASSIC,
                new GroupSettings.Timing(10_000, 3_000, 60_000, 20 * SECOND, 100 * MILLI, SECOND),
                cooperative ? List.of("cooperative-sticky") : List.of("range", "sticky"),
                cooperative,
                null,
                stopsAtLapse);
    }

    /** Adds every state, each reached anew for each input. */
    static void add(GoldenTable<TracedMember> table, GroupSettings settings) {
        table.state("outside", () -> new TracedMember(settings));
        table.state("joining", () -> joining(settings));
        table.state("awaiting metadata", () -> awaitingMetadata(settings));
        table.state("assigning", () -> assigning(settings));
        table.state("assigning, in work", () -> taken(assigning(settings)));
        table.state("syncing", () -> syncing(settings));
        table.state("taking", () -> taking(settings));
        table.state("taking, in work", () -> taken(taking(settings)));
        table.state("stable", () -> stable(settings));
        table.state("beating", () -> beating(settings));
        table.state("leading", () -> leading(settings));
        table.state("watching", () -> watching(settings));
        table.state("without coordinator", () -> withoutCoordinator(settings));
        table.state("preparing", () -> preparing(settings));
        table.state("rejoining", () -> rejoining(settings));
        table.state("backing off", () -> backingOff(settings));
        table.state("resyncing", () -> resyncing(settings));
        table.state("revoking", () -> revoking(settings));
        table.state("fenced", () -> fenced(settings));
        table.state("leaving", () -> leaving(settings));
        table.state("left", () -> left(settings));
    }

    static TracedMember joining(GroupSettings settings) {
        TracedMember member = new TracedMember(settings);
        member.describe();
        member.membership.subscribe(Set.of("t"), null, member.now);
        member.poll();
        member.findCoordinator();
        if (settings.instanceId() == null) {
            join(member, BrokerError.MEMBER_ID_REQUIRED, "m1");
        }
        return member;
    }

    static void join(TracedMember member, BrokerError error, String id) {
        member.answer(
                JoinGroupRequest.class,
                new JoinGroupResponse(0, error, error.code(), -1, null, null, "", id, false, Map.of()));
    }

    static void join(TracedMember member, String leader, @Nullable String assignor, boolean skips) {
        String asked = member.underWay(JoinGroupRequest.class).memberId();
        String id = asked.isEmpty() ? "m2" : asked;
        Map<String, MemberSubscription> all = new LinkedHashMap<>();
        if (leader.equals("me")) {
            all.put(id, new MemberSubscription(List.of("t"), null, List.of(), -1, null, null));
            all.put("other", new MemberSubscription(List.of("u"), null, List.of(), -1, null, null));
        }
        member.answer(
                JoinGroupRequest.class,
                new JoinGroupResponse(
                        0,
                        BrokerError.NONE,
                        (short) 0,
                        Math.max(0, member.membership.identity().epoch()) + 1,
                        "consumer",
                        assignor,
                        leader.equals("me") ? id : leader,
                        id,
                        skips,
                        all));
    }

    static void sync(TracedMember member, BrokerError error, @Nullable String assignor, TopicPartition... mine) {
        MemberAssignment assignment = error == BrokerError.NONE ? new MemberAssignment(List.of(mine), null) : null;
        member.answer(SyncGroupRequest.class, new SyncGroupResponse(0, error, error.code(), assignor, assignment));
    }

    static String assignor(TracedMember member) {
        return member.settings.assignors().get(0);
    }

    private static TracedMember syncing(GroupSettings settings) {
        TracedMember member = joining(settings);
        join(member, "other", assignor(member), false);
        return member;
    }

    private static TracedMember taking(GroupSettings settings) {
        TracedMember member = syncing(settings);
        sync(member, BrokerError.NONE, null, T0, T1);
        return member;
    }

    static TracedMember stable(GroupSettings settings) {
        TracedMember member = taking(settings);
        member.poll();
        return member;
    }

    private static TracedMember beating(GroupSettings settings) {
        TracedMember member = stable(settings);
        member.pass(3 * SECOND);
        return member;
    }

    private static TracedMember preparing(GroupSettings settings) {
        TracedMember member = beating(settings);
        beat(member, BrokerError.REBALANCE_IN_PROGRESS);
        return member;
    }

    static void beat(TracedMember member, BrokerError error) {
        member.answer(HeartbeatRequest.class, new HeartbeatResponse(0, error, error.code()));
    }

    private static TracedMember rejoining(GroupSettings settings) {
        TracedMember member = preparing(settings);
        member.poll();
        return member;
    }

    private static TracedMember resyncing(GroupSettings settings) {
        TracedMember member = rejoining(settings);
        join(member, "other", assignor(member), false);
        return member;
    }

    private static TracedMember revoking(GroupSettings settings) {
        TracedMember member = resyncing(settings);
        sync(member, BrokerError.NONE, assignor(member), T0);
        return member;
    }

    private static TracedMember awaitingMetadata(GroupSettings settings) {
        TracedMember member = joining(settings);
        join(member, "me", assignor(member), false);
        return member;
    }

    private static TracedMember assigning(GroupSettings settings) {
        TracedMember member = awaitingMetadata(settings);
        member.describe(Map.of("u", 1));
        return member;
    }

    static TracedMember leading(GroupSettings settings) {
        TracedMember member = assigning(settings);
        member.plan = new LinkedHashMap<>();
        member.plan.put("m1", new MemberAssignment(List.of(T0), null));
        member.poll();
        sync(member, BrokerError.NONE, null, T0);
        member.poll();
        return member;
    }

    private static TracedMember watching(GroupSettings settings) {
        TracedMember member = joining(settings);
        join(member, "me", assignor(member), true);
        sync(member, BrokerError.NONE, null, T0);
        member.poll();
        member.describe(Map.of("u", 1));
        return member;
    }

    private static TracedMember withoutCoordinator(GroupSettings settings) {
        TracedMember member = stable(settings);
        member.coordinator.forget(Objects.requireNonNull(member.coordinator.instance()), "gone");
        member.turn();
        return member;
    }

    private static TracedMember taken(TracedMember member) {
        member.inHand = member.take();
        return member;
    }

    private static TracedMember fenced(GroupSettings settings) {
        TracedMember member = beating(settings);
        beat(member, BrokerError.FENCED_INSTANCE_ID);
        return member;
    }

    private static TracedMember leaving(GroupSettings settings) {
        TracedMember member = stable(settings);
        member.membership.leave(Membership.Departure.DEFAULT, "bye", member.now);
        member.turn();
        return member;
    }

    private static TracedMember left(GroupSettings settings) {
        TracedMember member = leaving(settings);
        member.poll();
        return member;
    }

    private static TracedMember backingOff(GroupSettings settings) {
        TracedMember member = rejoining(settings);
        join(member, BrokerError.COORDINATOR_LOAD_IN_PROGRESS, "");
        return member;
    }
}

package dev.surefoot.core.group;

import static dev.surefoot.core.group.TracedMember.MILLI;
import static dev.surefoot.core.group.TracedMember.SECOND;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Readiness;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.group.Heartbeat.HeartbeatRequest;
import dev.surefoot.core.group.Heartbeat.HeartbeatResponse;
import dev.surefoot.core.group.JoinGroup.JoinGroupRequest;
import dev.surefoot.core.group.JoinGroup.JoinGroupResponse;
import dev.surefoot.core.group.LeaveGroup.LeaveGroupRequest;
import dev.surefoot.core.group.LeaveGroup.LeaveGroupResponse;
import dev.surefoot.core.group.SyncGroup.SyncGroupRequest;
import dev.surefoot.core.group.SyncGroup.SyncGroupResponse;
import dev.surefoot.core.handover.GroupNotice;
import dev.surefoot.core.handover.MemberAssignment;
import dev.surefoot.core.handover.MemberIdentity;
import dev.surefoot.core.handover.MemberSubscription;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What each input does to a member of the classic protocol in each of its states, requests and deadlines included. */
class ClassicMemberTableTest {
    private static final TopicPartition T0 = new TopicPartition("t", 0);
    private static final TopicPartition T1 = new TopicPartition("t", 1);
    private static final List<BrokerError> ERRORS = List.of(
            BrokerError.COORDINATOR_LOAD_IN_PROGRESS,
            BrokerError.NOT_COORDINATOR,
            BrokerError.ILLEGAL_GENERATION,
            BrokerError.UNKNOWN_MEMBER_ID,
            BrokerError.REBALANCE_IN_PROGRESS,
            BrokerError.FENCED_INSTANCE_ID,
            BrokerError.GROUP_AUTHORIZATION_FAILED);

    private static GroupSettings settings(@Nullable String instanceId, boolean cooperative, boolean stopsAtLapse) {
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

    // Ways into the states.

    private static TracedMember joining(GroupSettings settings) {
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

    private static void join(TracedMember member, BrokerError error, String id) {
        member.answer(
                JoinGroupRequest.class,
                new JoinGroupResponse(0, error, error.code(), -1, null, null, "", id, false, Map.of()));
    }

    private static void join(TracedMember member, String leader, @Nullable String assignor, boolean skips) {
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

    private static void sync(
            TracedMember member, BrokerError error, @Nullable String assignor, TopicPartition... mine) {
        MemberAssignment assignment = error == BrokerError.NONE ? new MemberAssignment(List.of(mine), null) : null;
        member.answer(SyncGroupRequest.class, new SyncGroupResponse(0, error, error.code(), assignor, assignment));
    }

    private static String assignor(TracedMember member) {
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

    private static TracedMember stable(GroupSettings settings) {
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

    private static void beat(TracedMember member, BrokerError error) {
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

    private static TracedMember leading(GroupSettings settings) {
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

    private static GoldenTable<TracedMember> table(GroupSettings settings) {
        GoldenTable<TracedMember> table = new GoldenTable<>();
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
        table.input("nothing", TracedMember::turn);
        answers(table);
        applicationsInputs(table);
        if (settings.instanceId() == null) {
            failures(table);
            surroundings(table);
        }
        return table;
    }

    // Inputs.

    private static void answers(GoldenTable<TracedMember> table) {
        Predicate<TracedMember> joins = member -> member.isUnderWay(JoinGroupRequest.class);
        table.input("join, another leads", joins, member -> join(member, "other", assignor(member), false));
        table.input("join, leads", joins, member -> join(member, "me", assignor(member), false));
        table.input("join, leads and skips", joins, member -> join(member, "me", assignor(member), true));
        table.input("join, unheard-of assignor", joins, member -> join(member, "other", "unheard-of", false));
        table.input("join, no assignor", joins, member -> join(member, "other", null, false));
        table.input("join MEMBER_ID_REQUIRED", joins, member -> join(member, BrokerError.MEMBER_ID_REQUIRED, "m3"));
        ERRORS.forEach(error -> table.input("join " + error, joins, member -> join(member, error, "")));
        Predicate<TracedMember> syncs = member -> member.isUnderWay(SyncGroupRequest.class);
        table.input("sync t-0", syncs, member -> sync(member, BrokerError.NONE, assignor(member), T0));
        table.input("sync both", syncs, member -> sync(member, BrokerError.NONE, null, T0, T1));
        table.input("sync nothing", syncs, member -> sync(member, BrokerError.NONE, null));
        table.input(
                "sync of another topic",
                syncs,
                member -> sync(member, BrokerError.NONE, null, new TopicPartition("x", 0)));
        table.input("sync by another assignor", syncs, member -> sync(member, BrokerError.NONE, "other", T0));
        ERRORS.forEach(error -> table.input("sync " + error, syncs, member -> sync(member, error, null)));
        Predicate<TracedMember> beats = member -> member.isUnderWay(HeartbeatRequest.class);
        table.input("beat", beats, member -> beat(member, BrokerError.NONE));
        ERRORS.forEach(error -> table.input("beat " + error, beats, member -> beat(member, error)));
        table.input(
                "leave answered",
                member -> member.isUnderWay(LeaveGroupRequest.class),
                member ->
                        member.answer(LeaveGroupRequest.class, new LeaveGroupResponse(0, BrokerError.NONE, (short) 0)));
    }

    private static void failures(GoldenTable<TracedMember> table) {
        List<Class<? extends Request<?>>> requests = List.of(
                JoinGroupRequest.class, SyncGroupRequest.class, HeartbeatRequest.class, LeaveGroupRequest.class);
        for (Class<? extends Request<?>> request : requests) {
            for (RequestFailure.Kind kind : RequestFailure.Kind.values()) {
                table.input(
                        request.getSimpleName() + " " + kind,
                        member -> member.isUnderWay(request),
                        member -> member.fail(request, kind));
            }
        }
    }

    private static void act(TracedMember member, Runnable action) {
        action.run();
        member.turn();
    }

    private static void applicationsInputs(GoldenTable<TracedMember> table) {
        table.input("subscribe to the same", m -> act(m, () -> m.membership.subscribe(Set.of("t"), null, m.now)));
        table.input("subscribe to u", m -> act(m, () -> m.membership.subscribe(Set.of("u"), null, m.now)));
        table.input("subscribe to more", m -> act(m, () -> m.membership.subscribe(Set.of("t", "u"), null, m.now)));
        table.input("enforce", m -> act(m, () -> m.membership.enforceRebalance("wanted")));
        for (Membership.Departure how : Membership.Departure.values()) {
            table.input("leave " + how, m -> act(m, () -> m.membership.leave(how, "bye", m.now)));
        }
        table.input(
                "leave twice",
                m -> act(m, () -> {
                    m.membership.leave(Membership.Departure.LEAVE, "bye", m.now);
                    m.membership.leave(Membership.Departure.LEAVE, "bye", m.now);
                }));
        table.input(
                "leave and subscribe",
                m -> act(m, () -> {
                    m.membership.leave(Membership.Departure.DEFAULT, "bye", m.now);
                    m.membership.subscribe(Set.of("u"), null, m.now);
                }));
        table.input(
                "answer with an old token",
                m -> act(m, () -> {
                    m.membership.taken(99, m.now);
                    m.membership.released(99, Set.of(T0), Map.of(), m.now);
                    m.membership.assignmentMade(99, Map.of(), m.now);
                    m.membership.assignmentFailed(99, TracedMember.thrown("x"), m.now);
                }));
        table.input(
                "the assignor throws",
                m -> m.inHand instanceof GroupNotice.AssignmentWanted,
                m -> act(
                        m,
                        () -> m.membership.assignmentFailed(
                                MemberWords.token(m.giveBack()), TracedMember.thrown("plan"), m.now)));
        for (BrokerError error : ERRORS) {
            table.input(
                    "commit refused " + error,
                    m -> act(m, () -> m.membership.commitRefused(error, m.membership.identity(), m.now)));
        }
        table.input(
                "commit of an earlier identity refused",
                m -> act(
                        m,
                        () -> m.membership.commitRefused(
                                BrokerError.UNKNOWN_MEMBER_ID, new MemberIdentity("g", "m0", 7, null, 99), m.now)));
        table.input("no poll for too long", m -> m.pass(61 * SECOND));
        table.input("polls on and on", m -> {
            m.enterPoll();
            m.pass(70 * SECOND);
        });
    }

    private static void surroundings(GoldenTable<TracedMember> table) {
        table.input("metadata again", m -> m.describe(Map.of("u", 1)));
        table.input("a new partition", m -> m.describe(Map.of("t", 3, "u", 1)));
        table.input("metadata twice", m -> {
            m.describe();
            m.describe();
        });
        table.input("time to the next deadlines", m -> IntStream.range(0, 6).forEach(i -> m.passToDeadline()));
        table.input("nobody can be reached", m -> {
            m.readiness = new Readiness.Failed(TracedMember.failure(RequestFailure.Kind.DISCONNECTED));
            m.pass(4 * SECOND);
        });
        table.input("credentials are refused", m -> {
            m.readiness = new Readiness.Failed(TracedMember.failure(RequestFailure.Kind.AUTHENTICATION));
            m.noBroker = TracedMember.failure(RequestFailure.Kind.AUTHENTICATION);
            m.pass(4 * SECOND);
        });
        table.input("connections are being made", m -> {
            m.readiness = new Readiness.NotYet(Readiness.Cause.CONNECTING, Long.MAX_VALUE);
            m.pass(4 * SECOND);
        });
        table.input("the transport refuses", m -> {
            m.refusesRequests = true;
            m.pass(4 * SECOND);
            m.refusesRequests = false;
            m.turn();
        });
        table.input("a session without answers", m -> m.pass(11 * SECOND));
    }

    /** What follows at once, what follows when the application polls, and what follows in time. */
    private static String row(TracedMember member, Consumer<TracedMember> input) {
        member.takeTrace();
        input.accept(member);
        StringBuilder row = new StringBuilder(member.takeTrace());
        GroupNotice inHand = member.inHand;
        if (inHand != null) {
            member.giveBack();
            member.settle(inHand);
        }
        member.poll();
        row.append(" / ").append(member.takeTrace());
        member.findCoordinator();
        member.passToDeadline();
        member.findCoordinator();
        return row.append(" / ").append(member.takeTrace()).toString();
    }

    @Test
    void eager() {
        table(settings(null, false, false)).compare("classic-eager.txt", ClassicMemberTableTest::row);
    }

    @Test
    void cooperativeThatStopsAtTheLapse() {
        table(settings(null, true, true)).compare("classic-cooperative.txt", ClassicMemberTableTest::row);
    }

    @Test
    void eagerStatic() {
        table(settings("static", false, false)).compare("classic-static.txt", ClassicMemberTableTest::row);
    }
}

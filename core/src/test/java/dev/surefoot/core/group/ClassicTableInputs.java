package dev.surefoot.core.group;

import static dev.surefoot.core.group.ClassicTableStates.T0;
import static dev.surefoot.core.group.ClassicTableStates.T1;
import static dev.surefoot.core.group.ClassicTableStates.assignor;
import static dev.surefoot.core.group.ClassicTableStates.beat;
import static dev.surefoot.core.group.ClassicTableStates.join;
import static dev.surefoot.core.group.ClassicTableStates.settings;
import static dev.surefoot.core.group.ClassicTableStates.sync;
import static dev.surefoot.core.group.TracedMember.SECOND;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Readiness;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.group.Heartbeat.HeartbeatRequest;
import dev.surefoot.core.group.JoinGroup.JoinGroupRequest;
import dev.surefoot.core.group.LeaveGroup.LeaveGroupRequest;
import dev.surefoot.core.group.LeaveGroup.LeaveGroupResponse;
import dev.surefoot.core.group.SyncGroup.SyncGroupRequest;
import dev.surefoot.core.handover.GroupNotice;
import dev.surefoot.core.handover.MemberIdentity;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;

/** Every state of a member of the classic protocol, with every input. */
final class ClassicTableInputs {
    private static final List<BrokerError> ERRORS = List.of(
            BrokerError.COORDINATOR_LOAD_IN_PROGRESS,
            BrokerError.NOT_COORDINATOR,
            BrokerError.ILLEGAL_GENERATION,
            BrokerError.UNKNOWN_MEMBER_ID,
            BrokerError.REBALANCE_IN_PROGRESS,
            BrokerError.FENCED_INSTANCE_ID,
            BrokerError.GROUP_AUTHORIZATION_FAILED);

    private ClassicTableInputs() {}

    static GoldenTable<TracedMember> table(GroupSettings settings) {
        GoldenTable<TracedMember> table = new GoldenTable<>();
        ClassicTableStates.add(table, settings);
        table.input("nothing", TracedMember::turn);
        answers(table);
        applicationsInputs(table);
        failures(table);
        surroundings(table);
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
                TracedMember::throwFromAssignor);
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
        ConnectionInputs.addTo(table);
    }
}

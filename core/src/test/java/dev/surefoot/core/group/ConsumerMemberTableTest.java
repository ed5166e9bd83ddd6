package dev.surefoot.core.group;

import static dev.surefoot.core.group.TracedMember.MILLI;
import static dev.surefoot.core.group.TracedMember.SECOND;
import static dev.surefoot.core.group.TracedMember.T;
import static dev.surefoot.core.group.TracedMember.U;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Readiness;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.group.ConsumerGroupHeartbeat.ConsumerGroupHeartbeatRequest;
import dev.surefoot.core.group.ConsumerGroupHeartbeat.ConsumerGroupHeartbeatResponse;
import dev.surefoot.core.handover.GroupNotice;
import dev.surefoot.core.handover.MemberIdentity;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What each input does to a member of the consumer protocol in each of its states, requests and deadlines included. */
class ConsumerMemberTableTest {
    private static final List<BrokerError> ERRORS = List.of(
            BrokerError.NOT_COORDINATOR,
            BrokerError.COORDINATOR_LOAD_IN_PROGRESS,
            BrokerError.FENCED_MEMBER_EPOCH,
            BrokerError.UNKNOWN_MEMBER_ID,
            BrokerError.GROUP_ID_NOT_FOUND,
            BrokerError.UNRELEASED_INSTANCE_ID,
            BrokerError.FENCED_INSTANCE_ID,
            BrokerError.TOPIC_AUTHORIZATION_FAILED,
            BrokerError.GROUP_AUTHORIZATION_FAILED);

    private static GroupSettings settings(@Nullable String instanceId, boolean stopsAtLapse) {
        return new GroupSettings(
                "g",
                instanceId,
                "rack",
                GroupSettings.Protocol.CONSUMER,
                new GroupSettings.Timing(10_000, 3_000, 60_000, 20 * SECOND, 100 * MILLI, SECOND),
                List.of(),
                false,
                "uniform",
                stopsAtLapse);
    }

    private static Map<Uuid, Set<Integer>> assignment(Uuid topic, Integer... partitions) {
        Map<Uuid, Set<Integer>> assignment = new TreeMap<>();
        assignment.put(topic, new TreeSet<>(List.of(partitions)));
        return assignment;
    }

    private static void beat(TracedMember member, int epoch, @Nullable Map<Uuid, Set<Integer>> assignment) {
        member.answer(
                ConsumerGroupHeartbeatRequest.class,
                new ConsumerGroupHeartbeatResponse(
                        0, BrokerError.NONE, (short) 0, null, "m", epoch, 2_000, assignment));
    }

    private static void refuse(TracedMember member, BrokerError error) {
        member.answer(
                ConsumerGroupHeartbeatRequest.class,
                new ConsumerGroupHeartbeatResponse(0, error, error.code(), "words", null, 0, 0, null));
    }

    // Ways into the states.

    private static TracedMember joining(GroupSettings settings) {
        TracedMember member = new TracedMember(settings);
        member.describe();
        member.membership.subscribe(Set.of("t"), null, member.now);
        member.poll();
        member.findCoordinator();
        return member;
    }

    private static TracedMember joinedWithNothing(GroupSettings settings) {
        TracedMember member = joining(settings);
        beat(member, 1, Map.of());
        member.poll();
        return member;
    }

    private static TracedMember taking(GroupSettings settings) {
        TracedMember member = joining(settings);
        beat(member, 2, assignment(T, 0, 1));
        return member;
    }

    private static TracedMember acknowledging(GroupSettings settings) {
        TracedMember member = taking(settings);
        member.poll();
        return member;
    }

    private static TracedMember stable(GroupSettings settings) {
        TracedMember member = acknowledging(settings);
        beat(member, 2, null);
        return member;
    }

    private static TracedMember beating(GroupSettings settings) {
        TracedMember member = stable(settings);
        member.pass(2 * SECOND);
        return member;
    }

    private static TracedMember revoking(GroupSettings settings) {
        TracedMember member = beating(settings);
        beat(member, 2, assignment(T, 0));
        return member;
    }

    private static TracedMember revokingWhileBeating(GroupSettings settings) {
        TracedMember member = revoking(settings);
        member.pass(2 * SECOND);
        return member;
    }

    private static TracedMember released(GroupSettings settings) {
        TracedMember member = revoking(settings);
        member.enterPoll();
        member.settle(Objects.requireNonNull(member.take()));
        return member;
    }

    private static TracedMember unresolved(GroupSettings settings) {
        TracedMember member = beating(settings);
        Map<Uuid, Set<Integer>> both = assignment(U, 0);
        both.putAll(assignment(T, 0, 1));
        beat(member, 3, both);
        return member;
    }

    private static TracedMember fenced(GroupSettings settings) {
        TracedMember member = beating(settings);
        refuse(member, BrokerError.FENCED_MEMBER_EPOCH);
        return member;
    }

    private static TracedMember preparingLeave(GroupSettings settings) {
        TracedMember member = stable(settings);
        member.membership.leave(Membership.Departure.DEFAULT, "bye", member.now);
        member.turn();
        return member;
    }

    private static TracedMember preparingLeaveWhileBeating(GroupSettings settings) {
        TracedMember member = preparingLeave(settings);
        member.pass(2 * SECOND);
        return member;
    }

    private static TracedMember left(GroupSettings settings) {
        TracedMember member = preparingLeave(settings);
        member.poll();
        return member;
    }

    private static TracedMember stale(GroupSettings settings) {
        TracedMember member = stable(settings);
        for (int i = 0; i < 40 && member.membership.isMember(); i++) {
            member.passToDeadline();
            if (member.isUnderWay(ConsumerGroupHeartbeatRequest.class) && member.membership.isMember()) {
                beat(member, 2, null);
            }
        }
        return member;
    }

    private static TracedMember fatal(GroupSettings settings) {
        TracedMember member = beating(settings);
        refuse(member, BrokerError.GROUP_AUTHORIZATION_FAILED);
        return member;
    }

    private static TracedMember withoutCoordinator(GroupSettings settings) {
        TracedMember member = stable(settings);
        member.coordinator.forget(Objects.requireNonNull(member.coordinator.instance()), "gone");
        member.turn();
        return member;
    }

    private static TracedMember byPattern(GroupSettings settings) {
        TracedMember member = new TracedMember(settings);
        member.describe();
        member.membership.subscribe(Set.of(), "t.*", member.now);
        member.poll();
        member.findCoordinator();
        beat(member, 2, assignment(T, 0));
        member.poll();
        beat(member, 2, null);
        return member;
    }

    private static TracedMember inWork(TracedMember member) {
        member.inHand = member.take();
        if (member.inHand instanceof GroupNotice.Identified) {
            member.inHand = member.take();
        }
        return member;
    }

    private static GoldenTable<TracedMember> table(GroupSettings settings) {
        GoldenTable<TracedMember> table = new GoldenTable<>();
        table.state("unsubscribed", () -> new TracedMember(settings));
        table.state("joining", () -> joining(settings));
        table.state("joined with nothing", () -> joinedWithNothing(settings));
        table.state("taking", () -> taking(settings));
        table.state("taking, in work", () -> inWork(taking(settings)));
        table.state("acknowledging", () -> acknowledging(settings));
        table.state("stable", () -> stable(settings));
        table.state("beating", () -> beating(settings));
        table.state("revoking", () -> revoking(settings));
        table.state("revoking, in work", () -> inWork(revokingWhileBeating(settings)));
        table.state("released", () -> released(settings));
        table.state("with an unknown topic", () -> unresolved(settings));
        table.state("fenced", () -> fenced(settings));
        table.state("fenced, in work", () -> inWork(fenced(settings)));
        table.state("before leaving", () -> preparingLeave(settings));
        table.state("before leaving, beating", () -> preparingLeaveWhileBeating(settings));
        table.state("left", () -> left(settings));
        table.state("stale", () -> stale(settings));
        table.state("fatal", () -> fatal(settings));
        table.state("without coordinator", () -> withoutCoordinator(settings));
        table.state("by pattern", () -> byPattern(settings));
        table.input("nothing", TracedMember::turn);
        answers(table);
        applicationsInputs(table);
        surroundings(table);
        return table;
    }

    // Inputs.

    private static void answers(GoldenTable<TracedMember> table) {
        Predicate<TracedMember> beats = member -> member.isUnderWay(ConsumerGroupHeartbeatRequest.class);
        table.input("beat", beats, member -> beat(member, 2, null));
        table.input("beat at the next epoch", beats, member -> beat(member, 3, null));
        table.input("beat at epoch 0", beats, member -> beat(member, 0, null));
        table.input("beat with nothing", beats, member -> beat(member, 3, Map.of()));
        table.input("beat with t-0", beats, member -> beat(member, 3, assignment(T, 0)));
        table.input("beat with the same", beats, member -> beat(member, 3, assignment(T, 0, 1)));
        table.input("beat with an unknown topic", beats, member -> beat(member, 3, assignment(U, 0)));
        ERRORS.forEach(error -> table.input("beat " + error, beats, member -> refuse(member, error)));
        table.input("fenced twice", beats, member -> {
            refuse(member, BrokerError.FENCED_MEMBER_EPOCH);
            member.poll();
            if (member.isUnderWay(ConsumerGroupHeartbeatRequest.class)) {
                refuse(member, BrokerError.FENCED_MEMBER_EPOCH);
            }
        });
        for (RequestFailure.Kind kind : RequestFailure.Kind.values()) {
            table.input("beat " + kind, beats, member -> member.fail(ConsumerGroupHeartbeatRequest.class, kind));
        }
    }

    private static void act(TracedMember member, Runnable action) {
        action.run();
        member.turn();
    }

    private static void applicationsInputs(GoldenTable<TracedMember> table) {
        table.input("subscribe to the same", m -> act(m, () -> m.membership.subscribe(Set.of("t"), null, m.now)));
        table.input("subscribe to u", m -> act(m, () -> m.membership.subscribe(Set.of("u"), null, m.now)));
        table.input("subscribe by pattern", m -> act(m, () -> m.membership.subscribe(Set.of(), "u.*", m.now)));
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
                    m.membership.released(99, Set.of(new TopicPartition("t", 0)), Map.of(), m.now);
                }));
        for (BrokerError error : List.of(
                BrokerError.UNKNOWN_MEMBER_ID,
                BrokerError.STALE_MEMBER_EPOCH,
                BrokerError.FENCED_INSTANCE_ID,
                BrokerError.REBALANCE_IN_PROGRESS)) {
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
            m.pass(30 * SECOND);
        });
    }

    private static void surroundings(GoldenTable<TracedMember> table) {
        table.input("metadata of u", m -> m.describe(Map.of("u", 1)));
        table.input("time to the next deadlines", m -> IntStream.range(0, 6).forEach(i -> m.passToDeadline()));
        table.input("nobody can be reached", m -> {
            m.readiness = new Readiness.Failed(TracedMember.failure(RequestFailure.Kind.DISCONNECTED));
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
        if (member.inHand != null) {
            member.settle(member.giveBack());
        }
        member.poll();
        row.append(" / ").append(member.takeTrace());
        member.findCoordinator();
        member.passToDeadline();
        member.findCoordinator();
        return row.append(" / ").append(member.takeTrace()).toString();
    }

    @Test
    void dynamic() {
        table(settings(null, true)).compare("consumer-dynamic.txt", ConsumerMemberTableTest::row);
    }

    @Test
    void staticThatGoesOnAtTheLapse() {
        table(settings("static", false)).compare("consumer-static.txt", ConsumerMemberTableTest::row);
    }
}

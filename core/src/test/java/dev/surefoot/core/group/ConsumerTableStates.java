package dev.surefoot.core.group;

import static dev.surefoot.core.group.TracedMember.MILLI;
import static dev.surefoot.core.group.TracedMember.SECOND;
import static dev.surefoot.core.group.TracedMember.T;
import static dev.surefoot.core.group.TracedMember.U;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.group.ConsumerGroupHeartbeat.ConsumerGroupHeartbeatRequest;
import dev.surefoot.core.group.ConsumerGroupHeartbeat.ConsumerGroupHeartbeatResponse;
import dev.surefoot.core.handover.GroupNotice;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** The states of a member of the consumer protocol, and the ways into them. */
final class ConsumerTableStates {
    private ConsumerTableStates() {}

    static GroupSettings settings(@Nullable String instanceId, boolean stopsAtLapse) {
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

    static Map<Uuid, Set<Integer>> assignment(Uuid topic, Integer... partitions) {
        Map<Uuid, Set<Integer>> assignment = new TreeMap<>();
        assignment.put(topic, new TreeSet<>(List.of(partitions)));
        return assignment;
    }

    static void beat(TracedMember member, int epoch, @Nullable Map<Uuid, Set<Integer>> assignment) {
        member.answer(
                ConsumerGroupHeartbeatRequest.class,
                new ConsumerGroupHeartbeatResponse(
                        0, BrokerError.NONE, (short) 0, null, "m", epoch, TracedMember.INTERVAL_MS, assignment));
    }

    static void refuse(TracedMember member, BrokerError error) {
        member.answer(
                ConsumerGroupHeartbeatRequest.class,
                new ConsumerGroupHeartbeatResponse(0, error, error.code(), "words", null, 0, 0, null));
    }

    /** Adds every state, each reached anew for each input. */
    static void add(GoldenTable<TracedMember> table, GroupSettings settings) {
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
    }

    static TracedMember joining(GroupSettings settings) {
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

    static TracedMember stable(GroupSettings settings) {
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
}

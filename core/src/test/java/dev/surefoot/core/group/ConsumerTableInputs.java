package dev.surefoot.core.group;

import static dev.surefoot.core.group.ConsumerTableStates.assignment;
import static dev.surefoot.core.group.ConsumerTableStates.beat;
import static dev.surefoot.core.group.ConsumerTableStates.refuse;
import static dev.surefoot.core.group.TracedMember.SECOND;
import static dev.surefoot.core.group.TracedMember.T;
import static dev.surefoot.core.group.TracedMember.U;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Readiness;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.group.ConsumerGroupHeartbeat.ConsumerGroupHeartbeatRequest;
import dev.surefoot.core.handover.MemberIdentity;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;

/** Every state of a member of the consumer protocol, with every input. */
final class ConsumerTableInputs {
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

    private ConsumerTableInputs() {}

    static GoldenTable<TracedMember> table(GroupSettings settings) {
        GoldenTable<TracedMember> table = new GoldenTable<>();
        ConsumerTableStates.add(table, settings);
        table.input("nothing", TracedMember::turn);
        answers(table);
        applicationsInputs(table);
        surroundings(table);
        return table;
    }

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
        ConnectionInputs.addTo(table);
    }
}

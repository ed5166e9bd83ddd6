package dev.surefoot.core.group;

import static dev.surefoot.core.group.TracedMember.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.exchange.Readiness;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.group.ConsumerGroupHeartbeat.ConsumerGroupHeartbeatRequest;
import dev.surefoot.core.group.FindCoordinator.FindCoordinatorRequest;
import dev.surefoot.core.group.Heartbeat.HeartbeatRequest;
import dev.surefoot.core.group.LeaveGroup.LeaveGroupRequest;
import dev.surefoot.core.handover.GroupNotice;
import dev.surefoot.core.time.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * From every state, and after every input in it, a member that meets no more faults gets all its partitions, keeps them
 * in peace, and leaves when it is to; or it says why it never will. {@link MemberRules} holds on the way.
 */
class MemberRulesTest {
    private static final long SETTLING_NANOS = 15 * SECOND;

    private static void recover(TracedMember member, Consumer<TracedMember> input) {
        member.traces = false;
        input.accept(member);
        GroupNotice inHand = member.inHand;
        if (inHand != null) {
            member.giveBack();
            member.settle(inHand);
        }
        member.readiness = new Readiness.Ready(true, true);
        member.noBroker = null;
        member.refusesRequests = false;
        int raised = member.rules.raised;
        member.membership.subscribe(Set.of("t"), null, member.now);
        boolean refused = member.rules.raised > raised;
        member.sent.clear();
        SoundCoordinator coordinator = new SoundCoordinator(member);
        coordinator.serve(SETTLING_NANOS);
        if (refused) {
            assertThat(member.sent)
                    .as("G35: nothing is sent by a member that is fenced")
                    .allMatch(FindCoordinatorRequest.class::isInstance);
            assertThat(member.membership.owned()).isEmpty();
            assertThat(member.membership.isMember()).isFalse();
        } else {
            isStable(member);
            staysStable(member, coordinator);
        }
        leaves(member, coordinator, refused);
    }

    private static void isStable(TracedMember member) {
        assertThat(member.membership.isMember()).as("G38: a member").isTrue();
        assertThat(member.membership.isRebalancing()).as("G38: stable").isFalse();
        assertThat(member.membership.isLeaving()).isFalse();
        assertThat(member.membership.owned())
                .as("G38: owns all partitions")
                .containsExactly(new TopicPartition("t", 0), new TopicPartition("t", 1));
        assertThat(member.membership.topicsOfInterest()).contains("t");
        assertThat(member.membership.unresolvedTopics()).isEmpty();
    }

    private static void staysStable(TracedMember member, SoundCoordinator coordinator) {
        int started = member.rules.started;
        int raised = member.rules.raised;
        member.sent.clear();
        boolean classic = member.settings.protocol() == GroupSettings.Protocol.CLASSIC;
        coordinator.serve(10 * (classic ? 3 : 2) * SECOND);
        Class<?> beat = classic ? HeartbeatRequest.class : ConsumerGroupHeartbeatRequest.class;
        assertThat(member.sent)
                .as("G27: heartbeats at their interval, and G39: nothing else")
                .hasSizeBetween(9, 11)
                .allMatch(beat::isInstance);
        assertThat(member.rules.started).as("G39: no rebalance").isEqualTo(started);
        assertThat(member.rules.raised).isEqualTo(raised);
        isStable(member);
    }

    private static void leaves(TracedMember member, SoundCoordinator coordinator, boolean refused) {
        member.sent.clear();
        int lefts = member.lefts;
        member.membership.leave(Membership.Departure.LEAVE, "bye", member.now);
        member.turn();
        coordinator.serve(SECOND);
        assertThat(member.lefts).as("the application is told once").isEqualTo(lefts + 1);
        assertThat(member.membership.isMember()).isFalse();
        assertThat(member.membership.isLeaving()).isFalse();
        assertThat(member.membership.owned()).isEmpty();
        List<Request<?>> leaves =
                member.sent.stream().filter(MemberRulesTest::isLeave).toList();
        assertThat(leaves).as("G34: the coordinator is told once").hasSize(refused ? 0 : 1);
        coordinator.serve(SECOND);
        assertThat(member.dueNanos()).as("nothing is left to do").isEqualTo(Deadline.NEVER);
    }

    private static boolean isLeave(Request<?> request) {
        return request instanceof LeaveGroupRequest
                || (request instanceof ConsumerGroupHeartbeatRequest beat && beat.epoch() == -1);
    }

    private enum Kind {
        EAGER,
        COOPERATIVE_THAT_STOPS_AT_THE_LAPSE,
        EAGER_STATIC,
        OF_THE_CONSUMER_PROTOCOL_THAT_STOPS_AT_THE_LAPSE,
        OF_THE_CONSUMER_PROTOCOL_STATIC;

        GoldenTable<TracedMember> table() {
            GoldenTable<TracedMember> table = tableOfKind();
            table.state("looking for the coordinator", () -> searching(settings()));
            return table;
        }

        private GroupSettings settings() {
            return switch (this) {
                case EAGER -> ClassicTableStates.settings(null, false, false);
                case COOPERATIVE_THAT_STOPS_AT_THE_LAPSE -> ClassicTableStates.settings(null, true, true);
                case EAGER_STATIC -> ClassicTableStates.settings("static", false, false);
                case OF_THE_CONSUMER_PROTOCOL_THAT_STOPS_AT_THE_LAPSE -> ConsumerTableStates.settings(null, true);
                case OF_THE_CONSUMER_PROTOCOL_STATIC -> ConsumerTableStates.settings("static", false);
            };
        }

        private GoldenTable<TracedMember> tableOfKind() {
            return switch (settings().protocol()) {
                case CLASSIC -> ClassicTableInputs.table(settings());
                case CONSUMER -> ConsumerTableInputs.table(settings());
            };
        }
    }

    /** Subscribed and in poll, and no broker has named the coordinator yet. */
    private static TracedMember searching(GroupSettings settings) {
        TracedMember member = new TracedMember(settings);
        member.describe();
        member.membership.subscribe(Set.of("t"), null, member.now);
        member.poll();
        return member;
    }

    /**
     * One test for each state, so that a mutant costs the walk from the states that reach it, up to the first failure.
     */
    static List<Arguments> everyStateOfEveryKind() {
        List<Arguments> all = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            kind.table().states().forEach(state -> all.add(Arguments.of(kind, state)));
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("everyStateOfEveryKind")
    void fromEveryStateAfterEveryInputAMemberRecovers(Kind kind, String state) {
        kind.table().walk(state, MemberRulesTest::recover);
    }
}

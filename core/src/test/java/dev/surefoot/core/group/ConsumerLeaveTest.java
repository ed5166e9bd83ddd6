package dev.surefoot.core.group;

import static dev.surefoot.core.group.ConsumerWorld.orders;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Readiness;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.group.ConsumerGroupHeartbeat.ConsumerGroupHeartbeatRequest;
import dev.surefoot.core.group.Membership.Departure;
import dev.surefoot.core.handover.GroupNotice;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.DisconnectException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a membership ends by the application's wish or absence. */
class ConsumerLeaveTest {
    private static final Uuid UNKNOWN = new Uuid(9, 9);

    private ConsumerWorld world = new ConsumerWorld();

    @Test
    void whoHasNeverAskedToJoinDoesNotLeaveForWantOfPolls() {
        world.readiness = new Readiness.NotYet(Readiness.Cause.CONNECTING, Long.MAX_VALUE);
        world.subscribe("orders");
        world.enterPoll();
        world.leavePoll();
        world.pass(ConsumerWorld.MAX_POLL_MS);
        world.readiness = new Readiness.Ready(true, true);
        world.turn();
        assertThat(world.sent).isEmpty();
        assertThat(world.membership.isLeaving()).isFalse();

        world.enterPoll();
        assertThat(world.onlyRequest().epoch()).isZero();
    }

    @Test
    void whoHasLeftWantsNoTopicsOfItsTarget() {
        world.makeStable(3, orders(0));
        world.pass(ConsumerWorld.INTERVAL_MS);
        world.answer(3, Map.of(ConsumerWorld.ORDERS, Set.of(0), ConsumerWorld.BILLS, Set.of(), UNKNOWN, Set.of(0)));
        assertThat(world.membership.topicsOfInterest()).contains("bills");
        assertThat(world.membership.unresolvedTopics()).containsExactly(UNKNOWN);
        world.leave(Departure.DEFAULT);
        world.takeAndSettle();

        assertThat(world.membership.topicsOfInterest()).doesNotContain("bills");
        assertThat(world.membership.unresolvedTopics()).isEmpty();
    }

    @Test
    void aMemberGivesEverythingUpBeforeItLeaves() {
        world.makeStable(3, orders(0, 1));
        world.leave(Departure.DEFAULT);
        assertThat(world.told()).containsExactly("revoked[orders-0, orders-1]");
        assertThat(world.held).hasSize(2);
        assertThat(world.membership.isLeaving()).isTrue();
        world.pass(ConsumerWorld.INTERVAL_MS);
        assertThat(world.onlyRequest().epoch()).as("heartbeats go on").isEqualTo(3);
        world.answer(3, orders());
        assertThat(world.mail).as("no assignment is taken any more").hasSize(1);

        world.takeAndSettle();
        ConsumerGroupHeartbeatRequest leave = world.onlyRequest();
        assertThat(leave)
                .isEqualTo(new ConsumerGroupHeartbeatRequest(
                        5,
                        "g",
                        ConsumerWorld.MEMBER.toString(),
                        -1,
                        null,
                        null,
                        -1,
                        null,
                        null,
                        null,
                        null,
                        30_000_000_000L));
        assertThat(world.told()).containsExactly("left");
        assertThat(world.membership.isMember()).isFalse();
        assertThat(world.membership.isLeaving()).isTrue();
        world.answer(-1, null);
        assertThat(world.membership.isLeaving()).isFalse();
        world.enterPoll();
        world.pass(60_000);
        assertThat(world.wire).isEmpty();
        assertThat(world.mail).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "DEFAULT, , -1",
        "LEAVE, , -1",
        "REMAIN, , 0",
        "DEFAULT, i, -2",
        "LEAVE, i, -1",
        "REMAIN, i, -2",
    })
    void aLeaveSaysWhetherTheMemberWillReturn(Departure how, @Nullable String instanceId, int epoch) {
        world = new ConsumerWorld(ConsumerWorld.settings(instanceId, false));
        world.makeStable(3, orders(0));
        world.leave(how);
        world.takeAndSettle();

        if (epoch == 0) {
            assertThat(world.wire).isEmpty();
            assertThat(world.membership.isLeaving()).isFalse();
        } else {
            assertThat(world.onlyRequest().epoch()).isEqualTo(epoch);
            assertThat(world.onlyRequest().instanceId()).isEqualTo(instanceId);
        }
        assertThat(world.told()).containsExactly("left");
    }

    @Test
    void whoNeverJoinedLeavesAtOnceAndSaysNothing() {
        world.leave(Departure.DEFAULT);
        assertThat(world.told()).containsExactly("left");
        world.subscribe("orders");
        world.leave(Departure.DEFAULT);
        assertThat(world.told()).containsExactly("left", "left");
        world.enterPoll();
        assertThat(world.wire).isEmpty();
    }

    @Test
    void whoOwnsNothingLeavesAtOnceBehindTheJoinUnderWay() {
        world.subscribe("orders");
        world.enterPoll();
        ConsumerWorld.OnWire join = world.takeWire();
        world.leave(Departure.DEFAULT);

        assertThat(world.onlyRequest().epoch()).isEqualTo(-1);
        assertThat(world.told()).containsExactly("left");
        world.answer(join, 1, orders(0));
        assertThat(world.told()).containsExactly("left");
        assertThat(world.membership.isMember()).isFalse();
    }

    @Test
    void aLeaveBeforeTheJoinWasSentIsNotSent() {
        world.readiness = new Readiness.NotYet(Readiness.Cause.CONNECTING, Long.MAX_VALUE);
        world.subscribe("orders");
        world.enterPoll();
        world.leave(Departure.DEFAULT);
        world.readiness = new Readiness.Ready(true, true);
        world.turn();

        assertThat(world.wire).isEmpty();
        assertThat(world.told()).containsExactly("left");
    }

    @Test
    void aLeaveIsNotSentToACoordinatorThatIsNotKnown() {
        world.makeStable(3, orders(0));
        world.known = false;
        world.pass(ConsumerWorld.INTERVAL_MS);
        world.refuse(BrokerError.NOT_COORDINATOR);
        world.leave(Departure.DEFAULT);
        world.takeAndSettle();
        assertThat(world.told()).containsExactly("left");
        assertThat(world.membership.isLeaving()).isFalse();

        world.known = true;
        world.pass(10_000);
        assertThat(world.wire).isEmpty();
    }

    @Test
    void aLeaveWaitsForItsConnectionAndNotForOneThatFails() {
        world.makeStable(3, orders());
        world.readiness = new Readiness.NotYet(Readiness.Cause.WRITING, Long.MAX_VALUE);
        world.leave(Departure.DEFAULT);
        assertThat(world.membership.isLeaving()).isTrue();
        assertThat(world.told()).containsExactly("left");

        world.readiness = new Readiness.Failed(
                new RequestFailure(RequestFailure.Kind.DISCONNECTED, new DisconnectException("gone")));
        world.turn();
        assertThat(world.membership.isLeaving()).isFalse();
        assertThat(world.wire).isEmpty();
    }

    @Test
    void aRevocationThatWasNotTakenBecomesOneOfEverything() {
        world.makeStable(3, orders(0, 1));
        world.pass(ConsumerWorld.INTERVAL_MS);
        world.answer(3, orders(0));
        world.leave(Departure.DEFAULT);

        assertThat(world.told()).containsExactly("revoked[orders-0, orders-1]");
        world.takeAndSettle();
        assertThat(world.told()).containsExactly("left");
        assertThat(world.onlyRequest().epoch()).isEqualTo(-1);
    }

    @Test
    void aRevocationThatWasTakenIsFollowedByOneOfTheRest() {
        world.makeStable(3, orders(0, 1));
        world.pass(ConsumerWorld.INTERVAL_MS);
        world.answer(3, orders(0));
        GroupNotice revoked = world.take();
        world.leave(Departure.DEFAULT);
        assertThat(world.mail).isEmpty();
        world.settle(revoked);

        assertThat(world.takeAndSettle()).isEqualTo("revoked[orders-0]");
        assertThat(world.told()).containsExactly("left");
    }

    @Test
    void fencingDuringTheLeaveEndsItWithoutAWord() {
        world.makeStable(3, orders(0));
        world.leave(Departure.DEFAULT);
        world.pass(ConsumerWorld.INTERVAL_MS);
        world.refuse(BrokerError.UNKNOWN_MEMBER_ID);

        assertThat(world.takeAndSettle()).isEqualTo("lost[orders-0]");
        assertThat(world.told()).containsExactly("left");
        world.enterPoll();
        world.pass(10_000);
        assertThat(world.wire).isEmpty();
    }

    @Test
    void aRefusalForGoodDuringTheLeaveEndsItToo() {
        world.makeStable(3, orders(0));
        world.leave(Departure.DEFAULT);
        world.pass(ConsumerWorld.INTERVAL_MS);
        world.refuse(BrokerError.GROUP_AUTHORIZATION_FAILED);

        assertThat(world.takeAndSettle()).isEqualTo("lost[orders-0]");
        assertThat(world.told()).containsExactly("left");
        assertThat(world.wire).isEmpty();
    }

    @Test
    void aLeaveAfterFencingWaitsForWhatIsLost() {
        world.makeStable(3, orders(0));
        world.pass(ConsumerWorld.INTERVAL_MS);
        world.refuse(BrokerError.FENCED_MEMBER_EPOCH);
        world.leave(Departure.DEFAULT);
        assertThat(world.told()).containsExactly("lost[orders-0]");

        world.takeAndSettle();
        assertThat(world.told()).containsExactly("left");
        assertThat(world.wire).isEmpty();
    }

    @Test
    void aSubscriptionAfterTheLeaveJoinsUnderTheSameIdAsAnotherIncarnation() {
        world.makeStable(3, orders(0));
        long first = world.membership.identity().incarnation();
        world.leave(Departure.DEFAULT);
        world.takeAndSettle();
        world.answer(-1, null);
        world.mail.clear();
        world.pass(10);
        world.leavePoll();
        world.pass(10);
        world.subscribe("orders");
        assertThat(world.wire).isEmpty();

        world.enterPoll();
        assertThat(world.onlyRequest().epoch()).isZero();
        assertThat(world.onlyRequest().memberId()).isEqualTo(ConsumerWorld.MEMBER.toString());
        world.answer(7, orders(1));
        assertThat(world.takeAndSettle()).isEqualTo("assigned[orders-1]");
        assertThat(world.membership.identity().incarnation()).isGreaterThan(first);
    }

    // The poll timer.

    @Test
    void whoDoesNotPollLeavesAtTheDeadlineAndJoinsWhenItPolls() {
        world.makeStable(3, orders(0));
        world.leavePoll();
        long leftMs = world.nowMs();
        beatUntil(leftMs + ConsumerWorld.MAX_POLL_MS - 1);
        assertThat(world.membership.isMember()).isTrue();
        beatUntil(leftMs + ConsumerWorld.MAX_POLL_MS);

        assertThat(world.membership.isMember()).isFalse();
        assertThat(world.told()).containsExactly("lost[orders-0]");
        assertThat(world.sent.get(world.sent.size() - 1).epoch()).isEqualTo(-1);
        assertThat(world.events)
                .anyMatch(event -> event instanceof GroupEvent.MembershipEnded ended
                        && ended.failure() == null
                        && ended.reason().contains("max.poll.interval.ms=300000"));
        world.wire.clear();
        world.pass(60_000);
        assertThat(world.wire).isEmpty();

        world.enterPoll();
        assertThat(world.wire).as("no join before everything is given up").isEmpty();
        world.takeAndSettle();
        assertThat(world.onlyRequest().epoch()).isZero();
    }

    @Test
    void aStaticMemberThatDoesNotPollSaysThatItWillReturn() {
        world = new ConsumerWorld(ConsumerWorld.settings("i", false));
        world.makeStable(3, orders(0));
        world.leavePoll();
        beatUntil(world.nowMs() + ConsumerWorld.MAX_POLL_MS);

        assertThat(world.sent.get(world.sent.size() - 1).epoch()).isEqualTo(-2);
    }

    @Test
    void timeWithinPollDoesNotCount() {
        world.makeStable(3, orders(0));
        beatUntil(world.nowMs() + 2 * ConsumerWorld.MAX_POLL_MS);

        assertThat(world.membership.isMember()).isTrue();
    }

    @Test
    void thePollTimerRunsWithoutACoordinatorAndNoLeaveIsSentLater() {
        world.makeStable(3, orders(0));
        world.pass(ConsumerWorld.INTERVAL_MS);
        world.known = false;
        world.refuse(BrokerError.NOT_COORDINATOR);
        world.leavePoll();
        long leftMs = world.nowMs();
        world.pass(leftMs + ConsumerWorld.MAX_POLL_MS - world.nowMs());
        assertThat(world.takeAndSettle()).isEqualTo("lost[orders-0]");
        assertThat(world.membership.owned()).isEmpty();

        world.known = true;
        world.pass(60_000);
        assertThat(world.wire).isEmpty();
        world.enterPoll();
        assertThat(world.onlyRequest().epoch()).isZero();
    }

    @Test
    void aListenerThatRunsAtTheDeadlineEndsAsItBegan() {
        world.makeStable(3, orders(0, 1));
        world.pass(ConsumerWorld.INTERVAL_MS);
        world.answer(3, orders(0));
        GroupNotice revoked = world.take();
        world.leavePoll();
        beatUntil(world.nowMs() + ConsumerWorld.MAX_POLL_MS);
        assertThat(world.mail).isEmpty();
        world.wire.clear();

        world.settle(revoked);
        assertThat(world.told()).containsExactly("lost[orders-0]");
        assertThat(world.wire).isEmpty();
    }

    @Test
    void whoIsExpiredAndLeavesIsGoneWithoutAnotherWord() {
        world.makeStable(3, orders(0));
        world.leavePoll();
        beatUntil(world.nowMs() + ConsumerWorld.MAX_POLL_MS);
        world.wire.clear();
        world.leave(Departure.DEFAULT);
        assertThat(world.told()).containsExactly("lost[orders-0]");
        world.takeAndSettle();

        assertThat(world.told()).containsExactly("left");
        world.enterPoll();
        assertThat(world.wire).isEmpty();
    }

    /** Answers heartbeats until this time, and turns then. */
    private void beatUntil(long endMs) {
        while (world.nowMs() < endMs) {
            world.pass(Math.min(1_000, endMs - world.nowMs()));
            if (!world.wire.isEmpty() && world.wire.getFirst().request().epoch() > 0) {
                world.answer(3, null);
            }
        }
    }
}

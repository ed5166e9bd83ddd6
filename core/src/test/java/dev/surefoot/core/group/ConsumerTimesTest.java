package dev.surefoot.core.group;

import static dev.surefoot.core.group.ConsumerWorld.orders;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Deadlines;
import dev.surefoot.core.exchange.Turn;
import dev.surefoot.core.time.Deadline;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The times of a member of the consumer protocol: what ends with a membership, and what a short bound leaves. */
class ConsumerTimesTest {
    private static final long MILLI = 1_000_000;

    private static GroupSettings.Timing timing(int maxPollMs) {
        return new GroupSettings.Timing(
                ConsumerWorld.SESSION_MS, 3_000, maxPollMs, 30_000 * MILLI, 100 * MILLI, 1_000 * MILLI);
    }

    private static ConsumerWorld withMaxPoll(int maxPollMs) {
        return new ConsumerWorld(new GroupSettings(
                "g", null, null, GroupSettings.Protocol.CONSUMER, timing(maxPollMs), List.of(), false, null, false));
    }

    @Test
    void aHeartbeatIsOnItsWayForATenthOfAShortRebalance() {
        ConsumerWorld world = withMaxPoll(4_000);
        world.makeStable(3, orders(0, 1));
        world.pass(ConsumerWorld.INTERVAL_MS);
        long askedMs = world.nowMs();
        world.answer(3, orders(0));
        world.take();
        world.pass(askedMs + 3_600 - 1 - world.nowMs());
        assertThat(world.membership.isMember()).isTrue();

        world.pass(1);
        assertThat(world.membership.isMember()).isFalse();
    }

    @Test
    void whoFindsNoCoordinatorInTimeHasNobodyToLeaveAndNoMembershipThatEnds() {
        ConsumerWorld world = new ConsumerWorld();
        world.known = false;
        world.subscribe("orders");
        world.enterPoll();
        world.leavePoll();
        world.pass(ConsumerWorld.MAX_POLL_MS + 1);
        world.known = true;
        world.pass(60_000);

        assertThat(world.wire).as("neither a join nor a leave").isEmpty();
        assertThat(world.events).noneMatch(GroupEvent.MembershipEnded.class::isInstance);
        world.enterPoll();
        assertThat(world.onlyRequest().epoch()).isZero();
    }

    @Test
    void aSubscriptionThatFollowsALeaveIsJoinedInTheSameTurn() {
        ConsumerWorld world = new ConsumerWorld();
        world.makeStable(3, orders());
        world.membership.leave(Membership.Departure.DEFAULT, "unsubscribe", world.nowMs() * MILLI);
        world.membership.subscribe(Set.of("bills"), null, world.nowMs() * MILLI);
        world.dispatch();

        assertThat(world.wire)
                .extracting(each -> each.request().epoch())
                .as("nothing would wake the loop for another one")
                .containsExactly(-1, 0);
    }

    @Test
    void anEarlyCallEndsWithTheMembershipThatItWasFor() {
        ConsumerWorld world = new ConsumerWorld();
        world.subscribe("orders");
        world.enterPoll();
        world.answer(1, orders());
        world.takeAndSettle();
        world.pass(500);
        world.refuse(BrokerError.FENCED_MEMBER_EPOCH);
        assertThat(world.onlyRequest().epoch()).as("joins anew").isZero();
        world.answer(2, orders(0));
        world.takeAndSettle();
        world.answer(2, null);
        world.pass(ConsumerWorld.INTERVAL_MS - 1);

        assertThat(world.wire).isEmpty();
    }

    @Test
    void whoHasLeftAfterAFencingJoinsWithThePollAfterItsNextSubscription() {
        ConsumerWorld world = new ConsumerWorld();
        world.makeStable(3, orders(0));
        world.pass(ConsumerWorld.INTERVAL_MS);
        world.refuse(BrokerError.FENCED_MEMBER_EPOCH);
        world.leave(Membership.Departure.DEFAULT);
        world.takeAndSettle();
        world.leavePoll();
        world.pass(1_000);
        world.subscribe("orders");
        assertThat(world.wire).isEmpty();

        world.enterPoll();
        assertThat(world.onlyRequest().epoch()).isZero();
    }

    @Test
    void aLeaseEndsWithTheMembershipThatHadIt() {
        ConsumerWorld world = new ConsumerWorld();
        world.makeStable(3, orders(0));
        world.pass(ConsumerWorld.INTERVAL_MS);
        world.refuse(BrokerError.FENCED_MEMBER_EPOCH);
        world.takeAndSettle();
        assertThat(world.onlyRequest().epoch()).as("joins anew").isZero();
        world.pass(2 * ConsumerWorld.SESSION_MS);

        assertThat(world.events).noneMatch(GroupEvent.LeaseLapsed.class::isInstance);
    }

    @Test
    void whoHasNeverPolledHasNoPollThatIsTooLongAgo() {
        PollInterval classic = new PollInterval(1_000_000_000L);
        classic.observe(new Turn(60_000 * MILLI, 0, 0, 0, false, Turn.NEVER_POLLED));
        assertThat(classic.isOver(60_000 * MILLI)).isFalse();
        assertThat(classic.deadlineNanos()).isEqualTo(Deadline.NEVER);

        ConsumerDeadlines consumer = new ConsumerDeadlines(timing(1_000));
        assertThat(consumer.recordPoll(new Turn(60_000 * MILLI, 0, 0, 0, false, Turn.NEVER_POLLED)))
                .isFalse();
        Deadlines deadlines = new Deadlines();
        consumer.enter(deadlines, 0, Deadline.NEVER, Deadline.NEVER, Deadline.NEVER);
        assertThat(deadlines.earliestNanos()).isEqualTo(Deadline.NEVER);
    }
}

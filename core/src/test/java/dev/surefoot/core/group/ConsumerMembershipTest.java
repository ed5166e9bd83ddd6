package dev.surefoot.core.group;

import static dev.surefoot.core.group.ConsumerWorld.orders;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Readiness;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.handover.GroupNotice;
import dev.surefoot.core.handover.MemberIdentity;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.DisconnectException;
import org.junit.jupiter.api.Test;

/** A member from its join to its regular heartbeats. */
class ConsumerMembershipTest {
    private final ConsumerWorld world = new ConsumerWorld();

    @Test
    void nothingIsSentBeforeTheApplicationPolls() {
        world.subscribe("orders");
        assertThat(world.wire).isEmpty();
        assertThat(world.lookups).isZero();
        assertThat(world.hasDeadline()).isFalse();

        world.enterPoll();
        assertThat(world.onlyRequest().epoch()).isZero();
    }

    @Test
    void aPollBeforeTheSubscriptionDoesNotJoin() {
        world.enterPoll();
        world.leavePoll();
        world.pass(10);
        world.subscribe("orders");
        assertThat(world.wire).isEmpty();

        world.enterPoll();
        assertThat(world.wire).hasSize(1);
    }

    @Test
    void theApplicationIsToldOfEachEpochOnce() {
        world.makeStable(3, orders(0));
        world.pass(ConsumerWorld.INTERVAL_MS);
        world.answer(3, null);
        world.pass(ConsumerWorld.INTERVAL_MS);
        world.answer(4, null);

        assertThat(world.epochs).containsExactly(3, 4);
    }

    @Test
    void theSameSubscriptionAgainIsNoNews() {
        world.makeStable(3, orders(0));
        world.subscribe("orders");
        assertThat(world.wire).isEmpty();

        world.subscribe("orders", "bills");
        assertThat(world.onlyRequest().topics()).containsExactlyInAnyOrder("orders", "bills");
    }

    @Test
    void aMemberJoinsIsAssignedAcknowledgesAndBeats() {
        world.subscribe("orders");
        world.enterPoll();
        world.answer(1, orders(0, 1));
        assertThat(world.told()).containsExactly("assigned[orders-0, orders-1]");
        assertThat(world.wire)
                .as("nothing is acknowledged before the application has taken it")
                .isEmpty();
        GroupNotice.Assigned assigned = (GroupNotice.Assigned) world.take();
        assertThat(assigned.owned()).isEqualTo(assigned.added());
        assertThat(assigned.identity()).isEqualTo(new MemberIdentity("g", ConsumerWorld.MEMBER.toString(), 1, null, 1));

        world.settle(assigned);
        long acknowledgedMs = world.nowMs();
        assertThat(world.onlyRequest().owned()).isEqualTo(orders(0, 1));
        world.answer(1, null);
        assertThat(world.state()).isEqualTo("stable");
        world.pass(3L * ConsumerWorld.INTERVAL_MS - 1);
        world.answer(1, null);

        // The one that is outstanding keeps the next from going out, and that follows at once.
        assertThat(world.sentAtMs.subList(2, world.sentAtMs.size()))
                .containsExactly(
                        acknowledgedMs + ConsumerWorld.INTERVAL_MS,
                        acknowledgedMs + 3L * ConsumerWorld.INTERVAL_MS - 1);
        assertThat(world.mail).isEmpty();
    }

    @Test
    void aShareOfNoPartitionsIsARebalanceToo() {
        world.subscribe("orders");
        world.enterPoll();
        world.answer(1, orders());

        assertThat(world.takeAndSettle()).isEqualTo("assigned[]");
        assertThat(world.onlyRequest().owned()).isEmpty();
        world.answer(1, null);
        assertThat(world.state()).isEqualTo("stable");
        assertThat(world.events).anyMatch(GroupEvent.RebalanceStarted.class::isInstance);
        assertThat(world.events)
                .anyMatch(event -> event instanceof GroupEvent.RebalanceEnded ended
                        && !ended.failed()
                        && ended.owned() == 0
                        && ended.epoch() == 1);
    }

    @Test
    void whoJoinedWithNothingCallsOnceEarly() {
        world.subscribe("orders");
        world.enterPoll();
        long joinedMs = world.nowMs();
        world.answer(1, orders());
        world.takeAndSettle();
        world.answer(1, null);
        world.pass(1_099);
        assertThat(world.wire).isEmpty();

        world.pass(1);
        assertThat(world.nowMs()).isEqualTo(joinedMs + 1_100);
        world.answer(2, orders(0));
        assertThat(world.takeAndSettle()).isEqualTo("assigned[orders-0]");
        world.answer(2, null);
        world.pass(ConsumerWorld.INTERVAL_MS - 1);
        assertThat(world.wire).isEmpty();
        world.pass(1);
        assertThat(world.wire).hasSize(1);
    }

    @Test
    void aJoinWithoutAnAssignmentIsFollowedByAFullHeartbeat() {
        world.subscribe("orders");
        world.enterPoll();
        world.answer(1, null);
        assertThat(world.mail).isEmpty();
        world.pass(ConsumerWorld.INTERVAL_MS);

        assertThat(world.onlyRequest().epoch()).isEqualTo(1);
        assertThat(world.onlyRequest().rebalanceTimeoutMs()).isEqualTo(ConsumerWorld.MAX_POLL_MS);
        world.answer(1, orders(0));
        assertThat(world.told()).containsExactly("assigned[orders-0]");
    }

    @Test
    void anAnswerWithEpochZeroIsNone() {
        world.makeStable(3, orders(0));
        world.pass(ConsumerWorld.INTERVAL_MS);
        world.answer(0, orders());

        assertThat(world.membership.identity().epoch()).isEqualTo(3);
        assertThat(world.mail).isEmpty();
        world.pass(1_300);
        assertThat(world.onlyRequest().epoch()).isEqualTo(3);
        assertThat(world.onlyRequest().owned()).isEqualTo(orders(0));
    }

    @Test
    void oneHeartbeatIsOutstandingAtMost() {
        world.makeStable(3, orders(0));
        world.subscribe("orders", "bills");
        world.subscribe("bills");
        world.pass(9_000);

        assertThat(world.wire).hasSize(1);
        world.answer(3, null);
        assertThat(world.onlyRequest().topics()).containsExactly("bills");
    }

    @Test
    void heartbeatsGoOnWhileTheListenerRunsAndWhileThereIsNoPoll() {
        world.makeStable(3, orders(0));
        world.pass(ConsumerWorld.INTERVAL_MS);
        world.answer(3, orders());
        GroupNotice revoked = world.take();
        world.leavePoll();
        for (int i = 0; i < 20; i++) {
            world.pass(ConsumerWorld.INTERVAL_MS);
            assertThat(world.onlyRequest().owned()).isNull();
            world.answer(3, null);
        }

        assertThat(world.mail).isEmpty();
        world.settle(revoked);
        assertThat(world.onlyRequest().owned()).isEmpty();
    }

    @Test
    void anEpochThatChangesAloneDisturbsNothing() {
        world.makeStable(3, orders(0));
        world.pass(ConsumerWorld.INTERVAL_MS);
        world.answer(8, null);

        assertThat(world.membership.identity().epoch()).isEqualTo(8);
        assertThat(world.mail).isEmpty();
        assertThat(world.wire).isEmpty();
        assertThat(world.state()).isEqualTo("stable");
    }

    @Test
    void theSameTargetAgainDisturbsNothing() {
        world.makeStable(3, orders(0));
        world.pass(ConsumerWorld.INTERVAL_MS);
        world.answer(3, orders(0));

        assertThat(world.mail).isEmpty();
        assertThat(world.wire).isEmpty();
        assertThat(world.state()).isEqualTo("stable");
    }

    @Test
    void aCoordinatorThatMovedIsAskedAtOnceAndOwnershipStays() {
        world.makeStable(3, orders(0));
        int lookups = world.lookups;
        world.pass(ConsumerWorld.INTERVAL_MS);
        world.refuse(BrokerError.NOT_COORDINATOR);
        world.pass(200);

        assertThat(world.lookups).isEqualTo(lookups + 1);
        assertThat(world.onlyRequest().epoch()).isEqualTo(3);
        assertThat(world.mail).isEmpty();
    }

    @Test
    void errorsWithoutEndDoNotHurryHeartbeats() {
        world.makeStable(3, orders(0));
        int before = world.sent.size();
        long endMs = world.nowMs() + 60_000;
        while (world.nowMs() < endMs) {
            world.pass(50);
            if (!world.wire.isEmpty()) {
                world.refuse(BrokerError.NOT_COORDINATOR);
            }
        }

        assertThat(world.sent.size() - before).as("heartbeats in a minute").isBetween(40, 90);
        assertThat(world.state()).isEqualTo("stable");
    }

    @Test
    void aCoordinatorThatCannotBeReachedIsLookedForAgain() {
        world.subscribe("orders");
        world.readiness = new Readiness.Failed(
                new RequestFailure(RequestFailure.Kind.DISCONNECTED, new DisconnectException("refused")));
        world.enterPoll();
        world.pass(10_000);
        assertThat(world.lookups).isBetween(5, 20);
        assertThat(world.wire).isEmpty();

        world.readiness = new Readiness.Ready(true, true);
        world.pass(1_300);
        assertThat(world.wire).hasSize(1);
    }

    @Test
    void aConnectionThatIsNotReadyIsWaitedFor() {
        world.subscribe("orders");
        world.readiness = new Readiness.NotYet(Readiness.Cause.CONNECTING, Long.MAX_VALUE);
        world.enterPoll();
        assertThat(world.wire).isEmpty();
        assertThat(world.lookups).isEqualTo(1);

        world.readiness = new Readiness.Ready(true, true);
        world.turn();
        assertThat(world.wire).hasSize(1);
    }

    @Test
    void aCommitThatWasRefusedForTheMemberHasTheCoordinatorAskedAtOnce() {
        world.makeStable(3, orders(0));
        MemberIdentity present = world.membership.identity();
        world.membership.commitRefused(BrokerError.STALE_MEMBER_EPOCH, present, nanos(world.nowMs()));
        world.turn();

        assertThat(world.onlyRequest().epoch()).isEqualTo(3);
        assertThat(world.membership.isMember()).isTrue();
        assertThat(world.mail).isEmpty();
    }

    @Test
    void aCommitOfAnEarlierEpochOrOfAnotherErrorAsksNothing() {
        world.makeStable(3, orders(0));
        MemberIdentity present = world.membership.identity();
        MemberIdentity earlier = new MemberIdentity("g", present.memberId(), 2, null, present.incarnation());
        world.membership.commitRefused(BrokerError.STALE_MEMBER_EPOCH, earlier, nanos(world.nowMs()));
        world.membership.commitRefused(BrokerError.OFFSET_METADATA_TOO_LARGE, present, nanos(world.nowMs()));
        world.turn();

        assertThat(world.wire).isEmpty();
    }

    private static long nanos(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }

    @Test
    void whoIsNoMemberHasNoIdentityAndOwnsNothing() {
        assertThat(world.membership.identity()).isEqualTo(MemberIdentity.none("g", null));
        assertThat(world.membership.isMember()).isFalse();
        assertThat(world.membership.isLeaving()).isFalse();
        assertThat(world.membership.isRebalancing()).isFalse();
        assertThat(world.membership.owned()).isEmpty();
        assertThat(world.membership.unresolvedTopics()).isEmpty();
        assertThat(world.membership.topicsOfInterest()).isEmpty();
    }

    @Test
    void topicsOfInterestAreThoseSubscribedOwnedAndToBeOwned() {
        world.subscribe(Set.of(), "o.*");
        world.enterPoll();
        world.answer(3, orders(0));
        assertThat(world.membership.topicsOfInterest()).containsExactly("orders");
        assertThat(world.membership.owned()).containsExactly(new TopicPartition("orders", 0));
        world.takeAndSettle();
        world.answer(3, Map.of(ConsumerWorld.BILLS, Set.of(1)));
        assertThat(world.membership.topicsOfInterest()).containsExactly("bills", "orders");

        world.subscribe("refunds");
        assertThat(world.membership.topicsOfInterest()).containsExactly("bills", "orders", "refunds");
    }

    @Test
    void nobodyLeadsAndNobodyRebalancesByForce() {
        world.makeStable(3, orders(0));
        world.membership.enforceRebalance("test");
        world.turn();
        assertThat(world.wire).isEmpty();

        assertThatThrownBy(() -> world.membership.assignmentMade(1, Map.of(), 0))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> world.membership.assignmentFailed(1, new KafkaException("x"), 0))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void theLatencyOfHeartbeatsIsReported() {
        world.subscribe("orders");
        world.enterPoll();
        world.pass(40);
        world.answer(1, orders());

        assertThat(world.events)
                .contains(new GroupEvent.RequestEnded(GroupEvent.Api.HEARTBEAT, TimeUnit.MILLISECONDS.toNanos(40)));
        assertThat(List.copyOf(world.raised)).isEmpty();
    }
}

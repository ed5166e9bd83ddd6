package dev.surefoot.core.group;

import static dev.surefoot.core.group.ConsumerWorld.BILLS;
import static dev.surefoot.core.group.ConsumerWorld.ORDERS;
import static dev.surefoot.core.group.ConsumerWorld.ORDERS_ANEW;
import static dev.surefoot.core.group.ConsumerWorld.orders;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.handover.GroupNotice;
import dev.surefoot.core.handover.GroupNotice.Assigned;
import dev.surefoot.core.handover.GroupNotice.Revoked;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How what is owned follows what the coordinator wants. */
class ConsumerReconciliationTest {
    private static final Uuid UNKNOWN = new Uuid(9, 9);

    private final ConsumerWorld world = new ConsumerWorld();

    @BeforeEach
    void makeStable() {
        world.makeStable(3, orders(0, 1, 2, 3));
    }

    private void retarget(int epoch, Map<Uuid, Set<Integer>> target) {
        if (world.wire.isEmpty()) {
            world.pass(ConsumerWorld.INTERVAL_MS);
        }
        world.answer(epoch, target);
    }

    @Test
    void whatIsToGoIsHeldBeforeTheApplicationIsTold() {
        retarget(3, orders(0, 1));

        assertThat(world.held).containsExactly(new TopicPartition("orders", 2), new TopicPartition("orders", 3));
        assertThat(world.told()).containsExactly("revoked[orders-2, orders-3]");
        Revoked revoked = (Revoked) world.take();
        assertThat(revoked.tellsEmpty()).isFalse();
        assertThat(revoked.joinFollows()).isFalse();
        assertThat(world.wire).isEmpty();
    }

    @Test
    void aRevocationIsAcknowledgedWhenItIsReleasedAndTheListenerIsCalledForTheNewSet() {
        retarget(3, orders(0, 1));
        world.takeAndSettle();

        assertThat(world.onlyRequest().owned()).isEqualTo(orders(0, 1));
        assertThat(world.onlyRequest().epoch()).isEqualTo(3);
        assertThat(world.takeAndSettle()).isEqualTo("assigned[]");
        world.answer(4, null);
        assertThat(world.wire).as("one acknowledgement is enough").isEmpty();
        assertThat(world.state()).isEqualTo("stable");
    }

    /** It takes what the claim leaves out for given up, and may have another owner for it by then. */
    @Test
    void nothingIsTakenBeforeTheCoordinatorHasAnsweredWhatIsOwned() {
        retarget(4, orders(0, 1, 2, 3, 4));
        Assigned slow = (Assigned) world.take();
        retarget(5, orders(0, 1, 2, 3, 4, 5));

        world.settle(slow);
        assertThat(world.onlyRequest().owned()).isEqualTo(orders(0, 1, 2, 3, 4));
        assertThat(world.mail).as("orders-5 waits").isEmpty();

        world.answer(5, null);
        assertThat(world.takeAndSettle()).isEqualTo("assigned[orders-5]");
    }

    @Test
    void keptPartitionsAreNeitherHeldNorToldAgain() {
        retarget(3, orders(0, 1, 2, 4));
        assertThat(world.takeAndSettle()).isEqualTo("revoked[orders-3]");
        Assigned assigned = (Assigned) world.take();

        assertThat(assigned.added()).containsExactly(new TopicPartition("orders", 4));
        assertThat(assigned.owned()).hasSize(4);
        assertThat(world.held).containsExactly(new TopicPartition("orders", 3));
    }

    @Test
    void nothingIsAddedBeforeTheRestIsReleased() {
        retarget(3, orders(4));
        assertThat(world.told()).containsExactly("revoked[orders-0, orders-1, orders-2, orders-3]");
    }

    @Test
    void targetsDuringASlowListenerAreReconciledInOneStepFromWhatIsOwnedThen() {
        retarget(4, orders(0, 1, 2, 3, 4));
        Assigned slow = (Assigned) world.take();
        retarget(5, orders(0, 1, 2, 3, 4, 5));
        retarget(6, orders(0, 1, 2, 3, 4, 6));
        retarget(7, orders(1, 2, 3, 4, 7));
        assertThat(world.mail).isEmpty();

        world.settle(slow);
        world.answer(7, null);

        assertThat(world.takeAndSettle()).isEqualTo("revoked[orders-0]");
        assertThat(world.takeAndSettle()).isEqualTo("assigned[orders-7]");
        world.answer(7, null);
        if (!world.wire.isEmpty()) {
            world.answer(7, null);
        }
        assertThat(world.sent.get(world.sent.size() - 1).owned()).isEqualTo(orders(1, 2, 3, 4, 7));
        assertThat(world.state()).isEqualTo("stable");
    }

    @Test
    void aTargetThatGrowsBackDuringTheRevocationIsAssignedAfterIt() {
        retarget(3, orders(0));
        Revoked revoked = (Revoked) world.take();
        retarget(4, orders(0, 1, 2, 3));
        world.settle(revoked);

        assertThat(world.takeAndSettle()).isEqualTo("assigned[orders-1, orders-2, orders-3]");
        world.answer(4, null);
        assertThat(world.onlyRequest().owned())
                .as("the newer target is acknowledged")
                .isEqualTo(orders(0, 1, 2, 3));
        world.answer(4, null);
        assertThat(world.state()).isEqualTo("stable");
    }

    @Test
    void anOldTokenChangesNothing() {
        retarget(3, orders(0));
        Revoked revoked = (Revoked) world.take();
        world.settle(revoked);
        assertThat(world.takeAndSettle()).isEqualTo("assigned[]");
        world.answer(4, null);
        retarget(5, orders());
        int requests = world.sent.size();

        world.settle(revoked);
        world.membership.taken(revoked.token(), 0);
        world.turn();

        assertThat(world.told()).containsExactly("revoked[orders-0]");
        assertThat(world.membership.owned()).containsExactly(new TopicPartition("orders", 0));
        assertThat(world.sent).hasSize(requests);
    }

    @Test
    void anUnknownTopicHoldsNothingUpAndItsNameIsAskedForAtThePaceOfTheBackOff() {
        int refreshes = world.refreshes;
        retarget(4, Map.of(ORDERS, Set.of(0, 1, 2, 3, 4), UNKNOWN, Set.of(0)));
        assertThat(world.takeAndSettle()).isEqualTo("assigned[orders-4]");
        assertThat(world.membership.unresolvedTopics()).containsExactly(UNKNOWN);
        assertThat(world.refreshes).isEqualTo(refreshes + 1);
        world.answer(4, null);

        long startMs = world.nowMs();
        while (world.nowMs() < startMs + 20_000) {
            world.pass(1_000);
            if (!world.wire.isEmpty()) {
                world.answer(4, null);
            }
        }
        assertThat(world.refreshes - refreshes).as("requests in 20 s").isBetween(15, 35);
        assertThat(world.mail).isEmpty();
        int heartbeats = world.sent.size();
        assertThat(heartbeats)
                .as("an incomplete target is not acknowledged again and again")
                .isLessThan(10);

        world.describe(Map.of("late", UNKNOWN));
        assertThat(world.takeAndSettle()).isEqualTo("assigned[late-0]");
        assertThat(world.onlyRequest().owned()).hasSize(2).containsEntry(UNKNOWN, Set.of(0));
        world.answer(4, null);
        assertThat(world.state()).isEqualTo("stable");
        assertThat(world.membership.unresolvedTopics()).isEmpty();
        int asked = world.refreshes;
        world.pass(4_000);
        assertThat(world.refreshes).isEqualTo(asked);
    }

    @Test
    void aTargetIsCompleteWhenTheNameThatItLackedIsKnownThoughItBringsNoPartition() {
        world.events.clear();
        Map<Uuid, Set<Integer>> target = Map.of(ORDERS, Set.of(0, 1), UNKNOWN, Set.of());
        retarget(4, target);
        world.takeAndSettle();
        world.takeAndSettle();
        world.answer(4, null);
        assertThat(world.state()).isEqualTo("rebalancing");
        assertThat(world.events).noneMatch(GroupEvent.RebalanceEnded.class::isInstance);
        world.describe(Map.of("late", UNKNOWN));
        retarget(4, target);

        assertThat(world.state()).isEqualTo("stable");
        assertThat(world.events)
                .filteredOn(GroupEvent.RebalanceEnded.class::isInstance)
                .hasSize(1);
    }

    @Test
    void aTargetOfUnknownTopicsAloneTakesTheRestAwayOnlyIfItLacksThem() {
        world.events.clear();
        retarget(4, Map.of(ORDERS, Set.of(0, 1, 2, 3), UNKNOWN, Set.of(0)));

        assertThat(world.mail).as("the resolved part is what is owned").isEmpty();
        assertThat(world.events).as("nothing changes hands").noneMatch(GroupEvent.RebalanceStarted.class::isInstance);
        assertThat(world.onlyRequest().owned()).isEqualTo(orders(0, 1, 2, 3));
        world.answer(4, null);
        assertThat(world.wire).isEmpty();
    }

    @Test
    void aTopicCreatedAnewIsRevokedAndAssignedUnderTheSameNames() {
        world.describe(Map.of("orders", ORDERS_ANEW));
        retarget(4, Map.of(ORDERS_ANEW, Set.of(0, 1)));

        assertThat(world.takeAndSettle()).isEqualTo("revoked[orders-0, orders-1, orders-2, orders-3]");
        assertThat(world.onlyRequest().owned())
                .as("what was revoked is acknowledged, what is assigned is claimed")
                .isEqualTo(Map.of(ORDERS_ANEW, Set.of(0, 1)));
        assertThat(world.takeAndSettle()).isEqualTo("assigned[orders-0, orders-1]");
        world.answer(4, null);
        assertThat(world.wire).as("one acknowledgement is enough").isEmpty();
        assertThat(world.state()).isEqualTo("stable");
    }

    @Test
    void ofTwoTopicsOfOneNameThePresentOneCounts() {
        world.describe(Map.of("orders", ORDERS_ANEW));
        retarget(4, Map.of(ORDERS, Set.of(0, 1), ORDERS_ANEW, Set.of(0)));

        assertThat(world.takeAndSettle()).startsWith("revoked");
        assertThat(world.takeAndSettle()).isEqualTo("assigned[orders-0]");
        assertThat(world.onlyRequest().owned()).isEqualTo(Map.of(ORDERS_ANEW, Set.of(0)));
    }

    @Test
    void partitionsOfSeveralTopicsAreToldInOneNotice() {
        retarget(4, Map.of(ORDERS, Set.of(0, 1, 2, 3), BILLS, Set.of(2, 0)));

        assertThat(world.takeAndSettle()).isEqualTo("assigned[bills-0, bills-2]");
    }

    @Test
    void anAnswerThatBroughtARevocationAndGotLostIsAskedForAgain() {
        world.pass(ConsumerWorld.INTERVAL_MS);
        world.fail(RequestFailure.Kind.TIMED_OUT);
        world.pass(1_300);
        assertThat(world.onlyRequest().epoch()).isEqualTo(3);
        assertThat(world.onlyRequest().owned()).isEqualTo(orders(0, 1, 2, 3));

        world.answer(3, orders(0));
        assertThat(world.told()).containsExactly("revoked[orders-1, orders-2, orders-3]");
    }

    @Test
    void anAcknowledgementThatGotLostIsRepeatedInFull() {
        retarget(3, orders(0));
        world.takeAndSettle();
        world.takeAndSettle();
        world.fail(RequestFailure.Kind.DISCONNECTED);
        world.pass(200);

        assertThat(world.onlyRequest().owned()).isEqualTo(orders(0));
        assertThat(world.onlyRequest().rebalanceTimeoutMs()).isEqualTo(ConsumerWorld.MAX_POLL_MS);
        assertThat(world.mail).isEmpty();
    }

    @Test
    void aTargetThatIsRepeatedEndsNoRebalanceBeforeTheListenerWasCalled() {
        world.events.clear();
        retarget(3, orders(0));
        world.takeAndSettle();
        world.answer(4, orders(0));
        assertThat(world.state()).isEqualTo("rebalancing");
        assertThat(world.events).noneMatch(GroupEvent.RebalanceEnded.class::isInstance);

        assertThat(world.takeAndSettle()).isEqualTo("assigned[]");
        assertThat(world.state()).isEqualTo("stable");
    }

    /** What is given up while a heartbeat that claims it has no answer is told of by the next one only. */
    @Test
    void aTargetThatIsRepeatedForAnOldClaimLeavesOutNoCallOfTheListener() {
        retarget(3, orders(0));
        GroupNotice revoked = world.take();
        world.pass(ConsumerWorld.INTERVAL_MS);
        world.fail(RequestFailure.Kind.DISCONNECTED);
        world.pass(200);
        assertThat(world.onlyRequest().owned()).as("everything is said anew").isEqualTo(orders(0, 1, 2, 3));
        world.settle(revoked);
        assertThat(world.mail).as("the claim has no answer").isEmpty();
        world.answer(3, orders(0));

        assertThat(world.state()).isEqualTo("rebalancing");
        assertThat(world.takeAndSettle()).isEqualTo("assigned[]");
    }

    private void oneRebalanceHasFailed() {
        assertThat(world.events)
                .filteredOn(GroupEvent.RebalanceEnded.class::isInstance)
                .singleElement()
                .satisfies(ended ->
                        assertThat(((GroupEvent.RebalanceEnded) ended).failed()).isTrue());
    }

    @Test
    void aFencingEndsTheRebalanceUnderWay() {
        retarget(3, orders(0));
        world.pass(ConsumerWorld.INTERVAL_MS);
        world.events.clear();
        world.refuse(BrokerError.FENCED_MEMBER_EPOCH);

        oneRebalanceHasFailed();
    }

    @Test
    void aLeaveEndsTheRebalanceUnderWay() {
        retarget(3, orders(0));
        world.events.clear();
        world.leave(Membership.Departure.DEFAULT);
        world.takeAndSettle();

        oneRebalanceHasFailed();
    }

    @Test
    void aTargetThatIsRepeatedEndsNoRebalanceWhileTheListenerIsCalled() {
        retarget(3, orders(0));
        world.takeAndSettle();
        world.answer(3, null);
        GroupNotice assigned = world.take();
        world.pass(ConsumerWorld.INTERVAL_MS);
        world.events.clear();
        world.answer(4, orders(0));
        assertThat(world.state()).isEqualTo("rebalancing");
        assertThat(world.events).noneMatch(GroupEvent.RebalanceEnded.class::isInstance);

        world.settle(assigned);
        assertThat(world.state()).isEqualTo("stable");
    }

    @Test
    void aReconciliationIsCountedOnceUntilItIsAcknowledged() {
        world.events.clear();
        retarget(3, orders(0));
        world.pass(2_000);
        world.takeAndSettle();
        world.takeAndSettle();
        world.turn();

        assertThat(world.events.stream().filter(GroupEvent.RebalanceStarted.class::isInstance))
                .hasSize(1);
        assertThat(world.events.stream()
                        .filter(GroupEvent.RebalanceEnded.class::isInstance)
                        .map(GroupEvent.RebalanceEnded.class::cast))
                .singleElement()
                .satisfies(ended -> {
                    assertThat(ended.durationNanos()).isEqualTo(2_000_000_000L);
                    assertThat(ended.owned()).isEqualTo(1);
                    assertThat(ended.failed()).isFalse();
                });
    }

    @Test
    void aRevocationThatLastsTooLongIsLostBeforeTheCoordinatorFences() {
        world.pass(ConsumerWorld.INTERVAL_MS);
        long askedMs = world.sentAtMs.get(world.sentAtMs.size() - 1);
        world.pass(3_000);
        world.answer(3, orders(0));
        Revoked revoked = (Revoked) world.take();
        beatUntil(askedMs + ConsumerWorld.MAX_POLL_MS - 1_000 - 1);
        assertThat(world.membership.isMember()).isTrue();

        beatUntil(askedMs + ConsumerWorld.MAX_POLL_MS - 1_000);
        assertThat(world.membership.isMember()).isFalse();
        assertThat(world.sent.get(world.sent.size() - 1).epoch()).isEqualTo(-1);
        world.wire.clear();
        GroupNotice notice = revoked;
        world.settle(notice);
        assertThat(world.wire).as("nothing is acknowledged, and nothing joins").isEmpty();
        assertThat(world.takeAndSettle()).isEqualTo("lost[orders-0]");
        assertThat(world.onlyRequest().epoch()).as("the application is in poll").isZero();
    }

    @Test
    void aRevocationThatWasNotTakenInTimeIsTakenAsLost() {
        retarget(3, orders(0));
        beatUntil(world.nowMs() + ConsumerWorld.MAX_POLL_MS);

        assertThat(world.told()).containsExactly("lost[orders-0, orders-1, orders-2, orders-3]");
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

package dev.surefoot.core.group;

import static dev.surefoot.core.group.ConsumerWorld.ORDERS;
import static dev.surefoot.core.group.ConsumerWorld.orders;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.group.ConsumerGroupHeartbeat.ConsumerGroupHeartbeatRequest;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a heartbeat says, and what counts as told. */
class ConsumerHeartbeatContentTest {
    private final ConsumerWorld world = new ConsumerWorld();

    @Test
    void aJoinSaysEverythingAndOwnsNothing() {
        world.subscribe("orders");
        world.enterPoll();

        ConsumerGroupHeartbeatRequest join = world.onlyRequest();
        assertThat(join)
                .isEqualTo(new ConsumerGroupHeartbeatRequest(
                        5,
                        "g",
                        ConsumerWorld.MEMBER.toString(),
                        0,
                        null,
                        "rack-1",
                        ConsumerWorld.MAX_POLL_MS,
                        Set.of("orders"),
                        null,
                        "uniform",
                        Map.of(),
                        30_000_000_000L));
        assertThat(join.purpose()).isEqualTo(Purpose.COORDINATOR);
    }

    @Test
    void theAcknowledgementSaysWhatIsOwnedAndTheNextOneNothing() {
        world.subscribe("orders");
        world.enterPoll();
        world.answer(3, orders(0, 1));
        world.takeAndSettle();

        assertThat(world.onlyRequest())
                .isEqualTo(new ConsumerGroupHeartbeatRequest(
                        5,
                        "g",
                        ConsumerWorld.MEMBER.toString(),
                        3,
                        null,
                        null,
                        -1,
                        null,
                        null,
                        null,
                        orders(0, 1),
                        10_000_000_000L));

        world.answer(3, null);
        world.pass(ConsumerWorld.INTERVAL_MS);

        assertSaysNothing(world.onlyRequest(), 3);
    }

    private static void assertSaysNothing(ConsumerGroupHeartbeatRequest request, int epoch) {
        assertThat(request.epoch()).isEqualTo(epoch);
        assertThat(request.rebalanceTimeoutMs()).isEqualTo(-1);
        assertThat(request.topics()).isNull();
        assertThat(request.regex()).isNull();
        assertThat(request.assignor()).isNull();
        assertThat(request.owned()).isNull();
        assertThat(request.rackId()).isNull();
    }

    private static void assertFull(ConsumerGroupHeartbeatRequest request, int epoch, Integer... owned) {
        assertThat(request.epoch()).isEqualTo(epoch);
        assertThat(request.rebalanceTimeoutMs()).isEqualTo(ConsumerWorld.MAX_POLL_MS);
        assertThat(request.topics()).isEqualTo(Set.of("orders"));
        assertThat(request.assignor()).isEqualTo("uniform");
        assertThat(request.owned()).isEqualTo(orders(owned));
        assertThat(request.rackId()).isNull();
    }

    @ParameterizedTest
    @EnumSource(
            value = BrokerError.class,
            names = {
                "COORDINATOR_LOAD_IN_PROGRESS",
                "COORDINATOR_NOT_AVAILABLE",
                "NOT_COORDINATOR",
                "TOPIC_AUTHORIZATION_FAILED"
            })
    void afterARefusalTheNextIsFullAtTheSameEpoch(BrokerError error) {
        world.makeStable(3, orders(0));
        world.pass(ConsumerWorld.INTERVAL_MS);
        world.refuse(error);
        world.pass(1_300);

        assertFull(world.onlyRequest(), 3, 0);
        world.answer(3, orders(0));
        assertThat(world.state()).isEqualTo("stable");
        world.pass(ConsumerWorld.INTERVAL_MS);
        assertSaysNothing(world.onlyRequest(), 3);
    }

    @ParameterizedTest
    @EnumSource(
            value = RequestFailure.Kind.class,
            names = {"DISCONNECTED", "TIMED_OUT", "AUTHENTICATION", "MALFORMED"})
    void afterAFailureTheNextIsFullAtTheSameEpoch(RequestFailure.Kind kind) {
        world.makeStable(3, orders(0));
        world.pass(ConsumerWorld.INTERVAL_MS);
        world.fail(kind);
        world.pass(1_300);

        assertFull(world.onlyRequest(), 3, 0);
        assertThat(world.mail).as("ownership is not touched").isEmpty();
    }

    /** The coordinator may handle it after the next one, and then tells nobody what it has given to the member. */
    @Test
    void whileAHeartbeatWithoutAnAnswerMayStillArriveAllOfThemAreFull() {
        world.makeStable(3, orders(0));
        world.pass(ConsumerWorld.INTERVAL_MS);
        world.fail(RequestFailure.Kind.TIMED_OUT);
        world.pass(1_300);

        int intervals = 2 * 30_000 / ConsumerWorld.INTERVAL_MS;
        for (int i = 0; i < intervals; i++) {
            assertFull(world.onlyRequest(), 3, 0);
            world.answer(3, orders(0));
            world.pass(ConsumerWorld.INTERVAL_MS);
        }
        assertSaysNothing(world.onlyRequest(), 3);
    }

    @Test
    void aSubscriptionThatChangesIsToldAtOnceAndOnlyIt() {
        world.makeStable(3, orders(0));
        world.subscribe("orders", "bills");

        ConsumerGroupHeartbeatRequest changed = world.onlyRequest();
        assertThat(changed.topics()).containsExactlyInAnyOrder("bills", "orders");
        assertThat(changed.owned()).isNull();
        assertThat(changed.rebalanceTimeoutMs()).isEqualTo(-1);
    }

    @Test
    void aSubscriptionIsNotToldBeforeItsHeartbeatWasAnswered() {
        world.makeStable(3, orders(0));
        world.subscribe("orders", "bills");
        world.fail(RequestFailure.Kind.TIMED_OUT);
        world.pass(1_300);

        assertThat(world.onlyRequest().topics()).containsExactlyInAnyOrder("bills", "orders");
        assertThat(world.onlyRequest().rebalanceTimeoutMs()).isEqualTo(ConsumerWorld.MAX_POLL_MS);
    }

    @Test
    void theSameSubscriptionAgainIsNoNews() {
        world.makeStable(3, orders(0));
        world.subscribe("orders");

        assertThat(world.wire).isEmpty();
    }

    @Test
    void aPatternIsToldWithNoTopicsAndTakenBackWithAnEmptyOne() {
        world.subscribe(Set.of(), "or.*");
        world.enterPoll();
        assertThat(world.onlyRequest().topics()).isEmpty();
        assertThat(world.onlyRequest().regex()).isEqualTo("or.*");

        world.answer(3, orders());
        world.takeAndSettle();
        assertThat(world.onlyRequest().regex()).isNull();
        world.answer(3, null);

        world.subscribe("orders");
        assertThat(world.onlyRequest().regex()).isEmpty();
        assertThat(world.onlyRequest().topics()).isEqualTo(Set.of("orders"));
    }

    @Test
    void aPatternTakenBackInAHeartbeatThatGotLostIsTakenBackAgain() {
        world.subscribe(Set.of(), "or.*");
        world.enterPoll();
        world.answer(3, orders());
        world.takeAndSettle();
        world.answer(3, null);
        world.subscribe("orders");
        world.fail(RequestFailure.Kind.TIMED_OUT);
        world.pass(1_300);

        assertThat(world.onlyRequest().regex()).isEmpty();
    }

    @Test
    void aTargetThatComesBackIsAcknowledgedAgain() {
        world.makeStable(3, orders(0));
        world.pass(ConsumerWorld.INTERVAL_MS);
        world.describe(Map.of());
        world.answer(4, Map.of(ORDERS, Set.of(0), ConsumerWorld.ORDERS_ANEW, Set.of(0)));
        // The second id has no name yet: its absence from what is owned is told, and its return to the target too.
        assertThat(world.onlyRequest().owned()).isEqualTo(orders(0));
        world.answer(4, orders(0));

        assertThat(world.onlyRequest().owned()).isEqualTo(orders(0));
        assertThat(world.mail).isEmpty();
    }

    @Test
    void whatWasRevokedIsNotClaimedAnyMore() {
        world.makeStable(3, orders(0, 1));
        world.pass(ConsumerWorld.INTERVAL_MS);
        world.answer(3, orders(0));
        world.pass(ConsumerWorld.INTERVAL_MS);
        assertThat(world.onlyRequest().owned())
                .as("both are owned till the listener has returned")
                .isNull();
        world.answer(3, null);

        world.takeAndSettle();

        assertThat(world.onlyRequest().owned()).isEqualTo(orders(0));
    }

    /** Its listener may run already; a coordinator that is not told gives the partition to others. */
    @Test
    void whatIsAssignedIsClaimedBeforeItIsKnownToBeTaken() {
        world.makeStable(3, orders(0));
        world.pass(ConsumerWorld.INTERVAL_MS);
        world.answer(4, orders(0, 1));
        world.pass(ConsumerWorld.INTERVAL_MS);
        world.fail(RequestFailure.Kind.TIMED_OUT);
        world.pass(1_300);
        assertFull(world.onlyRequest(), 4, 0, 1);
        world.answer(4, orders(0, 1));

        world.takeAndSettle();
        assertThat(world.onlyRequest().owned()).as("the target is acknowledged").isEqualTo(orders(0, 1));
    }
}

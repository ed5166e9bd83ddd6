package dev.surefoot.core.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Turn;
import dev.surefoot.core.group.FindCoordinator.FindCoordinatorRequest;
import dev.surefoot.core.group.FindCoordinator.FindCoordinatorResponse;
import dev.surefoot.core.time.Backoff;
import java.util.SplittableRandom;
import org.apache.kafka.common.Node;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the search for the coordinator says of itself: whom it has found, and that brokers put it off. */
class CoordinatorStandingTest {
    private static final long SECOND = 1_000_000_000;
    private static final Node ONE = new Node(1, "one", 9092);

    private final ScriptedOutbox outbox = new ScriptedOutbox();
    private final Coordinator coordinator = new Coordinator(
            "group",
            30 * SECOND,
            new ScriptedBrokers(),
            new Backoff(SECOND / 10, SECOND, new SplittableRandom(1)),
            effect -> {});
    private long now = 10 * SECOND;

    /** A look-up goes out by this time, and is answered then. */
    private void lookUp(long atNanos, BrokerError error, @Nullable Node found) {
        now = atNanos;
        coordinator.need();
        coordinator.dispatch(outbox, new Turn(now, 0, 0, false));
        outbox.answer(FindCoordinatorRequest.class, new FindCoordinatorResponse(0, error, error.code(), found), now);
    }

    private CoordinatorStanding standing() {
        return coordinator.standing(now);
    }

    private static void isPutOff(CoordinatorStanding standing, @Nullable BrokerError by, int times) {
        assertThat(standing.refusal()).isEqualTo(by);
        assertThat(standing.refusals()).isEqualTo(times);
    }

    @Test
    void itIsLookedForFromWhenItIsNeededUntilItIsFound() {
        assertThat(coordinator.isLookedFor()).isFalse();
        assertThat(standing()).isEqualTo(new CoordinatorStanding(-1, false, false, 0, null, 0, 0));

        coordinator.need();
        assertThat(coordinator.isLookedFor()).isTrue();
        assertThat(standing().wanted()).isTrue();

        lookUp(now, BrokerError.NONE, ONE);
        coordinator.need();
        assertThat(coordinator.isLookedFor()).isFalse();
        assertThat(standing()).isEqualTo(new CoordinatorStanding(1, true, false, 1, null, 0, 0));
    }

    @Test
    void theLastOneIsNamedWhenItIsKnownNoMore() {
        lookUp(now, BrokerError.NONE, ONE);
        coordinator.forget(coordinator.instance(), "gone");

        assertThat(standing().nodeId()).isEqualTo(1);
        assertThat(standing().known()).isFalse();
    }

    /** Who could not be asked, or did not answer, has named no coordinator. */
    @Test
    void lookUpsWithoutAnAnswerDoNotSpeakAgainstTheCoordinator() {
        for (int i = 0; i < 5; i++) {
            now += SECOND;
            coordinator.need();
            coordinator.dispatch(outbox, new Turn(now, 0, 0, false));
            outbox.fail(FindCoordinatorRequest.class, ScriptedOutbox.disconnected(), now);
        }
        assertThat(standing().findings()).isZero();

        lookUp(now + SECOND, BrokerError.NONE, ONE);
        coordinator.forget(coordinator.instance(), "silent");
        lookUp(now + 2 * SECOND, BrokerError.NONE, ONE);
        assertThat(standing().findings()).isEqualTo(2);

        coordinator.confirm(coordinator.instance());
        assertThat(standing().findings()).isZero();
    }

    @ParameterizedTest
    @EnumSource(
            value = BrokerError.class,
            names = {"COORDINATOR_LOAD_IN_PROGRESS", "COORDINATOR_NOT_AVAILABLE", "NOT_COORDINATOR"})
    void answersThatPutItOffAreCountedSinceTheFirst(BrokerError refusal) {
        lookUp(10 * SECOND, refusal, null);
        lookUp(12 * SECOND, refusal, null);
        lookUp(14 * SECOND, refusal, null);

        isPutOff(standing(), refusal, 3);
        assertThat(standing().refusedNanos()).isEqualTo(10 * SECOND);
    }

    @ParameterizedTest
    @EnumSource(
            value = BrokerError.class,
            names = {"REQUEST_TIMED_OUT", "GROUP_AUTHORIZATION_FAILED", "INVALID_GROUP_ID"})
    void otherErrorsDoNotPutItOff(BrokerError error) {
        lookUp(now, error, null);
        isPutOff(standing(), null, 0);
    }

    @Test
    void anotherWordOfBrokersIsCountedAnew() {
        lookUp(10 * SECOND, BrokerError.COORDINATOR_NOT_AVAILABLE, null);
        lookUp(12 * SECOND, BrokerError.COORDINATOR_LOAD_IN_PROGRESS, null);

        isPutOff(standing(), BrokerError.COORDINATOR_LOAD_IN_PROGRESS, 1);
        assertThat(standing().refusedNanos()).isEqualTo(12 * SECOND);
    }

    /** A member that is put off asks again within seconds; when nothing follows, the broker has let it in. */
    @Test
    void aRefusalHoldsForFiveSecondsUnlessItIsRepeated() {
        lookUp(10 * SECOND, BrokerError.COORDINATOR_NOT_AVAILABLE, null);
        now = 15 * SECOND;
        isPutOff(standing(), BrokerError.COORDINATOR_NOT_AVAILABLE, 1);
        lookUp(15 * SECOND, BrokerError.COORDINATOR_NOT_AVAILABLE, null);
        isPutOff(standing(), BrokerError.COORDINATOR_NOT_AVAILABLE, 2);

        now = 20 * SECOND + 1;
        assertThat(standing().refusal()).isNull();
        lookUp(now, BrokerError.COORDINATOR_NOT_AVAILABLE, null);
        isPutOff(standing(), BrokerError.COORDINATOR_NOT_AVAILABLE, 1);
        assertThat(standing().refusedNanos()).isEqualTo(20 * SECOND + 1);
    }

    // Who else is put off: the members.

    @Test
    void aJoinThatIsRefusedAsTheGroupIsStillLoadedPutsItOff() {
        ClassicScript script = ClassicScript.eager().joining();
        script.joinRefused(BrokerError.COORDINATOR_LOAD_IN_PROGRESS);
        isPutOff(script.coordinator.standing(script.now), BrokerError.COORDINATOR_LOAD_IN_PROGRESS, 1);
    }

    @Test
    void aHeartbeatToABrokerThatIsNoCoordinatorPutsItOff() {
        ClassicScript script = ClassicScript.eager().stable();
        script.heartbeatDue();
        script.heartbeatAnswered(BrokerError.NOT_COORDINATOR);
        isPutOff(script.coordinator.standing(script.now), BrokerError.NOT_COORDINATOR, 1);
    }

    @Test
    void aRebalanceDoesNotPutItOff() {
        ClassicScript script = ClassicScript.eager().stable();
        script.heartbeatDue();
        script.heartbeatAnswered(BrokerError.REBALANCE_IN_PROGRESS);
        isPutOff(script.coordinator.standing(script.now), null, 0);
    }

    @Test
    void aHeartbeatOfTheConsumerProtocolPutsItOff() {
        ConsumerWorld world = new ConsumerWorld();
        world.makeStable(1, ConsumerWorld.orders(0));
        world.pass(ConsumerWorld.INTERVAL_MS);
        world.refuse(BrokerError.COORDINATOR_LOAD_IN_PROGRESS);
        isPutOff(world.coordinator.standing(world.nowMs() * 1_000_000), BrokerError.COORDINATOR_LOAD_IN_PROGRESS, 1);
        assertThat(world.membership.owned()).as("nothing is lost by it").isNotEmpty();
    }
}

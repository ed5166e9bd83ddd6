package dev.surefoot.core.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Deadlines;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.exchange.Turn;
import dev.surefoot.core.group.FindCoordinator.FindCoordinatorRequest;
import dev.surefoot.core.group.FindCoordinator.FindCoordinatorResponse;
import dev.surefoot.core.time.Backoff;
import dev.surefoot.core.time.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.InvalidGroupIdException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CoordinatorTest {
    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1_000 * MILLI;
    private static final Node ONE = new Node(1, "one", 9092);
    private static final Node TWO = new Node(2, "two", 9092);

    private final ScriptedOutbox outbox = new ScriptedOutbox();
    private final ScriptedBrokers brokers = new ScriptedBrokers();
    private final List<GroupEffect> effects = new ArrayList<>();
    private final Coordinator coordinator = new Coordinator(
            "group", 30 * SECOND, brokers, new Backoff(100 * MILLI, SECOND, new SplittableRandom(1)), effects::add);
    private long now = SECOND;

    @BeforeEach
    void nothingIsAskedBeforeItIsNeeded() {
        turn();
        assertThat(outbox.sent).isEmpty();
        coordinator.need();
        turn();
    }

    private void turn() {
        coordinator.dispatch(outbox, new Turn(now, 0, 0, false));
    }

    private long deadline() {
        Deadlines deadlines = new Deadlines();
        coordinator.enterDeadlines(deadlines, now);
        return deadlines.earliestNanos();
    }

    private void answered(BrokerError error, @Nullable Node node) {
        outbox.answer(FindCoordinatorRequest.class, new FindCoordinatorResponse(0, error, error.code(), node), now);
        turn();
    }

    private Coordinator.Instance found(Node node) {
        answered(BrokerError.NONE, node);
        Coordinator.Instance instance = coordinator.instance();
        assertThat(instance).isNotNull();
        return instance;
    }

    private List<KafkaException> raised() {
        return effects.stream()
                .filter(GroupEffect.Raise.class::isInstance)
                .map(effect -> ((GroupEffect.Raise) effect).cause())
                .toList();
    }

    @Test
    void oneLookUpIsUnderWayAndHasATimeLimit() {
        coordinator.need();
        turn();

        assertThat(outbox.underWay(FindCoordinatorRequest.class).timeoutNanos()).isEqualTo(30 * SECOND);
        assertThat(outbox.underWay(FindCoordinatorRequest.class).groupId()).isEqualTo("group");
        assertThat(deadline()).isEqualTo(Deadline.NEVER);
    }

    @Test
    void aFindingEndsTheSearch() {
        assertThat(found(ONE).node()).isEqualTo(ONE);
        now += 60 * SECOND;
        turn();

        assertThat(outbox.sent).hasSize(1);
        assertThat(deadline()).isEqualTo(Deadline.NEVER);
    }

    @ParameterizedTest
    @EnumSource(
            value = BrokerError.class,
            names = {"COORDINATOR_NOT_AVAILABLE", "COORDINATOR_LOAD_IN_PROGRESS", "NOT_COORDINATOR", "REQUEST_TIMED_OUT"
            })
    void anErrorThatPassesIsAskedAgainAfterABackOffAndNewMetadata(BrokerError error) {
        answered(error, null);
        assertThat(outbox.sent).hasSize(1);
        assertThat(effects).containsExactly(new GroupEffect.RefreshMetadata());
        assertThat(deadline()).isBetween(now + 80 * MILLI, now + 120 * MILLI);

        now = deadline();
        turn();
        assertThat(outbox.sent).hasSize(2);
    }

    @Test
    void missingRightsAreTheApplicationsExceptionAndALaterLookUpMayHaveThem() {
        answered(BrokerError.GROUP_AUTHORIZATION_FAILED, null);
        assertThat(raised()).singleElement().isInstanceOf(GroupAuthorizationException.class);
        assertThat(coordinator.failure()).isInstanceOf(GroupAuthorizationException.class);

        coordinator.need();
        now = deadline();
        turn();
        found(ONE);
        assertThat(coordinator.failure()).isNull();
    }

    @Test
    void aLookUpThatFailsForGoodIsNotRepeatedUnlessItIsNeeded() {
        answered(BrokerError.GROUP_AUTHORIZATION_FAILED, null);
        assertThat(deadline()).isEqualTo(Deadline.NEVER);
        now += 60 * SECOND;
        turn();
        assertThat(outbox.sent).hasSize(1);
        assertThat(raised()).hasSize(1);
    }

    @Test
    void whoAsksTheCoordinatorASingleQuestionTellsOfItsFailureAlone() {
        answered(BrokerError.GROUP_AUTHORIZATION_FAILED, null);
        now += SECOND;
        assertThat(coordinator.reach(outbox)).isNull();
        turn();
        answered(BrokerError.GROUP_AUTHORIZATION_FAILED, null);

        assertThat(outbox.sent).hasSize(2);
        assertThat(coordinator.failure()).isInstanceOf(GroupAuthorizationException.class);
        assertThat(raised()).as("only the first was needed by poll").hasSize(1);
    }

    /** A broker that is cut off from the others names a coordinator that is gone, or none, for as long as it is. */
    @Test
    void aBrokerThatNamesNoCoordinatorThatAnswersIsNotAskedAgainAtOnce() {
        answered(BrokerError.COORDINATOR_NOT_AVAILABLE, null);
        now += SECOND;
        turn();
        coordinator.forget(found(ONE), "test");
        coordinator.need();
        now += SECOND;
        turn();
        Coordinator.Instance third = found(TWO);
        coordinator.confirm(third);
        coordinator.forget(third, "test");
        coordinator.need();
        now += SECOND;
        turn();

        assertThat(outbox.sent(FindCoordinatorRequest.class))
                .extracting(FindCoordinatorRequest::nodeId)
                .containsExactly(0, 1, 2, 2);
    }

    @Test
    void anotherErrorNamesTheGroup() {
        answered(BrokerError.INVALID_GROUP_ID, null);

        assertThat(raised()).singleElement().isInstanceOf(InvalidGroupIdException.class);
        assertThat(raised().get(0)).hasMessageContaining("group 'group'");
    }

    @Test
    void aLookUpWithoutAnAnswerGoesToAnotherBroker() {
        outbox.fail(FindCoordinatorRequest.class, ScriptedOutbox.disconnected(), now);
        turn();
        assertThat(outbox.sent).hasSize(1);
        now = deadline();
        turn();

        assertThat(outbox.sent(FindCoordinatorRequest.class))
                .extracting(FindCoordinatorRequest::nodeId)
                .containsExactly(0, 1);
        assertThat(raised()).isEmpty();
    }

    @Test
    void refusedCredentialsAreTheApplicationsException() {
        KafkaException cause = new SaslAuthenticationException("wrong password");
        outbox.fail(FindCoordinatorRequest.class, new RequestFailure(RequestFailure.Kind.AUTHENTICATION, cause), now);

        assertThat(raised()).containsExactly(cause);
    }

    @Test
    void brokersThatCannotBeReachedAreTriedAgainAfterABackOff() {
        found(ONE);
        coordinator.forget(coordinator.instance(), "test");
        coordinator.need();
        brokers.failure = ScriptedOutbox.disconnected();
        now += SECOND;
        turn();
        assertThat(deadline()).isGreaterThan(now);
        brokers.failure = null;
        now = deadline();
        turn();

        assertThat(outbox.sent).hasSize(2);
    }

    @Test
    void gf22AnOldInstanceDoesNotForgetANewerOne() {
        Coordinator.Instance first = found(ONE);
        coordinator.forget(first, "test");
        coordinator.need();
        now += SECOND;
        turn();
        Coordinator.Instance second = found(ONE);

        coordinator.forget(first, "an old answer");
        assertThat(coordinator.instance()).isEqualTo(second).isNotEqualTo(first);
    }

    @Test
    void aForgottenCoordinatorIsLookedForWhenItIsNeeded() {
        coordinator.forget(found(ONE), "test");
        now += SECOND;
        turn();
        assertThat(outbox.sent).hasSize(1);

        coordinator.need();
        turn();
        assertThat(found(TWO).node()).isEqualTo(TWO);
    }

    @Test
    void aFindingThatAnswersNothingIsLookedUpAnewAtAGrowingPace() {
        int lookUps = 0;
        outbox.unreachable.add(1);
        long end = now + 10 * SECOND;
        while (now < end) {
            if (outbox.isUnderWay(FindCoordinatorRequest.class)) {
                lookUps++;
                found(ONE);
            }
            assertThat(coordinator.reach(outbox)).isNull();
            turn();
            now += 10 * MILLI;
        }

        assertThat(lookUps).isBetween(10, 18);
    }

    @Test
    void aCoordinatorThatHasAnsweredIsLookedUpAnewWithTheFirstBackOff() {
        for (int i = 0; i < 5; i++) {
            coordinator.forget(found(ONE), "test");
            coordinator.need();
            now += 2 * SECOND;
            turn();
        }
        Coordinator.Instance last = found(ONE);
        coordinator.confirm(last);
        coordinator.forget(last, "test");
        coordinator.need();
        now += 2 * SECOND;
        turn();
        coordinator.forget(found(ONE), "test");
        coordinator.need();

        assertThat(deadline()).isBetween(now + 80 * MILLI, now + 120 * MILLI);
    }

    @Test
    void itIsReachedWhenItsConnectionIsReady() {
        assertThat(coordinator.reach(outbox)).isNull();
        Coordinator.Instance instance = found(ONE);
        outbox.connecting = true;
        assertThat(coordinator.reach(outbox)).isNull();
        assertThat(coordinator.instance()).as("it is being connected to").isEqualTo(instance);
        outbox.connecting = false;

        assertThat(coordinator.reach(outbox)).isEqualTo(instance);
    }
}

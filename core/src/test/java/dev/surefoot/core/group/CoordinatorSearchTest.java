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
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** When the coordinator is looked for, at whom, and who hears of a search in vain. */
class CoordinatorSearchTest {
    private static final long SECOND = 1_000_000_000;
    private static final Node ONE = new Node(1, "one", 9092);

    private final ScriptedOutbox outbox = new ScriptedOutbox();
    private final ScriptedBrokers brokers = new ScriptedBrokers();
    private final List<GroupEffect> effects = new ArrayList<>();
    private final Coordinator coordinator = new Coordinator(
            "group", 30 * SECOND, brokers, new Backoff(SECOND / 10, SECOND, new SplittableRandom(1)), effects::add);
    private long now = SECOND;

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
    }

    private Coordinator.Instance find() {
        coordinator.need();
        now += 2 * SECOND;
        turn();
        answered(BrokerError.NONE, ONE);
        turn();
        Coordinator.Instance found = coordinator.instance();
        assertThat(found).isNotNull();
        return found;
    }

    private List<KafkaException> raised() {
        return effects.stream()
                .filter(GroupEffect.Raise.class::isInstance)
                .map(effect -> ((GroupEffect.Raise) effect).cause())
                .toList();
    }

    @Test
    void aFindingAndItsLossAreReported() {
        Coordinator.Instance found = find();
        coordinator.forget(found, "it said so");
        coordinator.forget(found, "once more");

        assertThat(effects)
                .containsExactly(
                        new GroupEffect.Report(new GroupEvent.CoordinatorFound(ONE)),
                        new GroupEffect.Report(new GroupEvent.CoordinatorLost("it said so")));
    }

    @Test
    void whatWasNeededOfAKnownCoordinatorIsNoReasonToLookForTheNextOne() {
        Coordinator.Instance found = find();
        coordinator.need();
        coordinator.forget(found, "test");
        now += 10 * SECOND;
        turn();

        assertThat(outbox.sent).hasSize(1);
        assertThat(deadline()).isEqualTo(Deadline.NEVER);
    }

    @Test
    void aCoordinatorThatRefusesTheCredentialsIsToldToTheApplicationAndLookedForAnew() {
        find();
        coordinator.need();
        turn();
        KafkaException cause = new SaslAuthenticationException("wrong password");
        outbox.unreachable.add(1);
        outbox.unreachableBy = new RequestFailure(RequestFailure.Kind.AUTHENTICATION, cause);

        assertThat(coordinator.reach(outbox)).isNull();
        assertThat(raised()).containsExactly(cause);
        assertThat(coordinator.failure()).isSameAs(cause);
        assertThat(coordinator.instance()).isNull();
        now += 10 * SECOND;
        turn();
        assertThat(outbox.sent).as("without another call").hasSize(2);
    }

    @Test
    void onlyThePresentCoordinatorCountsAsOneThatAnswers() {
        Coordinator.Instance first = find();
        coordinator.forget(first, "test");
        Coordinator.Instance second = find();
        coordinator.confirm(first);
        coordinator.forget(second, "test");
        coordinator.need();
        now += 10 * SECOND;
        turn();

        assertThat(outbox.sent(FindCoordinatorRequest.class))
                .extracting(FindCoordinatorRequest::nodeId)
                .as("each broker that names one without an answer is asked once")
                .containsExactly(0, 1, 2);
    }

    @Test
    void withoutABrokerToAskTheLoopNeitherAsksNorSpins() {
        brokers.found = false;
        coordinator.need();
        turn();

        assertThat(outbox.sent).isEmpty();
        assertThat(deadline()).as("a connection ends the wait").isEqualTo(Deadline.NEVER);
        brokers.found = true;
        turn();
        assertThat(outbox.sent).hasSize(1);
    }

    @Test
    void aBackOffThatHasEndedIsNoDeadline() {
        coordinator.need();
        turn();
        answered(BrokerError.COORDINATOR_NOT_AVAILABLE, null);
        turn();
        long end = deadline();
        assertThat(end).isBetween(now + 1, now + SECOND);
        brokers.found = false;
        now = end;
        turn();
        assertThat(deadline()).isEqualTo(Deadline.NEVER);
    }

    @Test
    void brokersThatCannotBeReachedAreBackedOffFromAndRefusedCredentialsRaised() {
        brokers.failure = ScriptedOutbox.disconnected();
        coordinator.need();
        turn();
        assertThat(deadline()).isBetween(now + 1, now + SECOND);
        assertThat(raised()).isEmpty();

        KafkaException cause = new SaslAuthenticationException("wrong password");
        brokers.failure = new RequestFailure(RequestFailure.Kind.AUTHENTICATION, cause);
        coordinator.need();
        now = deadline();
        turn();
        assertThat(raised()).containsExactly(cause);
    }

    @Test
    void aBrokerThatIsTooOldIsTheApplicationsException() {
        coordinator.need();
        turn();
        KafkaException cause = new UnsupportedVersionException("too old");
        outbox.fail(
                FindCoordinatorRequest.class, new RequestFailure(RequestFailure.Kind.UNSUPPORTED_VERSION, cause), now);

        assertThat(raised()).containsExactly(cause);
        assertThat(coordinator.failure()).isSameAs(cause);
    }

    @Test
    void missingRightsNameTheGroup() {
        coordinator.need();
        turn();
        answered(BrokerError.GROUP_AUTHORIZATION_FAILED, null);

        assertThat(raised())
                .singleElement()
                .isInstanceOfSatisfying(
                        GroupAuthorizationException.class,
                        e -> assertThat(e.groupId()).isEqualTo("group"));
    }

    @Test
    void whoNeedsItWhileASearchIsUnderWayHearsOfItsFailure() {
        assertThat(coordinator.reach(outbox)).isNull();
        turn();
        coordinator.need();
        answered(BrokerError.GROUP_AUTHORIZATION_FAILED, null);

        assertThat(raised()).hasSize(1);
    }
}

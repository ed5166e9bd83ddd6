package dev.surefoot.core.group;

import static dev.surefoot.core.group.CommitWorld.A0;
import static dev.surefoot.core.group.CommitWorld.A1;
import static dev.surefoot.core.group.CommitWorld.B0;
import static dev.surefoot.core.group.CommitWorld.MILLI;
import static dev.surefoot.core.group.CommitWorld.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.group.FindCoordinator.FindCoordinatorResponse;
import dev.surefoot.core.group.OffsetCommit.OffsetCommitResponse;
import dev.surefoot.core.group.OffsetFetch.Found;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.CoordinatorLoadInProgressException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The application's questions about committed offsets are answered, repeated, or fail. */
class CommittedQuestionsTest extends OffsetFetchScript {
    @Test
    void aQuestionIsAnsweredWithWhatIsStored() {
        world.committed.ask(1, Set.of(A0, A1, B0));
        world.turn();
        assertThat(request().partitions()).containsExactlyInAnyOrder(A0, A1, B0);
        Map<TopicPartition, Found> found = new HashMap<>();
        found.put(A0, new Found(BrokerError.NONE, (short) 0, 5, 2, "mark"));
        found.put(A1, new Found(BrokerError.NONE, (short) 0, 6, -1, null));
        found.put(B0, NOTHING);
        answer(found);

        assertThat(world.told.found.get(1L))
                .isEqualTo(Map.of(A0, new OffsetAndMetadata(5, Optional.of(2), "mark"), A1, new OffsetAndMetadata(6)));
        world.turn();
        assertThat(world.wire).isEmpty();
    }

    /** The coordinator may hold back a JoinGroup for minutes, and with it what is behind it. */
    @Test
    void aQuestionGoesBesideARequestThatIsHeldBack() {
        world.standing.heldBack = true;
        world.committed.ask(1, Set.of(A0));
        world.turn();
        assertThat(request().purpose()).isEqualTo(Purpose.CONTROL);
        answer(Map.of(A0, at(5)));
        world.standing.heldBack = false;
        world.committed.ask(2, Set.of(A0));
        world.turn();
        assertThat(request().purpose()).isEqualTo(Purpose.COORDINATOR);
    }

    @Test
    void aQuestionBesideARequestThatIsHeldBackOvertakesNoCommit() {
        world.commits.submit(new Commit(
                1,
                Commit.Kind.ASYNC,
                world.standing.identity,
                Map.of(A0, new OffsetAndMetadata(5)),
                world.now + 60 * SECOND));
        world.turn();
        CommitWorld.Sent commit = world.wire.get(0);
        world.standing.heldBack = true;
        world.committed.ask(1, Set.of(A0));
        world.turn();
        assertThat(world.wire).containsExactly(commit);

        world.answer(commit, new OffsetCommitResponse(0, Map.of(A0, new OffsetCommit.Stored(BrokerError.NONE, (short)
                0))));
        world.turn();
        assertThat(request().purpose()).isEqualTo(Purpose.CONTROL);
    }

    @Test
    void everyQuestionIsARequestOfItsOwn() {
        world.committed.ask(1, Set.of(A0));
        world.turn();
        answer(Map.of(A0, at(5)));
        world.committed.ask(2, Set.of(A0));
        world.turn();
        answer(Map.of(A0, at(6)));
        assertThat(world.told.found.get(2L)).isEqualTo(Map.of(A0, new OffsetAndMetadata(6)));
    }

    @Test
    void aQuestionAboutNothingNeedsNoRequest() {
        world.committed.ask(1, Set.of());
        assertThat(world.told.found).containsEntry(1L, Map.of());
    }

    @ParameterizedTest
    @EnumSource(
            value = BrokerError.class,
            names = {
                "UNSTABLE_OFFSET_COMMIT",
                "UNKNOWN_TOPIC_ID",
                "UNKNOWN_TOPIC_OR_PARTITION",
                "COORDINATOR_LOAD_IN_PROGRESS",
                "COORDINATOR_NOT_AVAILABLE",
                "NOT_COORDINATOR",
                "STALE_MEMBER_EPOCH",
                "UNKNOWN_MEMBER_ID"
            })
    void aQuestionIsRepeatedWhileTheErrorMayPass(BrokerError error) {
        world.committed.ask(1, Set.of(A0, A1));
        world.turn();
        answer(Map.of(A0, error(error), A1, at(3)));
        assertThat(world.told.delayed).containsKey(1L);
        assertThat(world.deadlineNanos()).isBetween(world.now + 80 * MILLI, world.now + 120 * MILLI);
        world.turn();
        assertThat(world.wire).isEmpty();
        world.pass(2 * SECOND);
        world.pass(2 * SECOND);
        answer(Map.of(A0, at(5), A1, at(4)));
        assertThat(world.told.found.get(1L))
                .as("of one answer")
                .isEqualTo(Map.of(A0, new OffsetAndMetadata(5), A1, new OffsetAndMetadata(4)));
    }

    @Test
    void aLastingErrorEndsAQuestion() {
        world.committed.ask(1, Set.of(A0, A1));
        world.turn();
        answer(Map.of(A0, error(BrokerError.TOPIC_AUTHORIZATION_FAILED), A1, at(4)));
        assertThat(world.told.failed.get(1L)).isInstanceOf(TopicAuthorizationException.class);

        world.committed.ask(2, Set.of(A0));
        world.turn();
        world.fail(world.wire.get(0), RequestFailure.Kind.UNSUPPORTED_VERSION);
        assertThat(world.told.failed).containsKey(2L);
        assertThat(world.told.found).isEmpty();
    }

    @Test
    void aLostAnswerIsAskedForAgain() {
        world.committed.ask(1, Set.of(A0));
        world.turn();
        world.fail(world.wire.get(0), RequestFailure.Kind.DISCONNECTED);
        assertThat(world.told.delayed).containsKey(1L);
        world.pass(2 * SECOND);
        world.pass(2 * SECOND);
        answer(Map.of(A0, at(5)));
        assertThat(world.told.found).containsKey(1L);
    }

    @Test
    void aCancelledQuestionGetsNoAnswer() {
        world.committed.ask(1, Set.of(A0));
        world.turn();
        world.committed.cancel(1);
        answer(Map.of(A0, error(BrokerError.COORDINATOR_LOAD_IN_PROGRESS)));
        world.pass(2 * SECOND);
        assertThat(world.wire).isEmpty();
        assertThat(world.told.found).isEmpty();
        assertThat(world.told.failed).isEmpty();
        assertThat(world.told.delayed).isEmpty();

        world.committed.ask(2, Set.of(A0));
        world.turn();
        world.committed.cancel(2);
        answer(Map.of(A0, at(1)));
        assertThat(world.told.found).isEmpty();
    }

    @Test
    void aCoordinatorThatMayNotBeAskedForEndsTheQuestion() {
        CommitWorld fresh = new CommitWorld(GroupSettings.Protocol.CLASSIC);
        fresh.committed.ask(1, Set.of(A0));
        fresh.turnWithoutCoordinator();
        BrokerError error = BrokerError.GROUP_AUTHORIZATION_FAILED;
        fresh.answer(fresh.wire.get(0), new FindCoordinator.FindCoordinatorResponse(0, error, error.code(), null));
        fresh.turnWithoutCoordinator();
        assertThat(fresh.told.failed.get(1L)).isInstanceOf(GroupAuthorizationException.class);
    }

    @Test
    void theReasonOfADelayIsTheLastError() {
        world.committed.ask(1, Set.of(A0));
        world.turn();
        answerGroup(BrokerError.COORDINATOR_LOAD_IN_PROGRESS);
        assertThat(world.told.delayed.get(1L)).isInstanceOf(CoordinatorLoadInProgressException.class);
    }

    @Test
    void aQuestionAfterALookUpThatFailedIsAnsweredWhenTheNextOneFinds() {
        BrokerError error = BrokerError.GROUP_AUTHORIZATION_FAILED;
        world.coordinator.forget(world.coordinator.instance(), "gone");
        world.coordinator.need();
        world.now += SECOND;
        world.turnWithoutCoordinator();
        world.answer(world.wire.get(0), new FindCoordinatorResponse(0, error, error.code(), null));
        world.committed.ask(1, Set.of(A0));
        world.pass(2 * SECOND);
        world.turn();
        answer(Map.of(A0, at(5)));

        assertThat(world.told.failed).isEmpty();
        assertThat(world.told.found.get(1L)).isEqualTo(Map.of(A0, new OffsetAndMetadata(5)));
    }
}

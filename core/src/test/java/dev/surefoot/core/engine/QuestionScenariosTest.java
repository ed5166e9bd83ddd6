package dev.surefoot.core.engine;

import static dev.surefoot.core.engine.EngineWorld.SECOND;
import static dev.surefoot.core.engine.EngineWorld.tp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.engine.EpochValidationExchange.OffsetForLeaderEpochRequest;
import dev.surefoot.core.engine.OffsetLookupExchange.ListOffsetsRequest;
import dev.surefoot.core.engine.ScriptedLink.Fate;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.position.ListOffsetsQuery;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the application asks of the cluster beside reading. */
class QuestionScenariosTest {
    private static final TopicPartition A0 = tp("a", 0);
    private static final TopicPartition A1 = tp("a", 1);

    private final EngineWorld world = new EngineWorld(2);

    @BeforeEach
    void twoPartitionsOnTwoBrokers() {
        world.log(A0, 1, 10);
        world.log(A1, 2, 20);
    }

    private EngineEvent.OffsetsFound found() {
        assertThat(world.application.events(EngineEvent.OffsetsFound.class)).hasSize(1);
        return world.application.events(EngineEvent.OffsetsFound.class).get(0);
    }

    private void askForEnds() {
        world.engine.ask(new Question.Offsets(5, Map.of(A0, ListOffsetsQuery.LATEST, A1, ListOffsetsQuery.LATEST)));
    }

    private void assertEndsAreFound() {
        assertThat(found().questionId()).isEqualTo(5);
        assertThat(found().offsets().get(A0).offset()).isEqualTo(100);
        assertThat(found().offsets().get(A1).offset()).isEqualTo(200);
    }

    @Test
    void topicsAreDescribed() {
        world.engine.ask(new Question.Topics(3, Set.of("a"), false));
        world.run(SECOND);

        assertThat(world.application.events(EngineEvent.TopicsFound.class))
                .singleElement()
                .satisfies(found -> {
                    assertThat(found.questionId()).isEqualTo(3);
                    assertThat(found.answer().topics().get(0).partitions()).hasSize(2);
                });
    }

    @Test
    void allTopicsAreDescribed() {
        world.log(tp("b", 0), 1, 1);
        world.engine.ask(new Question.Topics(3, null, false));
        world.run(SECOND);

        assertThat(world.application
                        .events(EngineEvent.TopicsFound.class)
                        .get(0)
                        .answer()
                        .topics())
                .hasSize(2);
    }

    @Test
    void offsetsAreCollectedFromAllLeaders() {
        askForEnds();
        world.run(SECOND);

        assertEndsAreFound();
    }

    @Test
    void aQuestionAboutNothingIsAnsweredAtOnce() {
        world.engine.ask(new Question.Offsets(5, Map.of()));
        world.turn();

        assertThat(found().offsets()).isEmpty();
    }

    @Test
    void aLostAnswerIsAskedForAgain() {
        world.link.next(ListOffsetsRequest.class::isInstance, Fate.ANSWER_LOST);
        world.link.next(ListOffsetsRequest.class::isInstance, Fate.REFUSED);
        askForEnds();
        world.run(2 * SECOND);

        assertEndsAreFound();
    }

    @Test
    void aLeaderThatHasMovedIsFound() {
        askForEnds();
        world.run(SECOND);
        world.application.others.clear();
        world.cluster.log(A0).moveTo(2);
        askForEnds();
        world.run(2 * SECOND);

        assertEndsAreFound();
    }

    @Test
    void anErrorOfOnePartitionIsAskedAgainAndTheOthersAreKept() {
        world.cluster.fail(A0, BrokerError.OFFSET_NOT_AVAILABLE);
        askForEnds();
        world.run(2 * SECOND);
        assertThat(world.application.events(EngineEvent.OffsetsFound.class)).isEmpty();
        world.cluster.fail(A0, BrokerError.NONE);
        world.cluster.fail(A1, BrokerError.OFFSET_NOT_AVAILABLE);

        world.run(2 * SECOND);

        assertEndsAreFound();
    }

    @Test
    void whatMayNotBeKnownFails() {
        world.cluster.fail(A0, BrokerError.TOPIC_AUTHORIZATION_FAILED);
        askForEnds();
        world.run(2 * SECOND);

        assertThat(world.application.events(EngineEvent.QuestionFailed.class))
                .singleElement()
                .satisfies(failed -> assertThat(failed.cause()).isInstanceOf(TopicAuthorizationException.class));
    }

    @Test
    void aCancelledQuestionIsNotAskedAnyMore() {
        world.cluster.fail(A0, BrokerError.OFFSET_NOT_AVAILABLE);
        askForEnds();
        world.run(SECOND);
        world.engine.cancelQuestion(5);
        world.run(SECOND);
        int sent = world.link.sent.size();

        world.run(20 * SECOND);

        assertThat(world.link.sent).hasSize(sent);
        assertThat(world.application.events(EngineEvent.OffsetsFound.class)).isEmpty();
    }

    @Test
    void questionsTouchNoPosition() {
        world.assign(A0);
        world.runUntilConsumed(A0);
        askForEnds();
        world.run(2 * SECOND);

        assertEndsAreFound();
        assertThat(world.application.position(A0)).isEqualTo(100);
        assertThat(world.application.events(EngineEvent.SessionDisturbed.class)).isEmpty();
    }

    @Test
    void aBrokerThatCannotValidateIsTakenAtItsWord() {
        world.assign(A0);
        world.link.next(OffsetForLeaderEpochRequest.class::isInstance, Fate.HELD);
        world.engine.seek(
                A0, world.application.moved(A0, 30), new dev.surefoot.core.handover.FetchPosition(30, 1), world.now);
        world.run(SECOND);
        OffsetForLeaderEpochRequest asked = (OffsetForLeaderEpochRequest) world.link.sent.stream()
                .filter(OffsetForLeaderEpochRequest.class::isInstance)
                .findAny()
                .orElseThrow();

        world.engine.failed(
                asked,
                new RequestFailure(
                        RequestFailure.Kind.UNSUPPORTED_VERSION, new UnsupportedVersionException("scripted")),
                world.now);

        world.runUntilConsumed(A0);
    }
}

package dev.surefoot.core.engine;

import static dev.surefoot.core.engine.EngineWorld.MILLI;
import static dev.surefoot.core.engine.EngineWorld.SECOND;
import static dev.surefoot.core.engine.EngineWorld.tp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Readiness;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.position.ListOffsetsQuery;
import dev.surefoot.core.position.ResetStrategy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.OffsetNotAvailableException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The application is told what keeps an answer away, and does not wait for one that cannot come. */
class UnansweredScenariosTest {
    private static final TopicPartition A0 = tp("a", 0);
    private static final TopicPartition A1 = tp("a", 1);
    private static final TopicPartition A99 = tp("a", 99);
    private static final TopicPartition NOWHERE = tp("nowhere", 0);
    private static final RequestFailure PROTOCOL = new RequestFailure(
            RequestFailure.Kind.DISCONNECTED,
            new DisconnectException("its listener may expect another security.protocol"));

    private final EngineWorld world = new EngineWorld(2);

    @BeforeEach
    void twoPartitionsOnTwoBrokers() {
        world.log(A0, 1, 10);
        world.log(A1, 2, 20);
    }

    private void askForEnds(TopicPartition... partitions) {
        Map<TopicPartition, Long> timestamps = new HashMap<>();
        for (TopicPartition partition : partitions) {
            timestamps.put(partition, ListOffsetsQuery.LATEST);
        }
        world.engine.ask(new Question.Offsets(1, timestamps));
    }

    /** What the application was last told of the question. */
    private Iterable<Unanswered> told() {
        return told(1);
    }

    private Iterable<Unanswered> told(long questionId) {
        List<EngineEvent.QuestionDelayed> delays = world.application.events(EngineEvent.QuestionDelayed.class).stream()
                .filter(delay -> delay.questionId() == questionId)
                .toList();
        assertThat(delays).isNotEmpty();
        return delays.get(delays.size() - 1).unanswered();
    }

    private static RequestFailure refused(String words) {
        return new RequestFailure(RequestFailure.Kind.AUTHENTICATION, new SaslAuthenticationException(words));
    }

    @Test
    void onlyWhatIsMissingIsNamedAndWhy() {
        askForEnds(A0, A1, A99, NOWHERE);
        world.run(2 * SECOND);

        assertThat(told())
                .extracting(Unanswered::partitions, Unanswered::why)
                .containsExactlyInAnyOrder(
                        tuple(List.of(A99), "partition 99 does not exist: topic a has 2 partitions"),
                        tuple(List.of(NOWHERE), "topic nowhere does not exist"));
    }

    @Test
    void aMissingLeaderIsNamed() {
        world.cluster.leadersInMetadata = false;
        askForEnds(A0, A1);
        world.run(SECOND);

        assertThat(told()).singleElement().satisfies(missing -> {
            assertThat(missing.partitions()).containsExactly(A0, A1);
            assertThat(missing.why()).isEqualTo("it has no leader");
        });
    }

    @Test
    void theLastErrorOfTheLeaderIsNamed() {
        world.cluster.fail(A1, BrokerError.OFFSET_NOT_AVAILABLE);
        askForEnds(A0, A1);
        world.run(SECOND);

        assertThat(told()).singleElement().satisfies(missing -> {
            assertThat(missing.partitions()).containsExactly(A1);
            assertThat(missing.why()).isEqualTo("Asking broker 2 for an offset of a-1: OFFSET_NOT_AVAILABLE");
            assertThat(missing.cause()).isInstanceOf(OffsetNotAvailableException.class);
        });
    }

    @Test
    void theLastFailureOfAConnectionIsNamed() {
        world.link.state(-1, new Readiness.Failed(PROTOCOL));
        askForEnds(A0);
        world.run(SECOND);

        assertThat(told()).singleElement().satisfies(missing -> {
            assertThat(missing.why()).isEqualTo("its listener may expect another security.protocol");
            assertThat(missing.cause()).isSameAs(PROTOCOL.cause());
        });
    }

    @Test
    void theFailureOfALeaderIsNamedAndForgottenWhenItAnswers() {
        askForEnds(A0, A1);
        world.run(SECOND);
        world.link.state(2, new Readiness.Failed(PROTOCOL));
        world.cluster.fail(A0, BrokerError.OFFSET_NOT_AVAILABLE);
        askForEnds(A0, A1);
        world.run(SECOND);

        assertThat(told()).hasSize(2).anySatisfy(missing -> {
            assertThat(missing.partitions()).containsExactly(A1);
            assertThat(missing.cause()).isSameAs(PROTOCOL.cause());
        });

        world.link.up(2);
        world.run(SECOND);
        assertThat(told())
                .singleElement()
                .satisfies(missing -> assertThat(missing.partitions()).containsExactly(A0));
    }

    @Test
    void theFailureToListTopicsIsNamed() {
        world.link.state(-1, new Readiness.Failed(PROTOCOL));
        world.engine.ask(new Question.Topics(1, null, false));
        world.run(SECOND);

        assertThat(told()).singleElement().satisfies(missing -> {
            assertThat(missing.partitions()).isEmpty();
            assertThat(missing.cause()).isSameAs(PROTOCOL.cause());
        });
    }

    @Test
    void whatKeepsAPositionAwayIsNamed() {
        world.cluster.fail(A0, BrokerError.OFFSET_NOT_AVAILABLE);
        world.assign(A0, A99);
        world.run(SECOND);
        world.engine.ask(new Question.Position(1, A0));
        world.run(SECOND);
        assertThat(told())
                .singleElement()
                .satisfies(missing ->
                        assertThat(missing.why()).isEqualTo("Looking up an offset of a-0: OFFSET_NOT_AVAILABLE"));

        world.engine.ask(new Question.Position(2, A99));
        world.run(SECOND);
        assertThat(told(2))
                .singleElement()
                .satisfies(missing ->
                        assertThat(missing.why()).isEqualTo("partition 99 does not exist: topic a has 2 partitions"));
        assertThat(world.application.events(EngineEvent.QuestionFailed.class)).isEmpty();
    }

    @Test
    void anErrorOfAnEarlierLookUpIsNotNamedForALaterOne() {
        world.cluster.fail(A0, BrokerError.OFFSET_NOT_AVAILABLE);
        world.assign(A0);
        world.run(SECOND);
        world.cluster.fail(A0, BrokerError.NONE);
        world.runUntilConsumed(A0);
        world.link.connecting(1);
        world.seek(A0, new ResetStrategy.Latest());
        world.engine.ask(new Question.Position(1, A0));
        world.run(SECOND);

        assertThat(told())
                .singleElement()
                .satisfies(
                        missing -> assertThat(missing.why()).isEqualTo("broker 1, its leader, has not answered yet"));
    }

    @Test
    void whatIsKnownIsToldOnce() {
        askForEnds(NOWHERE);
        world.run(20 * SECOND);

        assertThat(world.application.events(EngineEvent.QuestionDelayed.class)).hasSizeLessThan(40);
    }

    @Test
    void refusedCredentialsEndEveryQuestionAtOnceHoweverOftenAsked() {
        RequestFailure refused = refused("wrong password");
        world.link.state(-1, new Readiness.Failed(refused));
        world.assign(A0);
        for (int id = 1; id <= 40; id += 4) {
            world.engine.ask(new Question.Topics(id, Set.of("a"), false));
            world.engine.ask(new Question.Topics(id + 1, null, false));
            world.engine.ask(new Question.Offsets(id + 2, Map.of(A1, ListOffsetsQuery.LATEST)));
            world.engine.ask(new Question.Position(id + 3, A0));
            world.turn();
            assertThat(world.application.events(EngineEvent.QuestionFailed.class))
                    .hasSize(id + 3)
                    .allSatisfy(failed -> assertThat(failed.cause()).isSameAs(refused.cause()));
            world.run(73 * MILLI);
        }
    }

    @Test
    void refusedCredentialsCountForMoreThanAnotherBrokerThatIsDown() {
        RequestFailure refused = refused("wrong password");
        askForEnds(A0);
        world.run(SECOND);
        world.link.state(-1, new Readiness.Failed(PROTOCOL));
        world.link.state(1, new Readiness.Failed(refused));
        world.link.down(2);

        world.engine.ask(new Question.Topics(2, null, false));
        world.run(SECOND);

        assertThat(world.application.events(EngineEvent.QuestionFailed.class))
                .singleElement()
                .satisfies(failed -> assertThat(failed.cause()).isSameAs(refused.cause()));
    }

    @Test
    void aLeaderThatRefusesTheCredentialsEndsQuestionsAboutItsPartitions() {
        RequestFailure refused = refused("wrong password");
        askForEnds(A0, A1);
        world.assign(A0);
        world.run(SECOND);
        world.link.state(1, new Readiness.Failed(refused));
        world.seek(A0, new ResetStrategy.Latest());
        for (int id = 2; id <= 20; id += 2) {
            world.engine.ask(new Question.Offsets(id, Map.of(A0, ListOffsetsQuery.LATEST)));
            world.engine.ask(new Question.Position(id + 1, A0));
            world.turn();
            assertThat(world.application.events(EngineEvent.QuestionFailed.class))
                    .hasSize(id)
                    .allSatisfy(failed -> assertThat(failed.cause()).isSameAs(refused.cause()));
            world.run(73 * MILLI);
        }
    }

    @Test
    void questionsAreAnsweredAgainWhenTheCredentialsAreAccepted() {
        world.link.state(-1, new Readiness.Failed(refused("wrong password")));
        askForEnds(A0);
        world.run(SECOND);
        world.link.states().clear();

        world.engine.ask(new Question.Offsets(2, Map.of(A0, ListOffsetsQuery.LATEST)));
        world.run(2 * SECOND);

        assertThat(world.application.events(EngineEvent.OffsetsFound.class))
                .singleElement()
                .satisfies(found -> assertThat(found.questionId()).isEqualTo(2));
    }
}

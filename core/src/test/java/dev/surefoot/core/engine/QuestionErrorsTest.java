package dev.surefoot.core.engine;

import static dev.surefoot.core.engine.EngineWorld.SECOND;
import static dev.surefoot.core.engine.EngineWorld.tp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.cluster.MetadataAnswer;
import dev.surefoot.core.cluster.MetadataAnswer.TopicMetadata;
import dev.surefoot.core.engine.MetadataExchange.MetadataRequest;
import dev.surefoot.core.engine.MetadataExchange.MetadataResponse;
import dev.surefoot.core.engine.OffsetLookupExchange.ListOffsetsRequest;
import dev.surefoot.core.engine.ScriptedLink.Fate;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.error.BrokerQuestion;
import dev.surefoot.core.error.ErrorMeaning;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.position.ListOffsetsQuery;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of each question with each error: a lasting one ends it at once, any other one does not. */
class QuestionErrorsTest {
    private static final TopicPartition A0 = tp("a", 0);
    private static final long AT_ONCE = SECOND / 20;

    private final EngineWorld world = new EngineWorld(1);

    @BeforeEach
    void onePartition() {
        world.log(A0, 1, 10);
    }

    private @Nullable KafkaException failure() {
        List<EngineEvent.QuestionFailed> failed = world.application.events(EngineEvent.QuestionFailed.class);
        return failed.isEmpty() ? null : failed.get(0).cause();
    }

    /** Has the next Metadata request answered in these words. */
    private void describe(BrokerError whole, BrokerError ofTopic, short code) {
        world.link.next(MetadataRequest.class::isInstance, Fate.HELD);
        world.turn();
        Request<?> held = world.link.sent.stream()
                .filter(MetadataRequest.class::isInstance)
                .findFirst()
                .orElseThrow();
        TopicMetadata topic = new TopicMetadata("a", Uuid.ZERO_UUID, ofTopic, false, List.of(), code);
        world.engine.answered(
                held,
                new MetadataResponse(new MetadataAnswer(whole, 0, "model", world.cluster.nodes(), List.of(topic))),
                world.now);
        world.turn();
    }

    private void describe(BrokerError ofTopic) {
        describe(BrokerError.NONE, ofTopic, ofTopic.code());
    }

    private void assertFailedWith(BrokerError error) {
        assertThat(failure()).as("%s", error).isNotNull().hasSameClassAs(error.exception("as"));
    }

    private void askForTheEnd() {
        world.engine.ask(new Question.Offsets(1, Map.of(A0, ListOffsetsQuery.LATEST)));
    }

    @ParameterizedTest
    @EnumSource
    void ofOnePartitionWhoseOffsetIsAskedFor(BrokerError error) {
        world.cluster.fail(A0, error);
        askForTheEnd();
        world.run(AT_ONCE);

        ErrorMeaning meaning = BrokerQuestion.OFFSETS.meaningOf(error);
        boolean found =
                !world.application.events(EngineEvent.OffsetsFound.class).isEmpty();
        switch (meaning) {
            case ANSWER, NO_ANSWER -> assertThat(found).isTrue();
            case LASTING -> assertFailedWith(error);
            case STALE, PASSING -> {
                assertThat(failure()).isNull();
                world.cluster.fail(A0, BrokerError.NONE);
                world.run(2 * SECOND);
                assertThat(world.application.events(EngineEvent.OffsetsFound.class))
                        .hasSize(1);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void ofATopicWhoseLeadersAreAskedFor(BrokerError error) {
        askForTheEnd();
        describe(error);

        if (BrokerQuestion.LEADERS.meaningOf(error) == ErrorMeaning.LASTING) {
            assertFailedWith(error);
        } else {
            assertThat(failure()).isNull();
            world.run(2 * SECOND);
            assertThat(world.application.events(EngineEvent.OffsetsFound.class)).hasSize(1);
        }
        assertThat(world.application.events(EngineEvent.Raised.class))
                .as("a poll has nothing to do with it")
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void ofATopicThatIsAskedForByName(BrokerError error) {
        world.engine.ask(new Question.Topics(1, Set.of("a"), false));
        describe(error);

        switch (BrokerQuestion.TOPIC.meaningOf(error)) {
            case ANSWER, NO_ANSWER ->
                assertThat(world.application.events(EngineEvent.TopicsFound.class))
                        .hasSize(1);
            case LASTING -> assertFailedWith(error);
            case STALE, PASSING -> {
                assertThat(failure()).isNull();
                world.run(2 * SECOND);
                assertThat(world.application.events(EngineEvent.TopicsFound.class))
                        .hasSize(1);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void ofOneTopicAmongAll(BrokerError error) {
        world.engine.ask(new Question.Topics(1, null, false));
        describe(error);

        assertThat(world.application.events(EngineEvent.TopicsFound.class)).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void ofMetadataAsAWhole(BrokerError error) {
        world.engine.ask(new Question.Topics(1, Set.of("a"), false));
        describe(error, BrokerError.NONE, BrokerError.NONE.code());

        if (BrokerQuestion.METADATA.meaningOf(error) == ErrorMeaning.LASTING) {
            assertFailedWith(error);
        } else {
            assertThat(failure()).isNull();
            world.run(2 * SECOND);
            assertThat(world.application.events(EngineEvent.TopicsFound.class)).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void ofMetadataAsAWholeThatLeadersAreTakenFrom(BrokerError error) {
        world.assign(A0);
        askForTheEnd();
        describe(error, BrokerError.UNKNOWN_TOPIC_OR_PARTITION, BrokerError.UNKNOWN_TOPIC_OR_PARTITION.code());

        boolean lasting = BrokerQuestion.METADATA.meaningOf(error) == ErrorMeaning.LASTING;
        assertThat(world.application.events(EngineEvent.Raised.class)).hasSize(lasting ? 1 : 0);
        if (lasting) {
            assertFailedWith(error);
        } else {
            world.run(3 * SECOND);
            assertThat(world.application.events(EngineEvent.OffsetsFound.class)).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void ofAPartitionWhosePositionIsLookedUp(BrokerError error) {
        world.cluster.fail(A0, error);
        world.assign(A0);
        world.run(AT_ONCE);

        if (BrokerQuestion.POSITION.meaningOf(error) == ErrorMeaning.LASTING) {
            assertThat(world.application.failures()).isNotEmpty();
            assertThat(world.application.failures().get(0).cause())
                    .hasSameClassAs(error.exception("as"))
                    .hasMessageContaining("a-0");
        } else {
            assertThat(world.application.failures()).isEmpty();
        }
        world.cluster.fail(A0, BrokerError.NONE);
        world.runUntilConsumed(A0);
    }

    @ParameterizedTest
    @EnumSource
    void ofATopicThatIsAssigned(BrokerError error) {
        world.assign(A0);
        describe(error);

        boolean lasting = BrokerQuestion.LEADERS.meaningOf(error) == ErrorMeaning.LASTING;
        assertThat(world.application.events(EngineEvent.TopicsRefused.class)).hasSize(lasting ? 1 : 0);
        if (lasting) {
            EngineEvent.TopicsRefused refused =
                    world.application.events(EngineEvent.TopicsRefused.class).get(0);
            assertThat(refused.topics()).containsExactly("a");
            assertThat(refused.cause()).hasSameClassAs(error.exception("as"));
        }
    }

    @Test
    void aRefusalIsTakenBackByTheNextAnswerThatHasTheTopic() {
        world.assign(A0);
        describe(BrokerError.TOPIC_AUTHORIZATION_FAILED);
        world.runUntilConsumed(A0);

        assertRefusedAndTakenBack();
    }

    @Test
    void aRefusalIsTakenBackWhenItsTopicIsNotReadAnyMore() {
        world.assign(A0);
        describe(BrokerError.TOPIC_AUTHORIZATION_FAILED);
        world.assign();
        world.turn();

        assertRefusedAndTakenBack();
    }

    private void assertRefusedAndTakenBack() {
        List<EngineEvent.TopicsRefused> refusals = world.application.events(EngineEvent.TopicsRefused.class);
        assertThat(refusals).hasSize(2);
        assertThat(refusals.get(0).cause()).isInstanceOf(TopicAuthorizationException.class);
        assertThat(refusals.get(1).cause()).isNull();
    }

    @Test
    void anUnknownCodeKeepsItsNumber() {
        world.engine.ask(new Question.Topics(1, Set.of("a"), false));
        describe(BrokerError.NONE, BrokerError.UNKNOWN_SERVER_ERROR, (short) 44);

        assertThat(failure()).hasMessageContaining("error code 44");
    }

    @Test
    void oneBadTopicAmongSeveralIsTheOnlyOneNamed() {
        world.engine.ask(
                new Question.Offsets(1, Map.of(A0, ListOffsetsQuery.LATEST, tp("b", 0), ListOffsetsQuery.LATEST)));
        world.engine.ask(new Question.Offsets(2, Map.of(tp("b", 0), ListOffsetsQuery.LATEST)));
        describe(BrokerError.INVALID_TOPIC_EXCEPTION);

        assertThat(world.application.events(EngineEvent.QuestionFailed.class))
                .singleElement()
                .satisfies(failed -> assertThat(failed.questionId()).isEqualTo(1));
        assertThat(((InvalidTopicException) failure()).invalidTopics()).containsExactly("a");
    }

    @Test
    void aBrokerTooOldForMetadataEndsTheWaitForLeaders() {
        world.assign(A0);
        askForTheEnd();
        world.link.next(MetadataRequest.class::isInstance, Fate.HELD);
        world.turn();
        RequestFailure tooOld =
                new RequestFailure(RequestFailure.Kind.UNSUPPORTED_VERSION, new UnsupportedVersionException("too old"));

        world.engine.failed(world.link.sent.get(0), tooOld, world.now);
        world.turn();

        assertThat(failure()).isSameAs(tooOld.cause());
        assertThat(world.application.events(EngineEvent.Raised.class))
                .extracting(EngineEvent.Raised::cause)
                .containsExactly(tooOld.cause());
    }

    @Test
    void aBrokerTooOldToLookUpAPositionIsToldOf() {
        world.assign(A0);
        world.link.next(ListOffsetsRequest.class::isInstance, Fate.HELD);
        world.run(AT_ONCE);
        RequestFailure tooOld =
                new RequestFailure(RequestFailure.Kind.UNSUPPORTED_VERSION, new UnsupportedVersionException("too old"));
        Request<?> asked = world.link.sent.stream()
                .filter(ListOffsetsRequest.class::isInstance)
                .findFirst()
                .orElseThrow();

        world.engine.failed(asked, tooOld, world.now);
        world.turn();

        assertThat(world.application.events(EngineEvent.Raised.class))
                .extracting(EngineEvent.Raised::cause)
                .containsExactly(tooOld.cause());
    }
}

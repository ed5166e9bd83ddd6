package dev.surefoot.core.group;

import static dev.surefoot.core.group.CommitWorld.A0;
import static dev.surefoot.core.group.CommitWorld.A1;
import static dev.surefoot.core.group.CommitWorld.B0;
import static dev.surefoot.core.group.CommitWorld.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.RequestFailure;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.RetriableCommitFailedException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A commit is of the topic that its offsets were consumed from, not of another one that has got the name since. */
class RecreatedTopicCommitTest extends CommitScript {
    private static final Uuid A = new Uuid(1, 1);
    private static final Uuid OTHER_A = new Uuid(1, 2);
    private static final Uuid B = new Uuid(2, 1);

    @BeforeEach
    void topicsAreDescribed() {
        world.describe(Map.of("a", A, "b", B));
    }

    @Test
    void theIdsOfTheTopicsAreSent() {
        sync(Map.of(A0, 5L, B0, 7L));
        world.turn();
        assertThat(request(0).topicIds()).isEqualTo(Map.of("a", A, "b", B));
    }

    @Test
    void anIdThatIsFoundLaterIsSent() {
        sync(Map.of(new TopicPartition("c", 0), 5L));
        Uuid found = new Uuid(3, 1);
        world.describe(Map.of("c", found));
        world.turn();
        assertThat(request(0).topicIds()).isEqualTo(Map.of("c", found));
        assertThat(world.events()).noneMatch(GroupEvent.OffsetsOutdated.class::isInstance);
    }

    @Test
    void anOffsetOfATopicThatIsGoneIsNotStoredForTheNextTopicOfThatName() {
        long id = sync(Map.of(A0, 5L, A1, 6L, B0, 7L));
        world.describe(Map.of("a", OTHER_A));
        world.turn();
        assertThat(request(0).offsets()).isEqualTo(offsets(Map.of(B0, 7L)));
        assertThat(world.events()).contains(new GroupEvent.OffsetsOutdated(Set.of(A0, A1)));
        store();
        assertThat(world.outcome(id)).isNull();
    }

    @Test
    void aCommitOfNothingElseIsSettledWithoutARequest() {
        long id = async(Map.of(A0, 5L));
        world.describe(Map.of("a", OTHER_A));
        world.turn();
        assertThat(world.wire).isEmpty();
        assertThat(world.outcome(id)).isNull();
    }

    @Test
    void aCoordinatorThatDoesNotKnowTheIdMakesMetadataDueAndTheCommitIsSentAgain() {
        long id = sync(Map.of(A0, 5L));
        world.turn();
        answer(BrokerError.UNKNOWN_TOPIC_ID);
        assertThat(world.effects).contains(new GroupEffect.RefreshMetadata());
        world.pass(SECOND);
        assertThat(request(0).topicIds()).isEqualTo(Map.of("a", A));
        store();
        assertThat(world.outcome(id)).isNull();
        assertThat(stored).containsEntry(A0, 5L);
    }

    @Test
    void theCommitIsNotSentAgainOnceMetadataTellsOfAnotherTopic() {
        long id = sync(Map.of(A0, 5L));
        world.turn();
        answer(BrokerError.UNKNOWN_TOPIC_ID);
        world.describe(Map.of("a", OTHER_A));
        world.pass(SECOND);
        assertThat(world.wire).isEmpty();
        assertThat(world.outcome(id)).isNull();
        assertThat(stored).isEmpty();
    }

    @Test
    void theApplicationHearsOfAnAsyncCommitThatTheCoordinatorDoesNotKnowTheTopicOf() {
        long id = async(Map.of(A0, 5L));
        world.turn();
        answer(BrokerError.UNKNOWN_TOPIC_ID);
        assertThat(world.outcome(id)).isInstanceOf(RetriableCommitFailedException.class);
    }

    @Test
    void whatIsOnTheWireIsAnsweredThoughTheTopicIsAnotherOneByThen() {
        long id = sync(Map.of(A0, 5L));
        world.turn();
        world.describe(Map.of("a", OTHER_A));
        world.turn();
        assertThat(request(0).topicIds()).isEqualTo(Map.of("a", A));
        assertThat(world.settled()).isEmpty();
        assertThat(world.events()).noneMatch(GroupEvent.OffsetsOutdated.class::isInstance);
        world.fail(onWire(0), RequestFailure.Kind.TIMED_OUT);
        world.pass(2 * SECOND);
        assertThat(world.wire).isEmpty();
        assertThat(world.outcome(id)).isNull();
    }

    @Test
    void aTopicThatMetadataDoesNotDescribeAnyMoreStaysTheOneThatItWas() {
        long id = sync(Map.of(A0, 5L));
        world.describe(Map.of("b", B));
        world.turn();
        assertThat(request(0).topicIds()).isEqualTo(Map.of("a", A));
        store();
        assertThat(world.outcome(id)).isNull();
    }

    @Test
    void aLookUpNamesTheTopicThatIsThereNow() {
        world.committed.ask(1, Set.of(A0, B0));
        world.turn();
        OffsetFetch.OffsetFetchRequest request =
                (OffsetFetch.OffsetFetchRequest) onWire(0).request();
        assertThat(request.topicIds()).isEqualTo(Map.of("a", A, "b", B));
    }
}

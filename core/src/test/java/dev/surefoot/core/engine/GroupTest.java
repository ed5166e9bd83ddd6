package dev.surefoot.core.engine;

import static dev.surefoot.core.engine.GroupWorld.COORDINATOR;
import static dev.surefoot.core.engine.GroupWorld.LEADER;
import static dev.surefoot.core.engine.GroupWorld.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.cluster.MetadataAnswer;
import dev.surefoot.core.engine.FetchExchange.FetchRequest;
import dev.surefoot.core.engine.MetadataExchange.MetadataRequest;
import dev.surefoot.core.engine.TopicIdExchange.TopicIdsRequest;
import dev.surefoot.core.engine.TopicIdExchange.TopicIdsResponse;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.group.Commit;
import dev.surefoot.core.group.ConsumerGroupHeartbeat.ConsumerGroupHeartbeatRequest;
import dev.surefoot.core.group.FindCoordinator.FindCoordinatorRequest;
import dev.surefoot.core.group.FindCoordinator.FindCoordinatorResponse;
import dev.surefoot.core.group.GroupSettings.Protocol;
import dev.surefoot.core.group.Membership.Departure;
import dev.surefoot.core.group.OffsetCommit.OffsetCommitRequest;
import dev.surefoot.core.group.OffsetFetch.Found;
import dev.surefoot.core.group.OffsetFetch.OffsetFetchRequest;
import dev.surefoot.core.group.OffsetFetch.OffsetFetchResponse;
import dev.surefoot.core.handover.GroupNotice;
import dev.surefoot.core.handover.MemberIdentity;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.junit.jupiter.api.Test;

/** What the parts of a group want done elsewhere is done, and in which order they are asked. */
class GroupTest {
    private static final TopicPartition T0 = new TopicPartition("t", 0);
    private static final TopicPartition T1 = new TopicPartition("t", 1);

    private GroupWorld world = new GroupWorld(Protocol.CONSUMER);
    private Uuid t;

    private Group group() {
        return world.engine.group();
    }

    /** Subscribes to t with two partitions; the join is on the wire. */
    private void joining() {
        t = world.create("t", 2);
        group().subscribe(Set.of("t"), null, world.now);
        world.turn();
        world.answerMetadata();
        world.findCoordinator();
    }

    private static Found at(long offset) {
        return new Found(BrokerError.NONE, (short) 0, offset, -1, "");
    }

    private void committed(Map<TopicPartition, Found> offsets) {
        world.answer(
                world.onWire(OffsetFetchRequest.class),
                new OffsetFetchResponse(0, BrokerError.NONE, (short) 0, offsets));
        world.turn();
    }

    /** A member that owns both partitions and reads them. */
    private void reading() {
        joining();
        world.beat(1, Map.of(t, Set.of(0, 1)));
        GroupNotice.Assigned assigned = world.notice(GroupNotice.Assigned.class);
        world.assign(Set.of(T0, T1));
        world.turn();
        committed(Map.of(T0, at(5), T1, at(6)));
        group().taken(assigned.token(), Set.of(T0, T1), world.now);
        world.turn();
        world.answerMetadata();
        world.beat(1, null);
    }

    private Set<TopicPartition> fetched() {
        Set<TopicPartition> fetched = new TreeSet<>((a, b) -> Integer.compare(a.partition(), b.partition()));
        world.all(FetchRequest.class)
                .forEach(fetch -> fetch.plan().partitions().keySet().forEach(key -> fetched.add(key.topicPartition())));
        return fetched;
    }

    // Order.

    @Test
    void theCoordinatorIsLookedForInTheTurnInWhichItIsNeeded() {
        world.create("t", 1);
        world.turn();
        world.answerMetadata();
        assertThat(world.all(FindCoordinatorRequest.class))
                .as("nobody needs it")
                .isEmpty();
        group().subscribe(Set.of("t"), null, world.now);
        world.turn();
        assertThat(world.all(FindCoordinatorRequest.class)).hasSize(1);
        world.findCoordinator();
        assertThat(world.onWire(ConsumerGroupHeartbeatRequest.class).nodeId()).isEqualTo(COORDINATOR.id());
    }

    @Test
    void aCommitMadeInTheListenerGoesBeforeTheWordThatOthersMayOwnThePartitions() {
        reading();
        world.pass(5 * SECOND);
        world.beat(1, Map.of(t, Set.of(0)));
        GroupNotice.Revoked revoked = world.notice(GroupNotice.Revoked.class);
        assertThat(revoked.partitions()).containsExactly(T1);

        commit(1, Commit.Kind.ASYNC, world.engine.group().membership().identity(), T1, 8);
        world.assign(Set.of(T0));
        group().released(revoked.token(), Set.of(T1), new HashMap<>(), world.now);
        world.turn();

        List<Request<?>> toCoordinator = world.wire.stream()
                .filter(request ->
                        request instanceof OffsetCommitRequest || request instanceof ConsumerGroupHeartbeatRequest)
                .toList();
        assertThat(toCoordinator).hasSize(2);
        assertThat(toCoordinator.get(0)).isInstanceOf(OffsetCommitRequest.class);
        assertThat(((ConsumerGroupHeartbeatRequest) toCoordinator.get(1)).owned())
                .isEqualTo(Map.of(t, Set.of(0)));
    }

    private void commit(long id, Commit.Kind kind, MemberIdentity as, TopicPartition partition, long offset) {
        group().commits()
                .submit(new Commit(
                        id, kind, as, Map.of(partition, new OffsetAndMetadata(offset)), world.now + 60 * SECOND));
    }

    @Test
    void aHeartbeatBehindCommitsHasTheTimeForWhichTheyMayBeHeldBack() {
        reading();
        commit(1, Commit.Kind.ASYNC, group().membership().identity(), T0, 7);
        commit(2, Commit.Kind.ASYNC, group().membership().identity(), T0, 8);
        world.turn();
        assertThat(world.all(OffsetCommitRequest.class)).hasSize(2);

        world.pass(5 * SECOND);
        assertThat(world.onWire(ConsumerGroupHeartbeatRequest.class).timeoutNanos())
                .isEqualTo((10 + 2 * 5) * SECOND);
    }

    @Test
    void theOutcomeOfACommitIsANotice() {
        reading();
        commit(1, Commit.Kind.SYNC, MemberIdentity.none("g", null), T0, 7);
        world.turn();
        assertThat(world.notice(GroupNotice.CommitSettled.class).failure()).isNotNull();
    }

    // Effects.

    @Test
    void aCoordinatorThatMetadataDoesNotHaveIsMadeKnownBeforeTheNextTurn() {
        world.brokers = List.of(LEADER);
        world.create("t", 1);
        group().subscribe(Set.of("t"), null, world.now);
        world.turn();
        world.answerMetadata();
        Node elsewhere = new Node(9, "localhost", 9009);
        world.answer(
                world.onWire(FindCoordinatorRequest.class),
                new FindCoordinatorResponse(0, BrokerError.NONE, (short) 0, elsewhere));
        assertThat(world.events(EngineEvent.BrokersChanged.class))
                .last()
                .isEqualTo(new EngineEvent.BrokersChanged(List.of(LEADER, elsewhere)));
    }

    /** It may lead no partition that is read, so that metadata is as old as it may become. */
    @Test
    void aCoordinatorThatHasMovedIsReachedWhereTheLookUpFoundIt() {
        world.brokers = List.of(LEADER);
        world.create("t", 1);
        group().subscribe(Set.of("t"), null, world.now);
        world.turn();
        world.answerMetadata();
        Node moved = new Node(LEADER.id(), "elsewhere", 9009);
        world.answer(
                world.onWire(FindCoordinatorRequest.class),
                new FindCoordinatorResponse(0, BrokerError.NONE, (short) 0, moved));
        assertThat(world.events(EngineEvent.BrokersChanged.class))
                .last()
                .isEqualTo(new EngineEvent.BrokersChanged(List.of(moved)));

        subscribedTo("u");
        assertThat(world.events(EngineEvent.BrokersChanged.class))
                .as("a broker that lags behind says what was said before")
                .last()
                .isEqualTo(new EngineEvent.BrokersChanged(List.of(moved)));

        Node again = new Node(LEADER.id(), "again", 9010);
        world.brokers = List.of(again);
        subscribedTo("v");
        assertThat(world.events(EngineEvent.BrokersChanged.class))
                .last()
                .isEqualTo(new EngineEvent.BrokersChanged(List.of(again)));
    }

    /** Metadata of a topic that was not asked for before is answered. */
    private void subscribedTo(String topic) {
        world.create(topic, 1);
        group().subscribe(Set.of(topic), null, world.now);
        world.turn();
        world.refreshMetadata();
    }

    @Test
    void anAssignedPartitionIsLookedUpAtOnceAndFetchedWhenTheListenerHasReturned() {
        joining();
        world.beat(1, Map.of(t, Set.of(0, 1)));
        GroupNotice.Assigned assigned = world.notice(GroupNotice.Assigned.class);
        world.assign(Set.of(T0, T1));
        world.turn();
        world.answerMetadata();
        committed(Map.of(T0, at(5), T1, at(-1)));
        assertThat(fetched()).isEmpty();

        group().taken(assigned.token(), Set.of(T0, T1), world.now);
        world.turn();
        assertThat(fetched())
                .as("T1 has no committed offset, and is reset first")
                .containsExactly(T0);
    }

    @Test
    void aPartitionThatIsNotAssignedAnyMoreIsNotTaken() {
        joining();
        world.beat(1, Map.of(t, Set.of(0, 1)));
        GroupNotice.Assigned assigned = world.notice(GroupNotice.Assigned.class);
        world.assign(Set.of(T0));
        world.turn();
        world.answerMetadata();
        committed(Map.of(T0, at(5)));
        group().taken(assigned.token(), Set.of(T0, T1), world.now);
        world.turn();
        assertThat(fetched()).containsExactly(T0);
    }

    @Test
    void aRevokedPartitionIsFetchedNoMoreAndTheOthersGoOn() {
        reading();
        assertThat(fetched()).containsExactly(T0, T1);
        world.pass(5 * SECOND);
        world.beat(1, Map.of(t, Set.of(0)));
        world.fail(world.onWire(FetchRequest.class), RequestFailure.Kind.DISCONNECTED);
        world.pass(SECOND);
        world.pass(SECOND);
        assertThat(fetched()).containsExactly(T0);
    }

    @Test
    void whatTheCoordinatorRefusesIsRaisedAndReported() {
        world.create("t", 1);
        group().subscribe(Set.of("t"), null, world.now);
        world.turn();
        world.answerMetadata();
        world.answer(
                world.onWire(FindCoordinatorRequest.class),
                new FindCoordinatorResponse(0, BrokerError.GROUP_AUTHORIZATION_FAILED, (short) 30, null));
        assertThat(world.events(EngineEvent.Raised.class))
                .singleElement()
                .satisfies(raised -> assertThat(raised.cause()).isInstanceOf(GroupAuthorizationException.class));
        world.pass(SECOND);
        world.findCoordinator();
        assertThat(world.events(EngineEvent.GroupReported.class)).isNotEmpty();
    }

    @Test
    void aNoticeThatWasNotTakenIsSuperseded() {
        joining();
        world.beat(1, Map.of(t, Set.of(0, 1)));
        GroupNotice.Assigned assigned = world.notice(GroupNotice.Assigned.class);
        group().leave(Departure.DEFAULT, "closed", SECOND, world.now);
        world.turn();
        assertThat(world.events(EngineEvent.NoticeSuperseded.class))
                .singleElement()
                .satisfies(superseded -> assertThat(superseded.notice().token()).isEqualTo(assigned.token()));
    }

    @Test
    void aMemberAwaitsThePollThatLetsItJoin() {
        assertThat(group().awaitsPoll()).as("nothing is subscribed to").isFalse();
        group().subscribe(Set.of("t"), null, world.now);
        assertThat(group().awaitsPoll()).isTrue();
        world.turn();
        assertThat(group().awaitsPoll()).as("it joins").isFalse();
        world = new GroupWorld(Protocol.CONSUMER);
        reading();
        assertThat(group().awaitsPoll()).as("it is a member").isFalse();
        group().leave(Departure.DEFAULT, "closed", SECOND, world.now);
        assertThat(group().awaitsPoll()).isFalse();
    }

    // The application's questions.

    @Test
    void aQuestionAboutCommittedOffsetsIsAnswered() {
        joining();
        group().committed().ask(3, Set.of(T0, T1));
        world.turn();
        committed(Map.of(T0, at(5), T1, at(-1)));
        assertThat(world.events(EngineEvent.CommittedFound.class))
                .containsExactly(new EngineEvent.CommittedFound(3, Map.of(T0, new OffsetAndMetadata(5))));
    }

    @Test
    void aQuestionIsDelayedOrFailsForTheCoordinatorsReason() {
        joining();
        group().committed().ask(3, Set.of(T0));
        world.turn();
        committed(Map.of(T0, new Found(BrokerError.UNSTABLE_OFFSET_COMMIT, (short) 88, -1, -1, null)));
        assertThat(world.events(EngineEvent.QuestionDelayed.class))
                .singleElement()
                .satisfies(
                        delayed -> assertThat(delayed.unanswered().get(0).why()).contains("t-0"));
        world.pass(SECOND);
        committed(Map.of(T0, new Found(BrokerError.TOPIC_AUTHORIZATION_FAILED, (short) 29, -1, -1, null)));
        assertThat(world.events(EngineEvent.QuestionFailed.class))
                .singleElement()
                .satisfies(failed -> assertThat(failed.questionId()).isEqualTo(3));
    }

    @Test
    void aCancelledQuestionHasNoAnswer() {
        joining();
        group().committed().ask(3, Set.of(T0));
        world.turn();
        world.engine.cancelQuestion(3);
        committed(Map.of(T0, at(5)));
        assertThat(world.events(EngineEvent.CommittedFound.class)).isEmpty();
    }

    @Test
    void aPositionThatIsToBeCommittedElsewhereIsAwaitedFromTheCoordinatorNotFromTheLeader() {
        joining();
        world.beat(1, Map.of(t, Set.of(0)));
        world.assign(Set.of(T0));
        world.turn();
        world.answerMetadata();
        world.engine.ask(new Question.Position(5, T0));
        world.turn();
        assertThat(lastReason()).contains("broker 2, the group's coordinator");
        world.fail(world.onWire(OffsetFetchRequest.class), RequestFailure.Kind.DISCONNECTED);
        world.turn();
        assertThat(lastReason()).contains("scripted");
    }

    @Test
    void aCoordinatorThatIsNotKnownIsTheReasonForAPositionThatIsNotKnown() {
        world.create("t", 1);
        world.assign(Set.of(T0));
        world.turn();
        world.answerMetadata();
        world.engine.ask(new Question.Position(5, T0));
        world.turn();
        assertThat(lastReason()).contains("the group's coordinator is not known");
    }

    private String lastReason() {
        List<EngineEvent.QuestionDelayed> delayed = world.events(EngineEvent.QuestionDelayed.class);
        assertThat(delayed).isNotEmpty();
        return delayed.get(delayed.size() - 1).unanswered().get(0).why();
    }

    // Metadata.

    @Test
    void aTopicIdWithoutAKnownNameIsAskedAboutAlone() {
        joining();
        Uuid u = world.create("u", 1);
        world.beat(1, Map.of(t, Set.of(0), u, Set.of(0)));
        TopicIdsRequest asked = world.onWire(TopicIdsRequest.class);
        assertThat(asked.topicIds()).containsExactly(u);
        assertThat(world.all(MetadataRequest.class))
                .as("not about all topics")
                .allMatch(request -> request.query().topics() != null);
        assertThat(world.notice(GroupNotice.Assigned.class).owned()).containsExactly(T0);

        world.answer(asked, new TopicIdsResponse(world.described(Set.of("u"))));
        group().taken(world.notice(GroupNotice.Assigned.class).token(), Set.of(T0), world.now);
        world.turn();
        world.beat(1, Map.of(t, Set.of(0), u, Set.of(0)));
        assertThat(world.notice(GroupNotice.Assigned.class).added()).containsExactly(new TopicPartition("u", 0));
        world.refreshMetadata();
        assertThat(world.all(TopicIdsRequest.class)).isEmpty();
    }

    @Test
    void anIdThatNobodyKnowsIsAskedAboutAgainAfterABackOff() {
        joining();
        Uuid unheardOf = new Uuid(9, 9);
        world.beat(1, Map.of(unheardOf, Set.of(0)));
        answerIds(new TopicIdsResponse(world.described(Set.of())));
        world.turn();
        assertThat(world.all(TopicIdsRequest.class)).isEmpty();
        world.pass(SECOND);
        answerIds(new TopicIdsResponse(
                new MetadataAnswer(BrokerError.UNKNOWN_SERVER_ERROR, 0, null, world.brokers, List.of())));
        world.pass(2 * SECOND);
        TopicIdsRequest third = world.onWire(TopicIdsRequest.class);
        world.fail(third, RequestFailure.Kind.TIMED_OUT);
        world.pass(3 * SECOND);
        assertThat(world.onWire(TopicIdsRequest.class).nodeId())
                .as("another broker")
                .isNotEqualTo(third.nodeId());
    }

    private void answerIds(TopicIdsResponse answer) {
        world.answer(world.onWire(TopicIdsRequest.class), answer);
    }

    @Test
    void aBrokerThatIsDownIsNotAskedForNames() {
        joining();
        world.down(LEADER);
        world.beat(1, Map.of(new Uuid(9, 9), Set.of(0)));
        assertThat(world.onWire(TopicIdsRequest.class).nodeId()).isEqualTo(COORDINATOR.id());
    }

    @Test
    void aBrokerThatIsTooOldForIdsIsReported() {
        joining();
        world.beat(1, Map.of(new Uuid(9, 9), Set.of(0)));
        world.fail(world.onWire(TopicIdsRequest.class), RequestFailure.Kind.UNSUPPORTED_VERSION);
        assertThat(world.events(EngineEvent.Raised.class)).isNotEmpty();
    }
}

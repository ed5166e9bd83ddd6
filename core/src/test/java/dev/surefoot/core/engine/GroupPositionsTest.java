package dev.surefoot.core.engine;

import static dev.surefoot.core.engine.GroupWorld.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.engine.EpochValidationExchange.OffsetForLeaderEpochRequest;
import dev.surefoot.core.engine.EpochValidationExchange.OffsetForLeaderEpochResponse;
import dev.surefoot.core.engine.FetchExchange.FetchRequest;
import dev.surefoot.core.engine.OffsetLookupExchange.ListOffsetsRequest;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.group.GroupSettings.Protocol;
import dev.surefoot.core.group.OffsetFetch.Found;
import dev.surefoot.core.group.OffsetFetch.OffsetFetchRequest;
import dev.surefoot.core.group.OffsetFetch.OffsetFetchResponse;
import dev.surefoot.core.handover.Delivery;
import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.core.handover.GroupNotice;
import dev.surefoot.core.position.OffsetForLeaderEpochAnswer;
import dev.surefoot.core.position.OffsetForLeaderEpochAnswer.EpochEndOffset;
import dev.surefoot.core.session.FetchTarget;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Where partitions of a group are read from, after they are assigned. */
class GroupPositionsTest {
    private static final TopicPartition T0 = new TopicPartition("t", 0);

    private final GroupWorld world = new GroupWorld(Protocol.CONSUMER);
    private Uuid t;

    @BeforeEach
    void join() {
        t = world.create("t", 1);
        world.engine.group().subscribe(Set.of("t"), null, world.now);
        world.turn();
        world.answerMetadata();
        world.findCoordinator();
        world.beat(1, Map.of(t, Set.of(0)));
        assigned();
    }

    /** The application takes T0. */
    private void assigned() {
        GroupNotice.Assigned assigned = world.notice(GroupNotice.Assigned.class);
        world.assign(Set.of(T0));
        world.turn();
        world.engine.group().taken(assigned.token(), Set.of(T0), world.now);
        world.turn();
    }

    private void committed(long offset, int leaderEpoch) {
        Found found = new Found(BrokerError.NONE, (short) 0, offset, leaderEpoch, "");
        world.answer(
                world.onWire(OffsetFetchRequest.class),
                new OffsetFetchResponse(0, BrokerError.NONE, (short) 0, Map.of(T0, found)));
        world.turn();
    }

    private List<FetchTarget> fetched() {
        return List.copyOf(world.onWire(FetchRequest.class).plan().partitions().values());
    }

    @Test
    void gt43ALogThatWasTruncatedBelowACommittedOffsetIsReadOnFromWhereItDiverges() {
        committed(60, 1);
        OffsetForLeaderEpochRequest asked = world.onWire(OffsetForLeaderEpochRequest.class);
        assertThat(asked.query().partitions().get(T0).leaderEpoch()).isEqualTo(1);
        assertThat(world.all(FetchRequest.class))
                .as("not before it is validated")
                .isEmpty();

        world.answer(
                asked,
                new OffsetForLeaderEpochResponse(
                        new OffsetForLeaderEpochAnswer(0, Map.of(T0, new EpochEndOffset(BrokerError.NONE, 1, 40)))));
        world.turn();

        assertThat(fetched())
                .singleElement()
                .satisfies(target -> assertThat(target.fetchOffset()).isEqualTo(40));
        assertThat(world.events(EngineEvent.PositionLost.class))
                .singleElement()
                .satisfies(lost -> assertThat(lost.what())
                        .startsWith("the log was truncated below offset 60; goes on at offset 40"));
        assertThat(positions()).endsWith(new FetchPosition(40, 1));
    }

    private List<FetchPosition> positions() {
        return world.events(EngineEvent.Delivered.class).stream()
                .map(EngineEvent.Delivered::delivery)
                .filter(Delivery.Positioned.class::isInstance)
                .map(delivery -> ((Delivery.Positioned) delivery).position())
                .toList();
    }

    @Test
    void aTopicOfTheGroupStaysKnownWhileItIsRevoked() {
        committed(5, -1);
        assertThat(fetched()).hasSize(1);
        world.answerMetadata();
        world.pass(5 * SECOND);
        world.answerMetadata();

        world.beat(1, Map.of());
        GroupNotice.Revoked revoked = world.notice(GroupNotice.Revoked.class);
        world.assign(Set.of());
        world.engine.group().released(revoked.token(), Set.of(T0), new HashMap<>(), world.now);
        world.turn();
        world.fail(world.onWire(FetchRequest.class), RequestFailure.Kind.DISCONNECTED);
        world.beat(1, Map.of(t, Set.of(0)));
        world.pass(2 * SECOND);
        assigned();
        committed(7, -1);

        // No metadata was answered since.
        assertThat(fetched())
                .singleElement()
                .satisfies(target -> assertThat(target.fetchOffset()).isEqualTo(7));
    }

    /** Metadata, which is asked for as another topic is of interest too, says that t was created anew. */
    private Uuid recreated() {
        Uuid anew = world.create("t", 1);
        world.create("u", 1);
        world.engine.group().subscribe(Set.of("t", "u"), null, world.now);
        world.turn();
        world.refreshMetadata();
        return anew;
    }

    /** Metadata may be minutes old when a partition is assigned, and the offset of the topic that there is now. */
    @Test
    void aCommittedOffsetIsAskedForAgainIfTheTopicTurnsOutToBeAnotherBeforeItWasRead() {
        committed(4, -1);
        Uuid anew = recreated();
        world.fail(world.onWire(FetchRequest.class), RequestFailure.Kind.DISCONNECTED);
        world.turn();
        assertThat(world.all(FetchRequest.class)).as("not from 4 yet").isEmpty();
        committed(4, -1);
        world.pass(2 * SECOND);

        assertThat(world.onWire(FetchRequest.class).plan().partitions())
                .containsOnlyKeys(new TopicIdPartition(anew, T0));
        assertThat(fetched())
                .singleElement()
                .satisfies(target -> assertThat(target.fetchOffset()).isEqualTo(4));
        assertThat(world.events(EngineEvent.PositionLost.class)).isEmpty();
        assertThat(positions()).last().isEqualTo(FetchPosition.at(4));
    }

    @Test
    void anAnswerAboutTheTopicThatWasDeletedIsNotUsed() {
        OffsetFetchRequest asked = world.onWire(OffsetFetchRequest.class);
        recreated();
        Found old = new Found(BrokerError.NONE, (short) 0, 4, -1, "");
        world.answer(asked, new OffsetFetchResponse(0, BrokerError.NONE, (short) 0, Map.of(T0, old)));
        world.turn();
        assertThat(world.all(FetchRequest.class)).isEmpty();

        committed(-1, -1);
        assertThat(world.all(ListOffsetsRequest.class))
                .as("reset, as nothing is committed")
                .hasSize(1);
    }
}

package dev.surefoot.core.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.cluster.Cluster;
import dev.surefoot.core.cluster.MetadataAnswer;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.handover.Delivery;
import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.core.model.ModelAnswers;
import dev.surefoot.core.model.ModelBatches;
import dev.surefoot.core.position.Effect;
import dev.surefoot.core.position.Hold;
import dev.surefoot.core.position.PositionRepair;
import dev.surefoot.core.position.Positions;
import dev.surefoot.core.position.ResetStrategy;
import dev.surefoot.core.position.TrackedPartition;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.PartitionAnswer;
import dev.surefoot.core.session.VerifiedFetchSession;
import dev.surefoot.core.time.Backoff;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A partition that is about to be revoked brings nothing any more, and one that is kept notices nothing. */
class HeldPartitionsTest {
    private static final Uuid ID = new Uuid(1, 1);
    private static final TopicIdPartition HELD = new TopicIdPartition(ID, 0, "a");
    private static final TopicIdPartition KEPT = new TopicIdPartition(ID, 1, "a");
    private static final int LEADER = 4;
    private static final int SESSION = 17;
    private static final long NOW = 1_000;

    private final Cluster cluster = new Cluster();
    private final Positions positions = new Positions(backoff());
    private final Fetcher fetcher = new Fetcher(
            cluster,
            positions,
            new PositionRepair(cluster, positions, new ResetStrategy.Earliest()),
            new ByteBudget(1 << 20, 1 << 20),
            new Fetcher.Limits(1 << 20, 1_000),
            nodeId -> new VerifiedFetchSession(true, 60_000_000_000L, backoff()),
            backoff());

    private static Backoff backoff() {
        return new Backoff(100, 1_000, new SplittableRandom(1));
    }

    @BeforeEach
    void bothAreFetched() {
        cluster.update(
                new MetadataAnswer(
                        BrokerError.NONE,
                        0,
                        "cluster",
                        List.of(new Node(LEADER, "localhost", 9092)),
                        List.of(new MetadataAnswer.TopicMetadata(
                                "a", ID, BrokerError.NONE, false, List.of(ledPartition(0), ledPartition(1))))),
                0);
        positions.assign(Map.of(HELD.topicPartition(), 1L, KEPT.topicPartition(), 1L), new ResetStrategy.Earliest());
        for (TrackedPartition partition : positions.all()) {
            positions.startFetching(partition, FetchPosition.at(5), ID, 3);
            fetcher.route(partition, NOW);
        }
    }

    private static MetadataAnswer.PartitionMetadata ledPartition(int partition) {
        return new MetadataAnswer.PartitionMetadata(
                partition, BrokerError.NONE, LEADER, 3, List.of(LEADER), List.of(LEADER), List.of());
    }

    private TrackedPartition partition(TopicIdPartition name) {
        return Objects.requireNonNull(positions.get(name.topicPartition()));
    }

    private FetchPlan send() {
        assertThat(fetcher.due(NOW)).containsExactly(LEADER);
        FetchPlan plan = fetcher.plan(LEADER, true, true, NOW);
        fetcher.sent(LEADER, plan, 1_000);
        return plan;
    }

    private List<TopicPartition> delivered(FetchPlan plan, PartitionAnswer... partitions) {
        AnsweredFetch answered =
                fetcher.answered(LEADER, plan, ModelAnswers.answer(SESSION, List.of(partitions)), 100, 300, NOW);
        return answered.effects().stream()
                .filter(Effect.Deliver.class::isInstance)
                .map(effect -> ((Effect.Deliver) effect).delivery())
                .map(Delivery::partition)
                .toList();
    }

    private static PartitionAnswer records(TopicIdPartition of) {
        return ModelAnswers.records(of, 100, ModelBatches.batch(5, 10, 3));
    }

    private void hold() {
        positions.hold(partition(HELD), Hold.REVOKED);
        fetcher.route(partition(HELD), NOW);
    }

    @Test
    void anAnswerUnderWayBringsNothingForAHeldPartition() {
        FetchPlan plan = send();
        hold();

        assertThat(delivered(plan, records(HELD), records(KEPT))).containsExactly(KEPT.topicPartition());
        assertThat(partition(HELD).fetching()).isEqualTo(FetchPosition.at(5));
        assertThat(partition(KEPT).fetching()).isEqualTo(new FetchPosition(15, 3));
    }

    @Test
    void theNextPlanForgetsTheHeldPartitionAndOnlyThat() {
        FetchPlan opening = send();
        hold();
        delivered(opening, ModelAnswers.marks(HELD, 100), ModelAnswers.marks(KEPT, 100));

        FetchPlan next = send();
        assertThat(next.kind()).isEqualTo(FetchPlan.Kind.INCREMENTAL);
        assertThat(next.sessionId()).isEqualTo(SESSION);
        assertThat(next.forgotten()).containsExactly(HELD);
        assertThat(next.partitions()).as("nothing changes for the kept one").isEmpty();
    }

    @Test
    void thePositionOfAHeldPartitionGoesOnWhenTheHoldEnds() {
        FetchPlan plan = send();
        positions.hold(partition(HELD), Hold.NOT_TAKEN);
        fetcher.route(partition(HELD), NOW);
        delivered(plan, records(HELD), records(KEPT));
        positions.endHold(partition(HELD), Hold.NOT_TAKEN);
        fetcher.route(partition(HELD), NOW);

        FetchPlan next = send();
        assertThat(next.forgotten()).isEmpty();
        assertThat(delivered(next, records(HELD))).containsExactly(HELD.topicPartition());
    }
}

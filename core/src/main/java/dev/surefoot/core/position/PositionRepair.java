package dev.surefoot.core.position;

import dev.surefoot.core.cluster.Cluster;
import dev.surefoot.core.cluster.PartitionLeader;
import dev.surefoot.core.handover.Delivery;
import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.core.handover.Yielded;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a position that a broker's word puts in doubt or replaces. Every change is delivered in order behind
 * the data fetched before it, so the application's position moves only when the application gets there. Owned by the
 * loop's thread.
 */
public final class PositionRepair {
    private final Cluster cluster;
    private final Positions positions;
    private final ResetStrategy policy;

    /** @param policy {@code auto.offset.reset} */
    public PositionRepair(Cluster cluster, Positions positions, ResetStrategy policy) {
        this.cluster = cluster;
        this.positions = positions;
        this.policy = policy;
    }

    /** A new partition, or one sought by a strategy, has got its offset. */
    public List<Effect> found(TrackedPartition partition, FetchPosition position) {
        List<Effect> effects = new ArrayList<>();
        PositionLoss loss = partition.unreportedLoss();
        if (loss != null) {
            effects.add(new Effect.PositionLost(partition.partition(), loss.describe(position.offset())));
            positions.clearLoss(partition);
        }
        effects.addAll(confirmed(partition, position));
        if (partition.topicUnconfirmed()) {
            positions.holdBack(partition, position);
        } else {
            effects.add(deliverPosition(partition, position));
        }
        return effects;
    }

    /** A broker has served the partition, so its topic is there. */
    public List<Effect> served(TrackedPartition partition) {
        FetchPosition heldBack = partition.heldBackPosition();
        positions.confirmServed(partition);
        return heldBack == null ? List.of() : List.of(deliverPosition(partition, heldBack));
    }

    /** A new partition has no position and no strategy to find one. */
    List<Effect> noStrategy(TrackedPartition partition) {
        return halt(partition, new NoOffsetForPartitionException(partition.partition()));
    }

    /** The leader confirms the position. */
    public List<Effect> confirmed(TrackedPartition partition, FetchPosition position) {
        PartitionLeader leader = cluster.leader(partition.partition());
        positions.startFetching(partition, position, leader.topicId(), leader.leaderEpoch());
        return List.of(new Effect.Reroute(partition.partition()));
    }

    /**
     * A replica that is read from instead of the leader has no such offset. It may lag behind, so the leader is read
     * from.
     */
    public List<Effect> outOfRangeAtReplica(TrackedPartition partition, long nowNanos) {
        // The back-off bounds how often a leader that prefers the replica again can send us to and fro.
        positions.backOff(partition, nowNanos);
        TopicPartition name = partition.partition();
        return List.of(new Effect.ReadFromLeader(name), new Effect.Reroute(name));
    }

    /** The leader has no such offset. */
    public List<Effect> outOfRange(TrackedPartition partition, FetchPosition position, long nowNanos) {
        TopicPartition name = partition.partition();
        if (position.offsetEpoch() >= 0) {
            // A broker whose epoch cache has no entry answers so to a valid offset too; ask again without the epoch
            // before believing it.
            return confirmed(partition, FetchPosition.at(position.offset()));
        }
        if (!policy.findsOffset()) {
            return halt(
                    partition,
                    new OffsetOutOfRangeException(
                            "Offset " + position.offset() + " of " + name
                                    + " is out of range and auto.offset.reset is none; seek to a valid offset to go on",
                            Map.of(name, position.offset())));
        }
        positions.recordOutOfRange(
                partition,
                new PositionLoss(
                        "offset " + position.offset() + " is out of range", position.offset(), byPolicy(), true));
        List<Effect> effects = reset(partition, policy);
        if (partition.outOfRangeInARow() > 1) {
            // What the policy finds is out of range as well, and would be at once again.
            positions.backOff(partition, nowNanos);
        }
        return effects;
    }

    /**
     * The leader's log parts from what was read at {@code endOffset} (KIP-320), or at a place nobody knows if that is
     * negative.
     */
    public List<Effect> truncated(TrackedPartition partition, FetchPosition position, int epoch, long endOffset) {
        if (epoch >= 0 && endOffset >= position.offset()) {
            // The leader may know the offset under an older epoch only; going on with the one that was read would have
            // it report a divergence for ever.
            return confirmed(partition, new FetchPosition(position.offset(), epoch));
        }
        FetchPosition agreed = epoch >= 0 && endOffset >= 0 ? new FetchPosition(endOffset, epoch) : null;
        if (!policy.findsOffset()) {
            return halt(partition, truncation(partition.partition(), position, agreed));
        }
        positions.recordLoss(
                partition,
                new PositionLoss(
                        "the log was truncated below offset " + position.offset(),
                        position.offset(),
                        agreed != null ? "" : byPolicy(),
                        true));
        return agreed != null ? found(partition, agreed) : reset(partition, policy);
    }

    private static LogTruncationException truncation(
            TopicPartition name, FetchPosition position, @Nullable FetchPosition agreed) {
        Map<TopicPartition, OffsetAndMetadata> agreement = agreed == null
                ? Map.of()
                : Map.of(name, new OffsetAndMetadata(agreed.offset(), agreed.leaderEpoch(), ""));
        return new LogTruncationException(
                "The log of " + name + " was truncated below offset " + position.offset() + "; seek to go on",
                Map.of(name, position.offset()),
                agreement);
    }

    /**
     * The name stands for another topic than before. One that was read before is gone on with: a broker that lags
     * behind has told of the old topic meanwhile. None of the records of any other has been seen, so it is read from
     * its start, whatever the reset policy says about lost positions; without a policy the application decides. A
     * partition that stands still goes on doing so.
     */
    public List<Effect> recreated(TrackedPartition partition) {
        PartitionLeader leader = cluster.leader(partition.partition());
        positions.moveToTopic(partition, leader.topicId());
        FetchPosition stoppedAt = partition.stoppedAt();
        if (stoppedAt == null || partition.state().kind() == PositionState.Kind.HALTED) {
            return startTopic(partition);
        }
        positions.resume(partition, stoppedAt, leader.topicId(), leader.leaderEpoch());
        if (partition.topicUnconfirmed()) {
            positions.holdBack(partition, stoppedAt);
        }
        return List.of(new Effect.Reroute(partition.partition()));
    }

    private List<Effect> startTopic(TrackedPartition partition) {
        PositionState state = partition.state();
        return switch (state.kind()) {
            case RESETTING -> reset(partition, Objects.requireNonNull(state.strategy(), "is reset by a strategy"));
            case HALTED -> List.of(new Effect.Reroute(partition.partition()));
            case VALIDATING, FETCHING ->
                startTopic(partition, Objects.requireNonNull(state.position(), "has a position"));
        };
    }

    private List<Effect> startTopic(TrackedPartition partition, FetchPosition before) {
        TopicPartition name = partition.partition();
        if (!policy.findsOffset()) {
            return halt(
                    partition,
                    new UnknownTopicIdException("Topic " + name.topic()
                            + " was deleted and created again, so the position of " + name
                            + " is of another log, and auto.offset.reset is none; seek to go on"));
        }
        positions.recordLoss(
                partition,
                new PositionLoss(
                        "the topic was deleted and created again, and the new one is read from its start",
                        before.offset(),
                        "",
                        false));
        return reset(partition, new ResetStrategy.Earliest());
    }

    /** The application has released what was delivered before it came to the news that the topic is another one. */
    public List<Effect> yielded(TrackedPartition partition, Yielded yielded) {
        positions.restartTopic(partition, yielded);
        List<Effect> effects = new ArrayList<>();
        effects.add(new Effect.Reroute(partition.partition()));
        FetchPosition position = partition.fetching();
        KafkaException haltReason = partition.state().reason();
        if (position != null && !partition.topicUnconfirmed()) {
            effects.add(deliverPosition(partition, position));
        } else if (haltReason != null) {
            effects.add(deliverHalt(partition, haltReason));
        }
        return effects;
    }

    /** The partition stands still until the application seeks. */
    public List<Effect> halt(TrackedPartition partition, KafkaException reason) {
        positions.halt(partition, new PositionState.Halted(reason));
        return List.of(deliverHalt(partition, reason), new Effect.Reroute(partition.partition()));
    }

    private static Effect deliverHalt(TrackedPartition partition, KafkaException reason) {
        return new Effect.Deliver(new Delivery.Failure(partition.partition(), partition.generation(), reason, true));
    }

    private String byPolicy() {
        return " by auto.offset.reset=" + policy.configValue();
    }

    private List<Effect> reset(TrackedPartition partition, ResetStrategy strategy) {
        positions.reset(partition, strategy);
        return List.of(new Effect.Reroute(partition.partition()));
    }

    private Effect deliverPosition(TrackedPartition partition, FetchPosition position) {
        positions.recordDelivered(partition, position);
        return new Effect.Deliver(
                new Delivery.Positioned(partition.partition(), partition.generation(), position, partition.topicId()));
    }
}

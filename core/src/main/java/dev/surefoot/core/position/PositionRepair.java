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
 * Repairs positions that an answer of a broker has replaced or made invalid. A new position is delivered after the data
 * fetched before it, so the consumed position moves only after the application has read that data. Owned by the loop's
 * thread.
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

    /** Takes over the position that a look-up or a truncation gave. */
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

    /** Marks the look-up of a committed offset as outstanding. */
    public void committedOffsetAsked(TrackedPartition partition) {
        positions.sendLookup(partition, cluster.leader(partition.partition()).topicId());
    }

    /**
     * Takes over the offset that the partition's group has committed. The application knows it at once; a position with
     * a leader epoch is validated before it is fetched from.
     *
     * @param generation the generation that the committed offset was looked up for; another one does not use it
     */
    public List<Effect> placed(TrackedPartition partition, long generation, FetchPosition position) {
        PartitionLeader leader = cluster.leader(partition.partition());
        if (!positions.place(partition, generation, position, leader.topicId(), leader.leaderEpoch())) {
            return List.of();
        }
        return List.of(deliverPosition(partition, position), new Effect.Reroute(partition.partition()));
    }

    /**
     * Resets a partition for which the coordinator has said that its group has committed no offset.
     *
     * @param generation the generation that the committed offset was looked up for; another one does not use it
     */
    public List<Effect> resetUnplaced(TrackedPartition partition, long generation) {
        return positions.resetUnplaced(partition, generation, policy)
                ? List.of(new Effect.Reroute(partition.partition()))
                : List.of();
    }

    /** Confirms the partition's topic, which exists as a broker has served it. */
    public List<Effect> served(TrackedPartition partition) {
        FetchPosition heldBack = partition.heldBackPosition();
        positions.confirmServed(partition);
        return heldBack == null ? List.of() : List.of(deliverPosition(partition, heldBack));
    }

    /** Halts a partition that has neither a position nor a strategy to find one. */
    List<Effect> noStrategy(TrackedPartition partition) {
        return halt(partition, new NoOffsetForPartitionException(partition.partition()));
    }

    /** Begins to fetch from a position that the leader has confirmed. */
    public List<Effect> confirmed(TrackedPartition partition, FetchPosition position) {
        PartitionLeader leader = cluster.leader(partition.partition());
        positions.startFetching(partition, position, leader.topicId(), leader.leaderEpoch());
        return List.of(new Effect.Reroute(partition.partition()));
    }

    /**
     * Handles a position that a preferred replica does not have. The replica may lag behind, so the partition goes back
     * to its leader.
     */
    public List<Effect> outOfRangeAtReplica(TrackedPartition partition, long nowNanos) {
        // A leader may name the same replica again. The back-off bounds how often the partition then moves between
        // both.
        positions.backOff(partition, nowNanos);
        TopicPartition name = partition.partition();
        return List.of(new Effect.ReadFromLeader(name), new Effect.Reroute(name));
    }

    /** Handles a position that the leader does not have. */
    public List<Effect> outOfRange(TrackedPartition partition, FetchPosition position, long nowNanos) {
        TopicPartition name = partition.partition();
        if (position.offsetEpoch() >= 0) {
            // A broker whose epoch cache has no entry refuses valid offsets too. So the fetch is first repeated without
            // the epoch.
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
            // The offset that the policy found was out of range too, so the next one probably is as well.
            positions.backOff(partition, nowNanos);
        }
        return effects;
    }

    /**
     * Handles the leader's answer that its log ends at {@code endOffset} in {@code epoch}, the largest epoch up to the
     * position's (KIP-320). Below the position this is a truncation. Negative values mean that the leader has no such
     * epoch.
     */
    public List<Effect> truncated(TrackedPartition partition, FetchPosition position, int epoch, long endOffset) {
        if (epoch >= 0 && endOffset >= position.offset()) {
            // The leader may have the offset under an older epoch. It would report a divergence for ever if the
            // position kept its epoch.
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
     * Handles metadata that gives the topic's name another id. A topic that was read before is read on from where it
     * stopped: a broker that lags behind had named the old id in between. A new topic is read from its start, since
     * none of its records has been read. If the reset policy is none, the application decides. A partition that is
     * halted stays halted, and one of a group of which nothing was read yet asks for the committed offset again.
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
            case UNPLACED -> placeAgain(partition);
            case VALIDATING, FETCHING ->
                partition.mayBeCommittedElsewhere()
                        ? placeAgain(partition)
                        : startTopic(partition, Objects.requireNonNull(state.position(), "has a position"));
        };
    }

    /**
     * Nothing of the earlier topic was read, and the coordinator may have named the offset of either. Once the new
     * topic is known it has those of the earlier one no more.
     */
    private List<Effect> placeAgain(TrackedPartition partition) {
        positions.unplace(partition);
        return List.of(new Effect.Reroute(partition.partition()));
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

    /**
     * Restarts the topic after the application has yielded deliveries of an earlier incarnation, and the change of
     * topic behind them.
     */
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

    /** Halts the partition until the application seeks. */
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

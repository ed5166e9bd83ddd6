package dev.surefoot.core.position;

import dev.surefoot.core.cluster.Cluster;
import dev.surefoot.core.cluster.PartitionLeader;
import dev.surefoot.core.handover.Delivery;
import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.core.handover.Yielded;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicIdException;

/**
 * What becomes of a position that a broker's word puts in doubt or replaces. Every change is delivered in order behind the
 * data fetched before it, so the application's position moves only when the application gets there. Owned by the loop's thread.
 */
public final class PositionRepair {
    private final Cluster cluster;
    private final Positions positions;
    private final ResetStrategy policy;
    private final PositionListener listener;

    /** @param policy {@code auto.offset.reset} */
    public PositionRepair(Cluster cluster, Positions positions, ResetStrategy policy, PositionListener listener) {
        this.cluster = cluster;
        this.positions = positions;
        this.policy = policy;
        this.listener = listener;
    }

    /** A new partition, or one sought by a strategy, has got its offset. */
    public void found(TrackedPartition partition, FetchPosition position) {
        PositionLoss loss = partition.takeLoss();
        if (loss != null) {
            listener.positionLost(partition.partition(), loss.describe(position.offset()));
        }
        settle(partition, position);
        if (partition.topicUnconfirmed()) {
            partition.holdBack(position);
        } else {
            deliverPosition(partition, position);
        }
    }

    /** A broker has served the partition, so its topic is there. */
    public void served(TrackedPartition partition) {
        FetchPosition position = partition.confirmTopic();
        if (position != null) {
            deliverPosition(partition, position);
        }
    }

    /** A new partition has no position and no strategy to find one. */
    public void noStrategy(TrackedPartition partition) {
        halt(partition, new NoOffsetForPartitionException(partition.partition()));
    }

    /** The leader confirms the position. */
    public void confirmed(TrackedPartition partition, FetchPosition position) {
        settle(partition, position);
    }

    /** The broker has no such offset. */
    public void outOfRange(TrackedPartition partition, FetchPosition position, long nowNanos) {
        TopicPartition name = partition.partition();
        if (partition.readReplicaUntil() != Long.MAX_VALUE) {
            // The follower may lag behind; the rest keeps a leader that prefers it from sending us to and fro.
            partition.readFromLeader();
            positions.rest(partition, nowNanos);
            listener.reroute(partition);
        } else if (position.offsetEpoch() >= 0) {
            // A broker whose epoch cache has no entry answers so to a valid offset too; ask again without the epoch
            // before believing it.
            settle(partition, FetchPosition.at(position.offset()));
        } else if (policy instanceof ResetStrategy.None) {
            halt(
                    partition,
                    new OffsetOutOfRangeException(
                            "Offset " + position.offset() + " of " + name
                                    + " is out of range and auto.offset.reset is none; seek to a valid offset to go on",
                            Map.of(name, position.offset())));
        } else {
            partition.lost(new PositionLoss(
                    "offset " + position.offset() + " is out of range", position.offset(), byPolicy(), true));
            reset(partition, policy);
            if (partition.lostAgain() > 1) {
                // What the policy finds is out of range as well, and would be at once again.
                positions.rest(partition, nowNanos);
            }
        }
    }

    /** The leader's log parts from what was read at {@code endOffset} (KIP-320), or at a place nobody knows if that is negative. */
    public void truncated(TrackedPartition partition, FetchPosition position, int epoch, long endOffset) {
        TopicPartition name = partition.partition();
        if (epoch >= 0 && endOffset >= position.offset()) {
            // The leader may know the offset under an older epoch only; going on with the one that was read would have
            // it
            // report a divergence for ever.
            confirmed(partition, new FetchPosition(position.offset(), epoch));
            return;
        }
        boolean placeKnown = epoch >= 0 && endOffset >= 0;
        if (policy instanceof ResetStrategy.None) {
            FetchPosition agreed = new FetchPosition(Math.max(0, endOffset), epoch);
            Map<TopicPartition, OffsetAndMetadata> agreement = placeKnown
                    ? Map.of(name, new OffsetAndMetadata(agreed.offset(), agreed.leaderEpoch(), ""))
                    : Map.of();
            halt(
                    partition,
                    new LogTruncationException(
                            "The log of " + name + " was truncated below offset " + position.offset()
                                    + "; seek to go on",
                            Map.of(name, position.offset()),
                            agreement));
            return;
        }
        partition.lost(new PositionLoss(
                "the log was truncated below offset " + position.offset(),
                position.offset(),
                placeKnown ? "" : byPolicy(),
                true));
        if (placeKnown) {
            found(partition, new FetchPosition(endOffset, epoch));
        } else {
            reset(partition, policy);
        }
    }

    /**
     * The name stands for another topic than before. One that was read before is gone on with: a broker that lags behind has
     * told of the old topic meanwhile. None of the records of any other has been seen, so it is read from its start, whatever
     * the reset policy says about lost positions; without a policy the application decides.
     */
    public void recreated(TrackedPartition partition) {
        TopicPartition name = partition.partition();
        PartitionLeader leader = cluster.leader(name);
        FetchPosition left = partition.moveTo(leader.topicId());
        if (left != null) {
            positions.resume(partition, left, leader.topicId(), leader.leaderEpoch());
            listener.reroute(partition);
            if (partition.topicUnconfirmed()) {
                partition.holdBack(left);
            }
        } else if (partition.state() instanceof PositionState.Resetting resetting) {
            reset(partition, resetting.strategy());
        } else if (partition.state() instanceof PositionState.Halted) {
            listener.reroute(partition);
        } else if (policy instanceof ResetStrategy.None) {
            halt(
                    partition,
                    new UnknownTopicIdException("Topic " + name.topic()
                            + " was deleted and created again, so the position of " + name
                            + " is of another log, and auto.offset.reset is none; seek to go on"));
        } else {
            FetchPosition before = Objects.requireNonNull(partition.position(), "neither reset nor halted");
            partition.lost(new PositionLoss(
                    "the topic was deleted and created again, and the new one is read from its start",
                    before.offset(),
                    "",
                    false));
            reset(partition, new ResetStrategy.Earliest());
        }
    }

    /** The application has let go of what was delivered, before it came to the news that the topic is another one. */
    public void letGo(TrackedPartition partition, Yielded yielded) {
        long generation = yielded.generation();
        partition.letGoOf(yielded.topicId(), yielded.position());
        positions.renew(partition, generation);
        listener.reroute(partition);
        FetchPosition position = partition.fetching();
        if (position != null && !partition.topicUnconfirmed()) {
            deliverPosition(partition, position);
        } else if (partition.state() instanceof PositionState.Halted halted) {
            listener.deliver(new Delivery.Failure(partition.partition(), generation, halted.reason(), true));
        }
    }

    /** The partition stands still until the application seeks. */
    public void halt(TrackedPartition partition, KafkaException reason) {
        positions.halt(partition, new PositionState.Halted(reason));
        listener.deliver(new Delivery.Failure(partition.partition(), partition.generation(), reason, true));
        listener.reroute(partition);
    }

    private String byPolicy() {
        return " by auto.offset.reset=" + policy.configValue();
    }

    private void reset(TrackedPartition partition, ResetStrategy strategy) {
        positions.reset(partition, strategy);
        listener.reroute(partition);
    }

    private void settle(TrackedPartition partition, FetchPosition position) {
        PartitionLeader leader = cluster.leader(partition.partition());
        positions.settle(partition, position, leader.topicId(), leader.leaderEpoch());
        listener.reroute(partition);
    }

    private void deliverPosition(TrackedPartition partition, FetchPosition position) {
        partition.told(position);
        listener.deliver(
                new Delivery.Positioned(partition.partition(), partition.generation(), position, partition.topicId()));
    }
}

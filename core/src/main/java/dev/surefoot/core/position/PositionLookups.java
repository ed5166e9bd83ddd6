package dev.surefoot.core.position;

import dev.surefoot.core.cluster.Cluster;
import dev.surefoot.core.cluster.PartitionLeader;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.handover.FetchPosition;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Asks leaders for what positions need: offsets for resets (ListOffsets), and whether positions still hold after a leader
 * change (OffsetForLeaderEpoch, KIP-320). One question at a time for each partition. Owned by the loop's thread.
 */
public final class PositionLookups {
    private final Cluster cluster;
    private final Positions positions;
    private final PositionRepair repair;
    private final PositionListener listener;
    private final PartitionFaults faults;
    private final boolean readCommitted;

    public PositionLookups(
            Cluster cluster,
            Positions positions,
            PositionRepair repair,
            PositionListener listener,
            boolean readCommitted) {
        this.cluster = cluster;
        this.positions = positions;
        this.repair = repair;
        this.listener = listener;
        this.faults = new PartitionFaults(positions, repair, listener);
        this.readCommitted = readCommitted;
    }

    /** The offset questions that are due, for each leader. */
    public Map<Integer, ListOffsetsQuery> offsets(long nowNanos, long epochMillis) {
        Map<Integer, ListOffsetsQuery> byLeader = new HashMap<>();
        for (TrackedPartition partition : positions.toAsk(PositionState.Resetting.class, nowNanos)) {
            ResetStrategy strategy = ((PositionState.Resetting) partition.state()).strategy();
            if (strategy instanceof ResetStrategy.None) {
                repair.noStrategy(partition);
                continue;
            }
            PartitionLeader leader = leaderOf(partition);
            if (leader.isKnown()) {
                byLeader.computeIfAbsent(leader.leaderId(), id -> new ListOffsetsQuery(readCommitted, new HashMap<>()))
                        .partitions()
                        .put(
                                partition.partition(),
                                new ListOffsetsQuery.PartitionTimestamp(
                                        strategy.timestamp(epochMillis), leader.leaderEpoch()));
            }
        }
        return byLeader;
    }

    /** The epoch questions that are due, for each leader. */
    public Map<Integer, OffsetForLeaderEpochQuery> epochs(long nowNanos) {
        Map<Integer, OffsetForLeaderEpochQuery> byLeader = new HashMap<>();
        for (TrackedPartition partition : positions.toAsk(PositionState.Validating.class, nowNanos)) {
            FetchPosition position = ((PositionState.Validating) partition.state()).position();
            PartitionLeader leader = leaderOf(partition);
            if (leader.isKnown()) {
                byLeader.computeIfAbsent(leader.leaderId(), id -> new OffsetForLeaderEpochQuery(new HashMap<>()))
                        .partitions()
                        .put(
                                partition.partition(),
                                new OffsetForLeaderEpochQuery.PartitionEpoch(
                                        leader.leaderEpoch(), position.offsetEpoch()));
            }
        }
        return byLeader;
    }

    private PartitionLeader leaderOf(TrackedPartition partition) {
        PartitionLeader leader = cluster.leader(partition.partition());
        if (!leader.isKnown()) {
            listener.metadataWanted();
        }
        return leader;
    }

    /** Marks the partitions of a question that was sent. */
    public void asked(Collection<TopicPartition> partitions) {
        for (TopicPartition name : partitions) {
            TrackedPartition partition = positions.get(name);
            if (partition != null) {
                positions.asking(partition);
            }
        }
    }

    /**
     * Takes over the answer to an offset question that was asked when the count of invalidations stood at {@code sequence}.
     * A partition that was sought or revoked since does not use it.
     */
    public void answered(ListOffsetsQuery query, ListOffsetsAnswer answer, long sequence, long nowNanos) {
        for (TopicPartition name : query.partitions().keySet()) {
            TrackedPartition partition = stillWaiting(name, sequence, PositionState.Resetting.class);
            if (partition == null) {
                continue;
            }
            ListOffsetsAnswer.PartitionOffset found = answer.partitions().get(name);
            if (found == null || found.error() != BrokerError.NONE) {
                BrokerError error = found == null ? BrokerError.UNKNOWN_SERVER_ERROR : found.error();
                short code = found == null ? error.code() : found.errorCode();
                faults.inLookup(partition, "Looking up an offset of", error, code, nowNanos);
            } else if (found.offset() < 0) {
                // No record is as young as the reset asks for (KIP-1106): whatever comes next is.
                positions.reset(partition, new ResetStrategy.Latest());
            } else {
                repair.found(partition, new FetchPosition(found.offset(), found.leaderEpoch()));
            }
        }
    }

    /** Takes over the answer to an epoch question; see {@link #answered(ListOffsetsQuery, ListOffsetsAnswer, long, long)}. */
    public void answered(
            OffsetForLeaderEpochQuery query, OffsetForLeaderEpochAnswer answer, long sequence, long nowNanos) {
        for (TopicPartition name : query.partitions().keySet()) {
            TrackedPartition partition = stillWaiting(name, sequence, PositionState.Validating.class);
            if (partition == null) {
                continue;
            }
            FetchPosition position = ((PositionState.Validating) partition.state()).position();
            OffsetForLeaderEpochAnswer.EpochEndOffset end = answer.partitions().get(name);
            if (end == null || end.error() != BrokerError.NONE) {
                BrokerError error = end == null ? BrokerError.UNKNOWN_SERVER_ERROR : end.error();
                short code = end == null ? error.code() : end.errorCode();
                faults.inLookup(partition, "Validating the position of", error, code, nowNanos);
            } else {
                repair.truncated(partition, position, end.leaderEpoch(), end.endOffset());
            }
        }
    }

    /** Takes note that a question was not answered; it is asked again after a rest. */
    public void failed(Collection<TopicPartition> partitions, long sequence, long nowNanos) {
        for (TopicPartition name : partitions) {
            TrackedPartition partition = stillWaiting(name, sequence, PositionState.class);
            if (partition != null) {
                positions.rest(partition, nowNanos);
            }
        }
    }

    /** Takes the broker's lack of epochs for agreement: positions are fetched from without validation. */
    public void cannotValidate(Collection<TopicPartition> partitions, long sequence) {
        for (TopicPartition name : partitions) {
            TrackedPartition partition = stillWaiting(name, sequence, PositionState.Validating.class);
            if (partition != null) {
                repair.confirmed(partition, ((PositionState.Validating) partition.state()).position());
            }
        }
    }

    private @Nullable TrackedPartition stillWaiting(
            TopicPartition name, long sequence, Class<? extends PositionState> kind) {
        TrackedPartition partition = positions.get(name);
        boolean waiting = partition != null
                && partition.lookupOutstanding()
                && partition.validSince(sequence)
                && kind.isInstance(partition.state());
        return waiting ? partition : null;
    }
}

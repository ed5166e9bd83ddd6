package dev.surefoot.core.position;

import dev.surefoot.core.cluster.Cluster;
import dev.surefoot.core.cluster.PartitionLeader;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.error.BrokerQuestion;
import dev.surefoot.core.handover.FetchPosition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Looks positions up at leaders: offsets for resets (ListOffsets), and the validation of positions after a leader
 * change (OffsetForLeaderEpoch, KIP-320). Each partition has at most one look-up outstanding. Owned by the loop's
 * thread.
 *
 * <p>In each turn: {@link #onTurn}, then {@link #offsets} and {@link #epochs} return the queries that are due, then
 * {@link #asked} for each that was sent. Each of those ends with exactly one of the {@code answered} methods, {@link
 * #failed} and {@link #cannotValidate}.
 */
public final class PositionLookups {
    private final Cluster cluster;
    private final Positions positions;
    private final PositionRepair repair;
    private final PartitionFaults faults;
    private final boolean readCommitted;

    public PositionLookups(Cluster cluster, Positions positions, PositionRepair repair, boolean readCommitted) {
        this.cluster = cluster;
        this.positions = positions;
        this.repair = repair;
        this.faults = new PartitionFaults(positions, repair);
        this.readCommitted = readCommitted;
    }

    /**
     * Halts the partitions that have no strategy to find a position, and requests metadata if a leader to ask is not
     * known.
     */
    public List<Effect> onTurn(long nowNanos) {
        if (!positions.anyNeedsLookup()) {
            return List.of();
        }
        List<Effect> effects = new ArrayList<>();
        boolean leaderUnknown = false;
        for (TrackedPartition partition : positions.lookupsDue(PositionState.Kind.RESETTING, nowNanos)) {
            if (strategy(partition).findsOffset()) {
                leaderUnknown |= !leader(partition).isKnown();
            } else {
                effects.addAll(repair.noStrategy(partition));
            }
        }
        for (TrackedPartition partition : positions.lookupsDue(PositionState.Kind.VALIDATING, nowNanos)) {
            leaderUnknown |= !leader(partition).isKnown();
        }
        if (leaderUnknown) {
            effects.add(new Effect.RefreshMetadata());
        }
        return effects;
    }

    /**
     * The ListOffsets queries that are due, by the leader's node id. Changes nothing.
     *
     * @param epochMillis the wall-clock time, in milliseconds since the epoch
     */
    public Map<Integer, ListOffsetsQuery> offsets(long nowNanos, long epochMillis) {
        if (!positions.anyNeedsLookup()) {
            return Map.of();
        }
        Map<Integer, ListOffsetsQuery> byLeader = new HashMap<>();
        for (TrackedPartition partition : positions.lookupsDue(PositionState.Kind.RESETTING, nowNanos)) {
            PartitionLeader leader = leader(partition);
            if (leader.isKnown()) {
                byLeader.computeIfAbsent(leader.leaderId(), id -> new ListOffsetsQuery(readCommitted, new HashMap<>()))
                        .partitions()
                        .put(
                                partition.partition(),
                                new ListOffsetsQuery.PartitionTimestamp(
                                        strategy(partition).timestamp(epochMillis), leader.leaderEpoch()));
            }
        }
        return byLeader;
    }

    /** The OffsetForLeaderEpoch queries that are due, by the leader's node id. Changes nothing. */
    public Map<Integer, OffsetForLeaderEpochQuery> epochs(long nowNanos) {
        if (!positions.anyNeedsLookup()) {
            return Map.of();
        }
        Map<Integer, OffsetForLeaderEpochQuery> byLeader = new HashMap<>();
        for (TrackedPartition partition : positions.lookupsDue(PositionState.Kind.VALIDATING, nowNanos)) {
            PartitionLeader leader = leader(partition);
            if (leader.isKnown()) {
                byLeader.computeIfAbsent(leader.leaderId(), id -> new OffsetForLeaderEpochQuery(new HashMap<>()))
                        .partitions()
                        .put(
                                partition.partition(),
                                new OffsetForLeaderEpochQuery.PartitionEpoch(
                                        leader.leaderEpoch(),
                                        validated(partition).offsetEpoch()));
            }
        }
        return byLeader;
    }

    private PartitionLeader leader(TrackedPartition partition) {
        return cluster.leader(partition.partition());
    }

    private static ResetStrategy strategy(TrackedPartition resetting) {
        return Objects.requireNonNull(resetting.state().strategy(), "is reset by a strategy");
    }

    private static FetchPosition validated(TrackedPartition validating) {
        return Objects.requireNonNull(validating.position(), "has a position to validate");
    }

    /** Marks the look-ups of these partitions as outstanding, after their query was sent. */
    public void asked(Collection<TopicPartition> partitions) {
        for (TopicPartition name : partitions) {
            TrackedPartition partition = positions.get(name);
            if (partition != null) {
                positions.sendLookup(partition, leader(partition).topicId());
            }
        }
    }

    /**
     * Uses the answer to a ListOffsets query. Partitions that were sought or revoked since the query was sent do not
     * use it.
     *
     * @param nodeId the broker that answered
     * @param sequence the invalidation count when the query was sent, see {@link Positions#sequence}
     */
    public List<Effect> answered(
            int nodeId, ListOffsetsQuery query, ListOffsetsAnswer answer, long sequence, long nowNanos) {
        List<Effect> effects = new ArrayList<>();
        for (TopicPartition name : query.partitions().keySet()) {
            TrackedPartition partition = awaiting(name, sequence);
            if (partition == null) {
                continue;
            }
            ListOffsetsAnswer.PartitionOffset found = answer.partitions().get(name);
            if (found == null || found.error() != BrokerError.NONE) {
                BrokerError error = found == null ? BrokerError.UNKNOWN_SERVER_ERROR : found.error();
                short code = found == null ? error.code() : found.errorCode();
                effects.addAll(
                        faults.inLookup(partition, PartitionFault.Api.LIST_OFFSETS, nodeId, error, code, nowNanos));
                continue;
            }
            faults.end(partition, BrokerQuestion.POSITION);
            if (found.offset() < 0) {
                // No record is younger than the duration (KIP-1106), so reading begins with the next record.
                positions.reset(partition, new ResetStrategy.Latest());
            } else {
                effects.addAll(repair.found(partition, new FetchPosition(found.offset(), found.leaderEpoch())));
            }
        }
        return effects;
    }

    /**
     * Uses the answer to an OffsetForLeaderEpoch query. The parameters are those of {@link #answered(int,
     * ListOffsetsQuery, ListOffsetsAnswer, long, long)}.
     */
    public List<Effect> answered(
            int nodeId,
            OffsetForLeaderEpochQuery query,
            OffsetForLeaderEpochAnswer answer,
            long sequence,
            long nowNanos) {
        List<Effect> effects = new ArrayList<>();
        for (TopicPartition name : query.partitions().keySet()) {
            TrackedPartition partition = awaiting(name, sequence);
            if (partition == null) {
                continue;
            }
            OffsetForLeaderEpochAnswer.EpochEndOffset end = answer.partitions().get(name);
            if (end == null || end.error() != BrokerError.NONE) {
                BrokerError error = end == null ? BrokerError.UNKNOWN_SERVER_ERROR : end.error();
                short code = end == null ? error.code() : end.errorCode();
                effects.addAll(faults.inLookup(
                        partition, PartitionFault.Api.OFFSET_FOR_LEADER_EPOCH, nodeId, error, code, nowNanos));
            } else {
                faults.end(partition, BrokerQuestion.POSITION);
                effects.addAll(repair.truncated(partition, validated(partition), end.leaderEpoch(), end.endOffset()));
            }
        }
        return effects;
    }

    /** Ends look-ups that were not answered. They are repeated after a back-off. */
    public void failed(Collection<TopicPartition> partitions, long sequence, long nowNanos) {
        for (TopicPartition name : partitions) {
            TrackedPartition partition = awaiting(name, sequence);
            if (partition != null) {
                positions.backOff(partition, nowNanos);
            }
        }
    }

    /** Ends validations at a broker without OffsetForLeaderEpoch. The positions are fetched from without validation. */
    public List<Effect> cannotValidate(Collection<TopicPartition> partitions, long sequence) {
        List<Effect> effects = new ArrayList<>();
        for (TopicPartition name : partitions) {
            TrackedPartition partition = awaiting(name, sequence);
            if (partition != null) {
                effects.addAll(repair.confirmed(partition, validated(partition)));
            }
        }
        return effects;
    }

    /**
     * The partition if its look-up that was sent at the invalidation count {@code sequence} is still outstanding, or
     * null. Its state is then the one that it was asked in, since a change of state
     * invalidates what was asked before.
     */
    private @Nullable TrackedPartition awaiting(TopicPartition name, long sequence) {
        TrackedPartition partition = positions.get(name);
        boolean awaits = partition != null && partition.lookupOutstanding() && partition.validSince(sequence);
        return awaits ? partition : null;
    }
}

package dev.surefoot.testkit.simulation.model;

import dev.surefoot.core.cluster.MetadataAnswer;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.position.ListOffsetsAnswer;
import dev.surefoot.core.position.ListOffsetsQuery;
import dev.surefoot.core.position.OffsetForLeaderEpochAnswer;
import dev.surefoot.core.position.OffsetForLeaderEpochQuery;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.PartitionAnswer;
import dev.surefoot.core.session.PartitionAnswer.LeaderHint;
import dev.surefoot.testkit.simulation.model.LogBatch.LogRecord;
import dev.surefoot.testkit.simulation.model.PartitionLog.EpochEnd;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * One broker: its sessions, and its answers to requests. State that brokers share is in the cluster. Used by the
 * simulation's thread.
 */
public final class ModelBroker {
    private final int id;
    private final ModelCluster cluster;
    private final SessionCache sessions;
    private boolean up = true;
    private int throttleNextMs;
    private boolean namesNewLeaders;
    private @Nullable MetadataAnswer staleMetadata;

    ModelBroker(int id, ModelCluster cluster, SessionCache sessions) {
        this.id = id;
        this.cluster = cluster;
        this.sessions = sessions;
    }

    /** Returns the broker's id, 1 or more. */
    public int id() {
        return id;
    }

    /** Returns the broker's fetch sessions. */
    public SessionCache sessions() {
        return sessions;
    }

    /** Returns whether the broker is running. */
    public boolean isUp() {
        return up;
    }

    ModelCluster cluster() {
        return cluster;
    }

    void crash() {
        up = false;
        sessions.restart();
        staleMetadata = null;
        throttleNextMs = 0;
    }

    void restart() {
        up = true;
    }

    /**
     * Throttles the next fetch, as if the client had exceeded its quota (KIP-219).
     *
     * @param millis the throttle time in milliseconds
     */
    public void throttleNext(int millis) {
        throttleNextMs = millis;
    }

    /** Sets whether refusals name the leader that this broker knows (KIP-951). */
    public void nameNewLeaders(boolean names) {
        namesNewLeaders = names;
    }

    /** A fault: removes a partition from a session of this broker without informing the client. */
    public void lose(BrokerSession session, TopicIdPartition key) {
        session.lose(key);
    }

    /** A fault: another client uses the session's next epoch. */
    public void advance(BrokerSession session) {
        session.advance();
    }

    /** Stops the broker from learning of changes, so that its metadata becomes stale; false lets it catch up. */
    public void fallBehind(boolean behind) {
        if (!behind) {
            staleMetadata = null;
        } else if (staleMetadata == null) {
            staleMetadata = cluster.describe(null);
        }
    }

    /** Accepts a fetch; from here on it takes effect. */
    public FetchUnderWay fetch(FetchPlan plan, FetchTerms terms, long nowNanos) {
        int throttleMs = throttleNextMs;
        throttleNextMs = 0;
        return FetchUnderWay.accept(this, plan, terms, throttleMs, nowNanos);
    }

    /**
     * Describes topics.
     *
     * @param topics their names, or null for all
     */
    public MetadataAnswer metadata(@Nullable Set<String> topics) {
        return staleMetadata == null ? cluster.describe(topics) : ModelCluster.only(staleMetadata, topics);
    }

    /** Answers ListOffsets. */
    public ListOffsetsAnswer offsets(ListOffsetsQuery query) {
        Map<TopicPartition, ListOffsetsAnswer.PartitionOffset> found = new LinkedHashMap<>();
        query.partitions().forEach((name, at) -> {
            BrokerError error = refusal(name, at.currentLeaderEpoch());
            found.put(
                    name,
                    error == BrokerError.NONE
                            ? find(cluster.log(name), at.timestamp(), query.readCommitted())
                            : new ListOffsetsAnswer.PartitionOffset(error, -1, -1, -1));
        });
        return new ListOffsetsAnswer(0, found);
    }

    private BrokerError refusal(TopicPartition name, int epochOfClient) {
        ModelPartition partition = cluster.partition(name);
        return partition == null ? BrokerError.UNKNOWN_TOPIC_OR_PARTITION : partition.refusal(id, epochOfClient, false);
    }

    private static ListOffsetsAnswer.PartitionOffset find(PartitionLog log, long timestamp, boolean readCommitted) {
        long end = readCommitted ? log.lastStableOffset() : log.highWatermark();
        if (timestamp == ListOffsetsQuery.LATEST) {
            return new ListOffsetsAnswer.PartitionOffset(BrokerError.NONE, end, -1, log.epochAt(log.endOffset()));
        }
        // Nothing is in remote storage, so the local log begins where the log does.
        if (timestamp == ListOffsetsQuery.EARLIEST || timestamp == ListOffsetsQuery.EARLIEST_LOCAL) {
            return new ListOffsetsAnswer.PartitionOffset(
                    BrokerError.NONE, log.startOffset(), -1, log.epochAt(log.startOffset()));
        }
        for (LogBatch batch : log.batches()) {
            for (long offset : offsets(batch)) {
                if (offset >= timestamp && offset >= log.startOffset() && offset < end) {
                    return new ListOffsetsAnswer.PartitionOffset(BrokerError.NONE, offset, offset, batch.leaderEpoch());
                }
            }
        }
        return new ListOffsetsAnswer.PartitionOffset(BrokerError.NONE, -1, -1, -1);
    }

    /** The offsets that a search by time can find, which are also their timestamps. A marker counts as a record. */
    private static long[] offsets(LogBatch batch) {
        return batch.kind().isMarker()
                ? new long[] {batch.baseOffset()}
                : batch.records().stream().mapToLong(LogRecord::offset).toArray();
    }

    /** Answers OffsetForLeaderEpoch. */
    public OffsetForLeaderEpochAnswer epochs(OffsetForLeaderEpochQuery query) {
        Map<TopicPartition, OffsetForLeaderEpochAnswer.EpochEndOffset> ends = new LinkedHashMap<>();
        query.partitions().forEach((name, of) -> {
            BrokerError error = refusal(name, of.currentLeaderEpoch());
            Optional<EpochEnd> end =
                    error == BrokerError.NONE ? cluster.log(name).endOf(of.leaderEpoch()) : Optional.empty();
            ends.put(
                    name,
                    end.map(e -> new OffsetForLeaderEpochAnswer.EpochEndOffset(error, e.epoch(), e.endOffset()))
                            .orElse(new OffsetForLeaderEpochAnswer.EpochEndOffset(error, -1, -1)));
        });
        return new OffsetForLeaderEpochAnswer(0, ends);
    }

    @Nullable LeaderHint hintFor(ModelPartition partition, BrokerError refusal) {
        boolean moved = refusal == BrokerError.NOT_LEADER_OR_FOLLOWER || refusal == BrokerError.FENCED_LEADER_EPOCH;
        boolean knows = namesNewLeaders && staleMetadata == null && partition.leader() != ModelPartition.NOBODY;
        return moved && knows ? new LeaderHint(partition.leader(), partition.leaderEpoch()) : null;
    }

    List<Node> endpointsFor(List<PartitionAnswer> partitions) {
        List<Node> endpoints = new ArrayList<>();
        for (PartitionAnswer partition : partitions) {
            LeaderHint hint = partition.currentLeader();
            if (hint != null) {
                Node node = cluster.node(hint.leaderId());
                if (!endpoints.contains(node)) {
                    endpoints.add(node);
                }
            }
        }
        return endpoints;
    }
}

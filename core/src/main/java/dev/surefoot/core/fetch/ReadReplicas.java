package dev.surefoot.core.fetch;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;

/**
 * The partitions that leaders have sent to a preferred replica (KIP-392). They move back to the leader when their time
 * expires or the replica fails. The entry stays until it is {@link #remove removed}, so that the move is reported once.
 * Owned by the loop's thread.
 */
final class ReadReplicas {
    private record ReadReplica(int nodeId, long untilNanos) {
        static final ReadReplica LEADER = new ReadReplica(PartitionRoute.NOWHERE, Long.MAX_VALUE);
    }

    private record Failed(int nodeId, long atNanos) {}

    private final Map<TopicPartition, ReadReplica> replicas = new HashMap<>();
    /** The replica of each partition that could not be read from last. */
    private final Map<TopicPartition, Failed> failed = new HashMap<>();
    /** Until when each of these brokers is to serve the partitions that it leads by itself. */
    private final Map<Integer, Long> leadersUntilNanos = new HashMap<>();

    private long nextExpiryNanos = Long.MAX_VALUE;

    /** The replica to read from, or {@link PartitionRoute#NOWHERE} for the leader. */
    int nodeId(TopicPartition partition, long nowNanos) {
        return nodeId(get(partition), nowNanos);
    }

    private static int nodeId(ReadReplica replica, long nowNanos) {
        return nowNanos < replica.untilNanos() ? replica.nodeId() : PartitionRoute.NOWHERE;
    }

    private ReadReplica get(TopicPartition partition) {
        return replicas.getOrDefault(partition, ReadReplica.LEADER);
    }

    /** Sends the partition to a replica until {@code untilNanos}, in nanoseconds of the loop's clock. */
    void prefer(TopicPartition partition, int nodeId, long untilNanos) {
        replicas.put(partition, new ReadReplica(nodeId, untilNanos));
        nextExpiryNanos = Math.min(nextExpiryNanos, untilNanos);
    }

    /** Moves the partition back to its leader; does nothing if it is read from there already. */
    void readFromLeader(TopicPartition partition) {
        replicas.replace(partition, ReadReplica.LEADER);
    }

    /** Has this broker asked for the partitions that it leads as if no replica were near, until {@code untilNanos}. */
    void stayAtLeader(int nodeId, long untilNanos) {
        leadersUntilNanos.put(nodeId, untilNanos);
    }

    /** Whether this broker is to name no replica. */
    boolean staysAtLeader(int nodeId, long nowNanos) {
        return nowNanos < leadersUntilNanos.getOrDefault(nodeId, Long.MIN_VALUE);
    }

    /**
     * Removes the partition.
     *
     * @return whether it had been sent to a replica since it was last removed
     */
    boolean remove(TopicPartition partition) {
        return replicas.remove(partition) != null;
    }

    /** Moves the partitions that are read from this replica, which fails, back to their leaders, and returns them. */
    List<TopicPartition> abandon(int nodeId, long nowNanos) {
        List<TopicPartition> names = sendBack(replica -> nodeId(replica, nowNanos) == nodeId);
        names.forEach(name -> failed(name, nodeId, nowNanos));
        return names;
    }

    /** Takes note that a replica of the partition cannot be read from. */
    void failed(TopicPartition partition, int nodeId, long nowNanos) {
        failed.put(partition, new Failed(nodeId, nowNanos));
    }

    /** The replica of the partition that has failed after {@code sinceNanos}, or {@link PartitionRoute#NOWHERE}. */
    int failedSince(TopicPartition partition, long sinceNanos) {
        Failed last = failed.get(partition);
        return last != null && last.atNanos() > sinceNanos ? last.nodeId() : PartitionRoute.NOWHERE;
    }

    /** Forgets that a replica of the partition has failed, as the partition is not read any more. */
    void forgetFailed(TopicPartition partition) {
        failed.remove(partition);
    }

    /** Moves the partitions whose time with a replica has expired back to their leaders, and returns them. */
    List<TopicPartition> expire(long nowNanos) {
        if (nowNanos < nextExpiryNanos) {
            return List.of();
        }
        List<TopicPartition> expired = sendBack(replica -> replica.untilNanos() <= nowNanos);
        nextExpiryNanos = replicas.values().stream()
                .mapToLong(ReadReplica::untilNanos)
                .min()
                .orElse(Long.MAX_VALUE);
        return expired;
    }

    private List<TopicPartition> sendBack(Predicate<ReadReplica> which) {
        if (replicas.isEmpty()) {
            return List.of();
        }
        List<TopicPartition> names = replicas.entrySet().stream()
                .filter(entry -> which.test(entry.getValue()))
                .map(Map.Entry::getKey)
                .toList();
        names.forEach(this::readFromLeader);
        return names;
    }

    /**
     * The earliest time at which a partition's time with a replica may expire, in nanoseconds of the loop's clock, or
     * {@link Long#MAX_VALUE}. A partition that has moved back may still count.
     */
    long nextExpiryNanos() {
        return nextExpiryNanos;
    }
}

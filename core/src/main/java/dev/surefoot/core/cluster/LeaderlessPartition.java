package dev.surefoot.core.cluster;

import dev.surefoot.core.error.BrokerError;
import java.util.List;

/**
 * A partition for which brokers name no leader. Immutable.
 *
 * @param error what they say about it, NONE if nothing
 * @param sinceNanos when an answer first named no leader, in nanoseconds of the loop's clock
 * @param replicas the node ids of its replicas
 * @param inSyncReplicas the node ids of those that hold all committed records
 * @param offlineReplicas the node ids of those whose broker or disk is down
 */
public record LeaderlessPartition(
        BrokerError error,
        long sinceNanos,
        List<Integer> replicas,
        List<Integer> inSyncReplicas,
        List<Integer> offlineReplicas) {}

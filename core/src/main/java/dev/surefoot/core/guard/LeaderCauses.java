package dev.surefoot.core.guard;

import dev.surefoot.core.cluster.Cluster;
import dev.surefoot.core.cluster.LeaderlessPartition;
import dev.surefoot.core.cluster.MetadataRefresh;
import dev.surefoot.core.cluster.TopicAbsence;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.progress.Evidence;
import dev.surefoot.progress.Marks;
import dev.surefoot.progress.Scope;
import dev.surefoot.progress.StallCause;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The causes for which a partition has no known leader. Queries only. Owned by the loop's thread. */
final class LeaderCauses {
    private static final long SECOND_NANOS = 1_000_000_000L;

    /** How long metadata may fail before that is worth a word. */
    private static final long METADATA_NANOS = 10 * SECOND_NANOS;

    private final Cluster cluster;
    private final MetadataRefresh refresh;
    private final LinkCauses links;

    LeaderCauses(Cluster cluster, MetadataRefresh refresh, LinkCauses links) {
        this.cluster = cluster;
        this.refresh = refresh;
        this.links = links;
    }

    /** Why no leader is known, or null if one is, or if metadata was not asked for yet. */
    @Nullable Conclusion conclude(TopicPartition partition, Marks marks, long sinceNanos, long nowNanos) {
        return switch (cluster.leader(partition).standing()) {
            case LED -> null;
            case LEADERLESS -> leaderless(partition, marks, nowNanos);
            case NO_PARTITION -> noPartition(partition, marks, sinceNanos, nowNanos);
            case NO_TOPIC -> noTopic(partition, marks, nowNanos);
            case NOT_DESCRIBED -> ofCluster(marks, nowNanos);
        };
    }

    private Conclusion leaderless(TopicPartition partition, Marks marks, long nowNanos) {
        LeaderlessPartition known = cluster.leaderless(partition);
        if (known == null) {
            return of(StallCause.NO_LEADER, new Scope.Partition(partition), marks, "it has no leader", 0);
        }
        StallCause cause =
                known.error() == BrokerError.LISTENER_NOT_FOUND ? StallCause.LISTENER_MISSING : StallCause.NO_LEADER;
        return of(
                cause,
                new Scope.Partition(partition),
                marks,
                known.error() + "; replicas " + known.replicas() + ", in sync " + known.inSyncReplicas() + ", offline "
                        + known.offlineReplicas(),
                nowNanos - known.sinceNanos());
    }

    private Conclusion noPartition(TopicPartition partition, Marks marks, long sinceNanos, long nowNanos) {
        return of(
                StallCause.PARTITION_MISSING,
                new Scope.Partition(partition),
                marks,
                "topic " + partition.topic() + " has " + cluster.partitionCount(partition.topic()) + " partitions",
                nowNanos - sinceNanos);
    }

    private @Nullable Conclusion noTopic(TopicPartition partition, Marks marks, long nowNanos) {
        TopicAbsence absence = cluster.absence(partition.topic());
        return absence == null
                ? null
                : of(
                        causeOf(absence),
                        new Scope.Topic(partition.topic()),
                        marks,
                        "brokers answer " + absence.error().describe(absence.errorCode()) + ", " + absence.answers()
                                + " times in a row",
                        nowNanos - absence.firstNanos());
    }

    private static StallCause causeOf(TopicAbsence absence) {
        if (absence.isMissing()) {
            return absence.describedBefore() ? StallCause.TOPIC_DELETED : StallCause.TOPIC_MISSING;
        }
        return switch (absence.error()) {
            case TOPIC_AUTHORIZATION_FAILED, CLUSTER_AUTHORIZATION_FAILED -> StallCause.NOT_AUTHORIZED;
            case LEADER_NOT_AVAILABLE -> StallCause.NO_LEADER;
            case LISTENER_NOT_FOUND -> StallCause.LISTENER_MISSING;
            case INVALID_TOPIC_EXCEPTION -> StallCause.TOPIC_MISSING;
            default -> StallCause.BROKER_ERRORS;
        };
    }

    /** Why no broker describes the cluster, or null if one has a moment ago. */
    @Nullable Conclusion ofCluster(Marks marks, long nowNanos) {
        if (refresh.answeredAtNanos() == MetadataRefresh.NEVER) {
            return links.ofBootstrap(marks, nowNanos);
        }
        return stale(marks, nowNanos);
    }

    /** Whether no broker has answered what the cluster looks like for a while. */
    @Nullable Conclusion stale(Marks marks, long nowNanos) {
        long since = refresh.failingSinceNanos();
        return since == MetadataRefresh.NEVER || nowNanos - since < METADATA_NANOS
                ? null
                : of(
                        StallCause.METADATA_STALE,
                        new Scope.Client(),
                        marks,
                        "no broker has answered a request for metadata",
                        nowNanos - since);
    }

    private static Conclusion of(StallCause cause, Scope scope, Marks marks, String said, long ageNanos) {
        return new Conclusion(cause, scope, new Evidence.Metadata(marks, said, ageNanos / 1_000_000));
    }
}

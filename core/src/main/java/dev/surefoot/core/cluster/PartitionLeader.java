package dev.surefoot.core.cluster;

import org.apache.kafka.common.Uuid;

/**
 * The leader of a partition, or why there is none.
 *
 * @param topicId the topic's id, or {@link Uuid#ZERO_UUID} when the cluster has none for it
 * @param leaderId the leader's node id, or -1 when no leader is known
 * @param leaderEpoch the leader's epoch, or -1 when it is not known
 */
public record PartitionLeader(Uuid topicId, int leaderId, int leaderEpoch, Standing standing) {
    /** What metadata says about a partition. */
    public enum Standing {
        /** A leader is known. */
        LED,
        /** The partition exists and has no leader now; {@link Cluster#leaderless} has what else is known of it. */
        LEADERLESS,
        /** The topic exists and does not have so many partitions. */
        NO_PARTITION,
        /** Brokers do not describe the topic; {@link Cluster#absence} has what they say instead. */
        NO_TOPIC,
        /** No answer has said anything about the topic yet. */
        NOT_DESCRIBED
    }

    static final PartitionLeader NOT_DESCRIBED = none(Standing.NOT_DESCRIBED);
    static final PartitionLeader NO_TOPIC = none(Standing.NO_TOPIC);
    static final PartitionLeader NO_PARTITION = none(Standing.NO_PARTITION);

    /** The leader by an answer that describes the partition; with a leader id of -1 it has none. */
    public PartitionLeader(Uuid topicId, int leaderId, int leaderEpoch) {
        this(topicId, leaderId, leaderEpoch, leaderId >= 0 ? Standing.LED : Standing.LEADERLESS);
    }

    private static PartitionLeader none(Standing standing) {
        return new PartitionLeader(Uuid.ZERO_UUID, -1, -1, standing);
    }

    /** Whether a leader is known. */
    public boolean isKnown() {
        return standing == Standing.LED;
    }
}

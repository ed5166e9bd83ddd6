package dev.surefoot.core.cluster;

import org.apache.kafka.common.Uuid;

/**
 * The leader of a partition.
 *
 * @param topicId the topic's id, or {@link Uuid#ZERO_UUID} when the cluster has none for it
 * @param leaderId the leader's node id, or -1 when no leader is known
 * @param leaderEpoch the leader's epoch, or -1 when it is not known
 */
public record PartitionLeader(Uuid topicId, int leaderId, int leaderEpoch) {
    /** The leader of a partition that metadata does not have. */
    public static final PartitionLeader UNKNOWN = new PartitionLeader(Uuid.ZERO_UUID, -1, -1);

    /** Whether a leader is known. */
    public boolean isKnown() {
        return leaderId >= 0;
    }
}

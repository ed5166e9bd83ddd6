package dev.surefoot.core.cluster;

import dev.surefoot.core.error.BrokerError;
import java.util.List;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * A decoded Metadata response.
 *
 * @param error the top-level error (v13 and above, {@code REBOOTSTRAP_REQUIRED} shows as an
 *     unknown error), NONE before that
 * @param clusterId the cluster's id, or null when the broker does not say
 */
public record MetadataAnswer(
        BrokerError error,
        int throttleTimeMs,
        @Nullable String clusterId,
        List<Node> brokers,
        List<TopicMetadata> topics) {

    /**
     * One topic as a broker describes it.
     *
     * @param topicId the topic's id, or {@link Uuid#ZERO_UUID} from a broker that has none for it
     * @param errorCode the error as the broker gave it, which may be one that {@link BrokerError} does not know
     */
    public record TopicMetadata(
            String name,
            Uuid topicId,
            BrokerError error,
            boolean internal,
            List<PartitionMetadata> partitions,
            short errorCode) {
        public TopicMetadata(
                String name, Uuid topicId, BrokerError error, boolean internal, List<PartitionMetadata> partitions) {
            this(name, topicId, error, internal, partitions, error.code());
        }
    }

    /**
     * One partition as a broker describes it.
     *
     * @param leaderId the leader's node id, or -1 when there is none
     * @param leaderEpoch the leader's epoch, or -1 when the broker does not say
     */
    public record PartitionMetadata(
            int partition,
            BrokerError error,
            int leaderId,
            int leaderEpoch,
            List<Integer> replicas,
            List<Integer> inSyncReplicas,
            List<Integer> offlineReplicas) {}
}

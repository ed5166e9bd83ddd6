package dev.surefoot.core.cluster;

import dev.surefoot.core.error.BrokerError;
import java.util.List;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * A decoded Metadata response.
 *
 * @param throttleTimeMs milliseconds for which the broker asks the client to send nothing (KIP-219)
 * @param error the top-level error (v13 and above), NONE in older versions
 * @param clusterId the cluster's id, or null if the broker does not send it
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
     * @param errorCode the error code as the broker sent it; {@link BrokerError} may have no constant for it
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
     * @param leaderEpoch the leader's epoch, or -1 if the broker does not send it
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

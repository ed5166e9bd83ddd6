package dev.surefoot.wire;

import dev.surefoot.core.cluster.MetadataAnswer;
import dev.surefoot.core.cluster.MetadataAnswer.PartitionMetadata;
import dev.surefoot.core.cluster.MetadataAnswer.TopicMetadata;
import dev.surefoot.core.error.BrokerError;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.jspecify.annotations.Nullable;

/** Turns the Metadata response of any version into the one shape that the core knows. */
final class MetadataResponses {
    private MetadataResponses() {}

    static MetadataAnswer answer(MetadataResponseData data) {
        List<Node> brokers = new ArrayList<>();
        data.brokers()
                .forEach(broker -> brokers.add(new Node(broker.nodeId(), broker.host(), broker.port(), broker.rack())));
        List<TopicMetadata> topics = new ArrayList<>();
        for (MetadataResponseTopic topic : data.topics()) {
            // v12 and above leave out the name of a topic that was asked for by id and is not known. We ask by name.
            @Nullable String name = topic.name();
            if (name != null) {
                topics.add(new TopicMetadata(
                        name,
                        topic.topicId(),
                        BrokerError.forCode(topic.errorCode()),
                        topic.isInternal(),
                        partitions(topic),
                        topic.errorCode()));
            }
        }
        return new MetadataAnswer(
                BrokerError.forCode(data.errorCode()), data.throttleTimeMs(), data.clusterId(), brokers, topics);
    }

    private static List<PartitionMetadata> partitions(MetadataResponseTopic topic) {
        List<PartitionMetadata> partitions = new ArrayList<>(topic.partitions().size());
        for (MetadataResponsePartition partition : topic.partitions()) {
            partitions.add(new PartitionMetadata(
                    partition.partitionIndex(),
                    BrokerError.forCode(partition.errorCode()),
                    partition.leaderId(),
                    partition.leaderEpoch(),
                    List.copyOf(partition.replicaNodes()),
                    List.copyOf(partition.isrNodes()),
                    List.copyOf(partition.offlineReplicas())));
        }
        return partitions;
    }
}

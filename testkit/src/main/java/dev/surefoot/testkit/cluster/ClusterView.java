package dev.surefoot.testkit.cluster;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import kafka.cluster.Partition;
import kafka.server.BrokerServer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.image.TopicImage;
import org.apache.kafka.image.TopicsImage;
import org.apache.kafka.metadata.PartitionRegistration;
import scala.Option;

/** The metadata of the running brokers, read from their memory and not over the network. */
final class ClusterView {

    private final Collection<BrokerNode> brokers;

    ClusterView(Collection<BrokerNode> brokers) {
        this.brokers = List.copyOf(brokers);
    }

    /** Returns whether every running broker knows the topic, and the leader of each partition is ready to serve it. */
    boolean isServed(String topic, int partitions) {
        return images().allMatch(topics -> {
            TopicImage image = topics.getTopic(topic);
            return image != null
                    && image.partitions().size() >= partitions
                    && image.partitions().entrySet().stream()
                            .allMatch(e -> leads(e.getValue().leader, new TopicPartition(topic, e.getKey())));
        });
    }

    /** Returns whether every running broker has this leader for the partition, and the leader is ready to serve it. */
    boolean isLedBy(int brokerId, TopicPartition partition) {
        return leads(brokerId, partition)
                && images().allMatch(topics -> registration(topics, partition)
                        .filter(known -> known.leader == brokerId)
                        .isPresent());
    }

    boolean isGone(String topic) {
        return images().allMatch(topics -> topics.getTopic(topic) == null);
    }

    /** Returns whether every running broker knows the topic, with all its replicas in sync. */
    boolean isInSync(String topic) {
        return images().allMatch(topics -> {
            TopicImage image = topics.getTopic(topic);
            return image != null
                    && image.partitions().values().stream()
                            .allMatch(partition -> partition.isr.length == partition.replicas.length);
        });
    }

    /** Returns the topics of the cluster, Kafka's internal ones included. */
    Collection<String> topics() {
        return anyImage().topicsByName().keySet();
    }

    OptionalInt leaderOf(TopicPartition partition) {
        return registration(anyImage(), partition)
                .filter(PartitionRegistration::hasLeader)
                .map(known -> OptionalInt.of(known.leader))
                .orElseGet(OptionalInt::empty);
    }

    List<Integer> replicasOf(TopicPartition partition) {
        return registration(anyImage(), partition)
                .map(known -> Arrays.stream(known.replicas).boxed().toList())
                .orElseThrow(() -> new IllegalArgumentException("No such partition: " + partition));
    }

    private boolean leads(int brokerId, TopicPartition partition) {
        return running().filter(server -> server.config().nodeId() == brokerId).anyMatch(server -> {
            Option<Partition> hosted = server.replicaManager().onlinePartition(partition);
            return hosted.isDefined() && hosted.get().isLeader();
        });
    }

    private Stream<BrokerServer> running() {
        return brokers.stream().map(BrokerNode::running).flatMap(Optional::stream);
    }

    private Stream<TopicsImage> images() {
        return running().map(server -> server.metadataCache().currentImage().topics());
    }

    private TopicsImage anyImage() {
        return images().findFirst().orElseThrow(() -> new IllegalStateException("No broker runs"));
    }

    private static Optional<PartitionRegistration> registration(TopicsImage topics, TopicPartition partition) {
        return Optional.ofNullable(topics.getTopic(partition.topic()))
                .map(image -> image.partitions().get(partition.partition()));
    }
}

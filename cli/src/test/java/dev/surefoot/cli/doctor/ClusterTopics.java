package dev.surefoot.cli.doctor;

import dev.surefoot.cli.doctor.GroupMember.Behaviour;
import dev.surefoot.cli.doctor.GroupMember.Client;
import dev.surefoot.testkit.Await;
import dev.surefoot.testkit.cluster.KafkaCluster;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Topics of a cluster with records, and what groups have committed of them.
 *
 * @param cluster the cluster
 */
@SuppressWarnings("try") // a member is there to read
record ClusterTopics(KafkaCluster cluster) {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Makes a topic with so many records in each of its partitions, and returns its name. */
    String filled(String topic, int partitions, int records) {
        cluster.createTopic(topic, partitions, 1);
        for (int i = 0; i < partitions; i++) {
            write(topic, i, records);
        }
        return topic;
    }

    /** Writes records to a partition. */
    void write(String topic, int partition, int records) {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(cluster.producerConfig(), new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < records; i++) {
                producer.send(new ProducerRecord<>(topic, partition, null, new byte[] {1}));
            }
        }
    }

    /** Commits this offset of each partition of a topic for a group, without being a member. */
    void commit(String topic, String group, long offset) {
        try {
            Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
            cluster.admin()
                    .describeTopics(List.of(topic))
                    .allTopicNames()
                    .get()
                    .get(topic)
                    .partitions()
                    .forEach(each ->
                            offsets.put(new TopicPartition(topic, each.partition()), new OffsetAndMetadata(offset)));
            cluster.admin().alterConsumerGroupOffsets(group, offsets).all().get();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Lets a member read all of a topic with ten records, and leave. */
    void readAll(String topic) {
        try (GroupMember member =
                new GroupMember(cluster.consumerConfig(), topic, Client.KAFKA_CLASSIC, Behaviour.READS, Map.of())) {
            Await.until(
                    "all is read",
                    PATIENCE,
                    () ->
                            cluster
                                    .admin()
                                    .listConsumerGroupOffsets(topic)
                                    .partitionsToOffsetAndMetadata()
                                    .get()
                                    .values()
                                    .stream()
                                    .anyMatch(each -> each.offset() == 10));
        }
    }
}

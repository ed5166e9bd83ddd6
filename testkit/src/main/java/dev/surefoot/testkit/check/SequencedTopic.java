package dev.surefoot.testkit.check;

import dev.surefoot.testkit.cluster.KafkaCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;

/** Makes topics full of {@link SequencedRecord}s whose sequence numbers are their offsets. */
public final class SequencedTopic {

    private SequencedTopic() {}

    /**
     * Creates a topic and writes records of sequence 0 to {@code perPartition - 1} to each of its partitions.
     *
     * @param valueBytes the size of each value
     * @return the partitions
     */
    public static Set<TopicPartition> create(
            KafkaCluster cluster, String topic, int partitions, int perPartition, int valueBytes) {
        cluster.createTopic(topic, partitions, Math.min(3, cluster.brokerIds().size()));
        return append(cluster, topic, partitions, 0, perPartition, valueBytes);
    }

    /**
     * Writes records of sequence {@code from} to {@code to - 1} to each of the partitions.
     *
     * @param valueBytes the size of each value
     * @return the partitions
     */
    public static Set<TopicPartition> append(
            KafkaCluster cluster, String topic, int partitions, int from, int to, int valueBytes) {
        Set<TopicPartition> all = partitions(topic, partitions);
        Map<String, Object> config = cluster.producerConfig();
        config.put(ProducerConfig.LINGER_MS_CONFIG, 5);
        List<Future<RecordMetadata>> written = new ArrayList<>();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(config)) {
            for (int sequence = from; sequence < to; sequence++) {
                for (TopicPartition partition : all) {
                    written.add(producer.send(SequencedRecord.of(partition, sequence, valueBytes)));
                }
            }
            producer.flush();
            for (Future<RecordMetadata> record : written) {
                record.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while filling " + topic, e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("Cannot fill " + topic, e);
        }
        return all;
    }

    /** Returns the partitions of a topic that has {@code partitions} of them. */
    public static Set<TopicPartition> partitions(String topic, int partitions) {
        return IntStream.range(0, partitions)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .collect(Collectors.toUnmodifiableSet());
    }
}

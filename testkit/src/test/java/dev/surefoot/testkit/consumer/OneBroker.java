package dev.surefoot.testkit.consumer;

import dev.surefoot.testkit.cluster.KafkaCluster;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;

/** One broker for all tests that only read what was written; it ends with the JVM. */
final class OneBroker {
    private static final KafkaCluster CLUSTER = KafkaCluster.builder()
            .brokerConfig("log.cleaner.backoff.ms", "100")
            .brokerConfig("log.initial.task.delay.ms", "100")
            .brokerConfig("log.retention.check.interval.ms", "500")
            .brokerConfig("message.max.bytes", "20000000")
            .start();
    private static final AtomicInteger TOPICS = new AtomicInteger();

    private OneBroker() {}

    static KafkaCluster cluster() {
        return CLUSTER;
    }

    /** Creates a topic of a new name. */
    static String topic(int partitions) {
        return topic(partitions, Map.of());
    }

    static String topic(int partitions, Map<String, String> configs) {
        String name = unusedName();
        CLUSTER.createTopic(name, partitions, 1, configs);
        return name;
    }

    /** A name that no topic has. */
    static String unusedName() {
        return "topic-" + TOPICS.incrementAndGet();
    }

    static List<TopicPartition> partitions(String topic, int count) {
        return IntStream.range(0, count)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
    }

    /** A consumer's configuration from the beginning, with these options, given as key, value, key, value. */
    static Map<String, Object> config(Object... options) {
        Map<String, Object> config = new HashMap<>(CLUSTER.consumerConfig());
        for (int i = 0; i < options.length; i += 2) {
            config.put((String) options[i], options[i + 1]);
        }
        return config;
    }
}

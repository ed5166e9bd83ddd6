package dev.surefoot.testkit.chaos;

import dev.surefoot.testkit.cluster.KafkaCluster;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/** Three brokers behind gates that notice dead members soon, and the configurations of clients in their chaos. */
final class ChaosCluster {
    private static final String SESSION_MS = "6000";
    private static final String HEARTBEAT_MS = "500";
    private static final int MAX_POLL_INTERVAL_MS = 8_000;

    private ChaosCluster() {}

    static KafkaCluster start() {
        return KafkaCluster.builder()
                .brokers(3)
                .gated()
                .brokerConfig("group.consumer.session.timeout.ms", SESSION_MS)
                .brokerConfig("group.consumer.min.session.timeout.ms", SESSION_MS)
                .brokerConfig("group.consumer.heartbeat.interval.ms", HEARTBEAT_MS)
                .brokerConfig("group.consumer.min.heartbeat.interval.ms", HEARTBEAT_MS)
                .start();
    }

    /** A member of a group that reads what is committed and commits by itself only if it is told to. */
    static Map<String, Object> consumer(KafkaCluster cluster, String group) {
        Map<String, Object> config = cluster.consumerConfig();
        config.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        config.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 10_000);
        config.put(ConsumerConfig.RECONNECT_BACKOFF_MS_CONFIG, 20);
        config.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, 1_000);
        config.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, MAX_POLL_INTERVAL_MS);
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 100);
        return config;
    }

    /** Gives a member of the classic protocol the times that the brokers give those of the consumer protocol. */
    static Map<String, Object> classicTimes() {
        return Map.of(
                ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
                Integer.valueOf(SESSION_MS),
                ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
                Integer.valueOf(HEARTBEAT_MS));
    }

    /** A producer that outlasts the outages. */
    static Map<String, Object> producer(KafkaCluster cluster, Map<String, Object> more) {
        Map<String, Object> config = cluster.producerConfig();
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 120_000);
        // A broker that starts again remembers the last batch of a producer only, so of several in flight it would take
        // an earlier one that is repeated for one out of order, and refuse it until the delivery times out.
        config.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        config.putAll(more);
        return config;
    }
}

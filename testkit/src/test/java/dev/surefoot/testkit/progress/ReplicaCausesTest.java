package dev.surefoot.testkit.progress;

import dev.surefoot.progress.StallCause;
import dev.surefoot.testkit.cluster.KafkaCluster;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The causes that lie in replicas which differ, and in sessions that a broker does not give. */
@Tag("soak")
@Timeout(300)
class ReplicaCausesTest {
    private static final CauseTable TABLE = new CauseTable("causes of replicas; surefoot.stall.patience.ms=1500");
    private KafkaCluster cluster;

    @BeforeEach
    void start() {
        cluster = KafkaCluster.builder()
                .brokers(2)
                .brokerConfig(0, "max.incremental.fetch.session.cache.slots", "0")
                .start();
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @AfterAll
    static void print() {
        TABLE.print();
    }

    private Map<String, Object> config(Object... options) {
        Map<String, Object> config = new HashMap<>(cluster.consumerConfig());
        config.put("surefoot.stall.patience.ms", 1_500);
        for (int i = 0; i < options.length; i += 2) {
            config.put((String) options[i], options[i + 1]);
        }
        return config;
    }

    private TopicPartition replicated() throws Exception {
        cluster.createTopic(
                "replicated",
                1,
                2,
                Map.of(
                        "min.insync.replicas", "1",
                        "unclean.leader.election.enable", "true"));
        TopicPartition partition = new TopicPartition("replicated", 0);
        cluster.moveLeader(partition, 0);
        cluster.awaitInSync("replicated");
        Written.to(cluster, partition, 10, 10);
        cluster.awaitInSync("replicated");
        return partition;
    }

    private void writeWithoutTheFollower(TopicPartition partition, int records, int bytes) throws Exception {
        cluster.stop(1);
        Written.to(cluster, partition, records, bytes, Map.of("batch.size", 1));
    }

    @Test
    void theLogWasTruncated() throws Exception {
        TopicPartition partition = replicated();
        writeWithoutTheFollower(partition, 10, 10);
        try (Watched watched = Watched.open(config(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none"), consumer -> {
            consumer.assign(List.of(partition));
            consumer.seek(partition, 0);
        })) {
            watched.awaitCause(partition, StallCause.CAUGHT_UP);
            watched.inject(() -> {
                cluster.kill(0);
                cluster.start(1);
            });
            watched.record(TABLE, partition, StallCause.LOG_TRUNCATED, "an unclean election of a shorter log");
        }
    }

    @Test
    void theBrokerGivesNoSession() {
        cluster.createTopic("sessions", 1, 2);
        TopicPartition partition = new TopicPartition("sessions", 0);
        cluster.moveLeader(partition, 0);
        try (Watched watched = Watched.open(config(), consumer -> consumer.assign(List.of(partition)))) {
            watched.recordConcern(TABLE, StallCause.SESSION_THRASH, "max.incremental.fetch.session.cache.slots=0");
        }
    }

    @Test
    void theTopicWasCreatedAnew() throws Exception {
        cluster.createTopic("again", 1, 1);
        TopicPartition partition = new TopicPartition("again", 0);
        Written.to(cluster, partition, 10, 10);
        try (Watched watched = Watched.open(config(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none"), consumer -> {
            consumer.assign(List.of(partition));
            consumer.seek(partition, 0);
        })) {
            watched.awaitCause(partition, StallCause.CAUGHT_UP);
            watched.inject(() -> {
                cluster.deleteTopic("again");
                cluster.createTopic("again", 1, 1);
            });
            watched.record(TABLE, partition, StallCause.TOPIC_RECREATED, "deleted and created anew, policy none");
        }
    }
}

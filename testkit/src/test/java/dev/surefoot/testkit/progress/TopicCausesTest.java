package dev.surefoot.testkit.progress;

import dev.surefoot.progress.StallCause;
import dev.surefoot.testkit.cluster.KafkaCluster;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The causes that lie in topics and their leaders, each brought about at a real cluster, and each named. */
@Tag("soak")
@Timeout(300)
class TopicCausesTest {
    private static final CauseTable TABLE = new CauseTable("causes of topics; surefoot.stall.patience.ms=1500");
    private static KafkaCluster cluster;
    private static int topics;

    @BeforeAll
    static void start() {
        cluster = KafkaCluster.builder().brokers(2).authorizing().start();
    }

    @AfterAll
    static void stop() {
        cluster.close();
        TABLE.print();
    }

    private static TopicPartition topic() {
        String name = "topic-" + ++topics;
        cluster.createTopic(name, 1, 1);
        return new TopicPartition(name, 0);
    }

    private static Map<String, Object> config(Object... options) {
        Map<String, Object> config = new HashMap<>(cluster.consumerConfig());
        config.put("surefoot.stall.patience.ms", 1_500);
        config.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        for (int i = 0; i < options.length; i += 2) {
            config.put((String) options[i], options[i + 1]);
        }
        return config;
    }

    private static Watched reader(TopicPartition partition, Object... options) {
        return Watched.open(config(options), consumer -> consumer.assign(List.of(partition)));
    }

    @Test
    void theTopicDoesNotExist() {
        TopicPartition partition = new TopicPartition("nowhere", 0);
        try (Watched watched = reader(partition)) {
            watched.record(TABLE, partition, StallCause.TOPIC_MISSING, "a topic that is not there");
        }
    }

    @Test
    void theTopicHasFewerPartitions() {
        TopicPartition partition = new TopicPartition(topic().topic(), 7);
        try (Watched watched = reader(partition)) {
            watched.record(TABLE, partition, StallCause.PARTITION_MISSING, "partition 7 of 1");
        }
    }

    @Test
    void theTopicWasDeleted() throws Exception {
        TopicPartition partition = topic();
        try (Watched watched = reader(partition)) {
            watched.awaitCause(partition, StallCause.CAUGHT_UP);
            watched.inject(() -> cluster.deleteTopic(partition.topic()));
            watched.record(TABLE, partition, StallCause.TOPIC_DELETED, "the topic is deleted");
        }
    }

    @Test
    void thePartitionHasNoLeader() throws Exception {
        TopicPartition partition = topic();
        int leader = cluster.leaderOf(partition).orElseThrow();
        try (Watched watched = reader(partition)) {
            watched.awaitCause(partition, StallCause.CAUGHT_UP);
            watched.inject(() -> cluster.stop(leader));
            watched.record(TABLE, partition, StallCause.NO_LEADER, "the only replica is stopped");
        } finally {
            cluster.start(leader);
        }
    }

    @Test
    void theTopicMayNotBeRead() throws Exception {
        TopicPartition partition = topic();
        AclBinding denied = new AclBinding(
                new ResourcePattern(ResourceType.TOPIC, partition.topic(), PatternType.LITERAL),
                new AccessControlEntry("User:ANONYMOUS", "*", AclOperation.READ, AclPermissionType.DENY));
        try (Watched watched = reader(partition)) {
            watched.awaitCause(partition, StallCause.CAUGHT_UP);
            watched.inject(
                    () -> cluster.admin().createAcls(List.of(denied)).all().get());
            watched.record(TABLE, partition, StallCause.NOT_AUTHORIZED, "READ is denied");
        }
    }

    @Test
    void thePositionIsOutOfRange() throws Exception {
        TopicPartition partition = topic();
        try (Watched watched = reader(partition, ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none")) {
            watched.record(TABLE, partition, StallCause.NO_INITIAL_OFFSET, "auto.offset.reset=none, no group");
            watched.inject(() -> watched.has(consumer -> consumer.seek(partition, 1_000_000)));
            watched.record(TABLE, partition, StallCause.OFFSET_OUT_OF_RANGE, "a seek beyond the end, policy none");
        }
    }

    @Test
    void theApplicationHasPaused() throws Exception {
        TopicPartition partition = topic();
        Written.to(cluster, partition, 10, 10);
        try (Watched watched = reader(partition)) {
            watched.recordName(TABLE, partition, StallCause.CAUGHT_UP, "10 records, all read");
            watched.inject(() -> watched.has(consumer -> consumer.pause(List.of(partition))));
            watched.recordName(TABLE, partition, StallCause.PAUSED, "pause()");
        }
    }

    @Test
    void thePartitionIsNotAssigned() {
        TopicPartition partition = topic();
        try (Watched watched = reader(partition)) {
            TopicPartition other = new TopicPartition("other", 0);
            watched.recordName(TABLE, other, StallCause.NOT_ASSIGNED, "asked about another partition");
        }
    }
}

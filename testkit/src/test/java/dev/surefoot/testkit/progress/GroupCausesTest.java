package dev.surefoot.testkit.progress;

import dev.surefoot.progress.Severity;
import dev.surefoot.progress.StallCause;
import dev.surefoot.testkit.cluster.KafkaCluster;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.clients.consumer.RoundRobinAssignor;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
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

/** The causes that lie in a consumer's membership of its group, brought about at a real cluster, and named. */
@Tag("soak")
@Timeout(300)
class GroupCausesTest {
    private static final CauseTable TABLE = new CauseTable("causes of groups; surefoot.stall.patience.ms=1500");
    private static KafkaCluster cluster;
    private static int names;

    @BeforeAll
    static void start() {
        cluster = KafkaCluster.builder()
                .gated()
                .authorizing()
                .brokerConfig("group.min.session.timeout.ms", "3000")
                .start();
    }

    @AfterAll
    static void stop() {
        cluster.close();
        TABLE.print();
    }

    private static TopicPartition topic() {
        String name = "of-groups-" + ++names;
        cluster.createTopic(name, 1, 1);
        return new TopicPartition(name, 0);
    }

    private static Map<String, Object> config(String group, Object... options) {
        Map<String, Object> config = new HashMap<>(cluster.consumerConfig());
        config.put("surefoot.stall.patience.ms", 1_500);
        config.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        config.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 6_000);
        config.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 500);
        for (int i = 0; i < options.length; i += 2) {
            config.put((String) options[i], options[i + 1]);
        }
        return config;
    }

    private static Watched member(TopicPartition partition, Map<String, Object> config) {
        return Watched.open(config, consumer -> consumer.subscribe(List.of(partition.topic())));
    }

    private static void deny(String group) throws Exception {
        AclBinding denied = new AclBinding(
                new ResourcePattern(ResourceType.GROUP, group, PatternType.LITERAL),
                new AccessControlEntry("User:ANONYMOUS", "*", AclOperation.READ, AclPermissionType.DENY));
        cluster.admin().createAcls(List.of(denied)).all().get();
    }

    @Test
    void theGroupMayNotBeUsed() throws Exception {
        TopicPartition partition = topic();
        deny("forbidden");
        try (Watched watched = member(partition, config("forbidden"))) {
            watched.recordWhole(TABLE, StallCause.GROUP_NOT_AUTHORIZED, "READ of the group is denied", Severity.FAILED);
        }
    }

    @Test
    void theMembersHaveNoAssignorInCommon() {
        TopicPartition partition = topic();
        String key = ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG;
        try (Watched first = member(partition, config("torn", key, RangeAssignor.class.getName()))) {
            first.awaitCause(partition, StallCause.CAUGHT_UP);
            try (Watched second = member(partition, config("torn", key, RoundRobinAssignor.class.getName()))) {
                second.recordWhole(
                        TABLE, StallCause.GROUP_REFUSED, "two members without an assignor in common", Severity.FAILED);
            }
        }
    }

    @Test
    void anotherMemberHasTheInstanceId() {
        TopicPartition partition = topic();
        String key = ConsumerConfig.GROUP_INSTANCE_ID_CONFIG;
        try (Watched first = member(partition, config("twins", key, "one"))) {
            first.awaitCause(partition, StallCause.CAUGHT_UP);
            try (Watched second = member(partition, config("twins", key, "one"))) {
                second.awaitCause(partition, StallCause.CAUGHT_UP);
                first.recordWhole(
                        TABLE,
                        StallCause.INSTANCE_FENCED,
                        "a second member with its group.instance.id",
                        Severity.FAILED);
            }
        }
    }

    @Test
    void thereAreMoreMembersThanPartitions() {
        TopicPartition partition = topic();
        String key = ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG;
        Map<String, Object> config = config("crowd", key, CooperativeStickyAssignor.class.getName());
        try (Watched first = member(partition, config)) {
            first.awaitCause(partition, StallCause.CAUGHT_UP);
            try (Watched second = member(partition, config)) {
                second.recordWhole(TABLE, StallCause.OWNS_NOTHING, "2 members, 1 partition", Severity.FINE);
            }
        }
    }

    @Test
    void theApplicationWasOutOfPollForTooLong() throws Exception {
        TopicPartition partition = topic();
        try (Watched watched = member(partition, config("slow", ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, 6_000))) {
            watched.awaitCause(partition, StallCause.CAUGHT_UP);
            watched.inject(watched::stopPolling);
            watched.record(TABLE, partition, StallCause.EVICTED_FOR_SLOW_POLL, "no poll for max.poll.interval.ms=6000");
        }
    }

    @Test
    void anotherMemberDoesNotPoll() throws Exception {
        TopicPartition partition = topic();
        try (Watched first = member(partition, config("held", ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, 120_000))) {
            first.awaitCause(partition, StallCause.CAUGHT_UP);
            first.stopPolling();
            try (Watched second = member(partition, config("held"))) {
                second.recordWhole(
                        TABLE, StallCause.JOINING_GROUP, "another member that does not poll", Severity.STALLED);
            }
        }
    }

    @Test
    void theCoordinatorRefusesConnections() throws Exception {
        TopicPartition partition = topic();
        try (Watched watched = member(partition, config("cut-off"))) {
            watched.awaitCause(partition, StallCause.CAUGHT_UP);
            watched.inject(() -> {
                cluster.gate(0).refuse();
                cluster.gate(0).cut();
                watched.has(consumer -> {
                    consumer.unsubscribe();
                    consumer.subscribe(List.of(partition.topic()));
                });
            });
            watched.recordWhole(
                    TABLE, StallCause.COORDINATOR_UNREACHABLE, "its connections are cut and refused", Severity.STALLED);
        } finally {
            cluster.gate(0).open();
        }
    }

    @Test
    void theGroupHasNoCoordinator() {
        try (KafkaCluster small = KafkaCluster.builder()
                .brokerConfig("offsets.topic.replication.factor", "3")
                .start()) {
            small.createTopic("t", 1, 1);
            Map<String, Object> config = config("nowhere");
            config.putAll(small.consumerConfig());
            try (Watched watched = member(new TopicPartition("t", 0), config)) {
                watched.recordWhole(
                        TABLE,
                        StallCause.COORDINATOR_MISSING,
                        "offsets.topic.replication.factor=3, one broker",
                        Severity.STALLED);
            }
        }
    }

    /** A coordinator reads the log of its groups before it answers; here that is long, and it is read bit by bit. */
    @Test
    void theCoordinatorIsReadingItsLog() throws Exception {
        try (KafkaCluster slow = KafkaCluster.builder()
                .brokerConfig("offsets.topic.num.partitions", "1")
                .brokerConfig("offsets.load.buffer.size", "1")
                .start()) {
            slow.createTopic("t", 1, 1);
            TopicPartition partition = new TopicPartition("t", 0);
            slow.admin()
                    .alterConsumerGroupOffsets("other", Map.of(partition, new OffsetAndMetadata(0)))
                    .all()
                    .get();
            OffsetsOfNobody.write(slow, 3_000_000);
            Map<String, Object> config = config("early");
            config.putAll(slow.consumerConfig());
            slow.restart(0);
            try (Watched watched = member(partition, config)) {
                watched.within(2)
                        .recordWhole(
                                TABLE,
                                StallCause.COORDINATOR_LOADING,
                                "3,000,000 records in the coordinator's log, a restart",
                                Severity.WAITING);
                watched.awaitCause(partition, StallCause.CAUGHT_UP);
            }
        }
    }

    @Test
    @SuppressWarnings("removal") // without a member there is no other constructor
    void theCommittedOffsetIsPartOfATransaction() throws Exception {
        TopicPartition partition = topic();
        Map<String, Object> options = new HashMap<>(cluster.producerConfig());
        options.put("transactional.id", "offsets");
        try (Producer<byte[], byte[]> producer = new KafkaProducer<>(options)) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.sendOffsetsToTransaction(
                    Map.of(partition, new OffsetAndMetadata(0)), new ConsumerGroupMetadata("unstable"));
            try (Watched watched =
                    member(partition, config("unstable", ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed"))) {
                watched.recordName(
                        TABLE, partition, StallCause.COMMITTED_OFFSET_UNSTABLE, "offsets sent to a transaction");
                producer.abortTransaction();
                watched.awaitCause(partition, StallCause.CAUGHT_UP);
            }
        }
    }

    @Test
    void membersComeAndGo() {
        String name = "of-restless-members";
        cluster.createTopic(name, 2, 1);
        TopicPartition partition = new TopicPartition(name, 0);
        try (Watched watched = member(partition, config("restless"))) {
            watched.awaitAssigned(2);
            for (int i = 0; i < 3; i++) {
                try (Watched other = member(partition, config("restless"))) {
                    other.awaitAssigned(1);
                }
            }
            watched.recordConcern(TABLE, StallCause.GROUP_UNSTABLE, "members that come and go");
        }
    }

    @Test
    void commitsFail() throws Exception {
        TopicPartition partition = topic();
        String tooMuch = "x".repeat(10_000);
        try (Watched watched = member(partition, config("commits", ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false))) {
            watched.awaitCause(partition, StallCause.CAUGHT_UP);
            watched.inject(() -> watched.has(consumer -> consumer.commitAsync(
                    Map.of(partition, new OffsetAndMetadata(0, tooMuch)), (offsets, failure) -> {})));
            watched.recordConcern(TABLE, StallCause.COMMIT_FAILING, "metadata larger than the broker takes");
        }
    }
}

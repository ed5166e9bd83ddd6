package dev.surefoot.testkit.progress;

import dev.surefoot.progress.StallCause;
import dev.surefoot.testkit.cluster.KafkaCluster;
import dev.surefoot.testkit.gate.TcpGate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The causes that lie between a consumer and its brokers, each brought about at a real cluster, and each named. */
@Tag("soak")
@Timeout(300)
class NetworkCausesTest {
    private static final CauseTable TABLE = new CauseTable("network causes; surefoot.stall.patience.ms=1500");
    private static KafkaCluster cluster;
    private static int topics;
    private static TcpGate gate;

    @BeforeAll
    static void start() {
        cluster = KafkaCluster.builder()
                .gated()
                .brokerConfig("message.max.bytes", "20000000")
                .start();
        gate = cluster.gate(0);
    }

    @AfterAll
    static void stop() {
        cluster.close();
        TABLE.print();
    }

    @AfterEach
    void endFaults() {
        gate.open();
        gate.cut();
    }

    private static TopicPartition topic() {
        String name = "network-" + ++topics;
        cluster.createTopic(name, 2, 1, Map.of("max.message.bytes", "20000000"));
        return new TopicPartition(name, 0);
    }

    private static Map<String, Object> config(Object... options) {
        Map<String, Object> config = cluster.consumerConfig();
        config.put("surefoot.stall.patience.ms", 1_500);
        config.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, 20_000);
        for (int i = 0; i < options.length; i += 2) {
            config.put((String) options[i], options[i + 1]);
        }
        return config;
    }

    private static Watched reader(TopicPartition partition, Object... options) {
        Watched watched = Watched.open(config(options), consumer -> consumer.assign(List.of(partition)));
        watched.awaitCause(partition, StallCause.CAUGHT_UP);
        return watched;
    }

    @Test
    void noBrokerOfTheBootstrapServersCanBeReached() throws Exception {
        TopicPartition partition = topic();
        gate.refuse();
        gate.cut();
        try (Watched watched = Watched.open(config(), consumer -> consumer.assign(List.of(partition)))) {
            watched.record(TABLE, partition, StallCause.BOOTSTRAP_UNREACHABLE, "connections refused from the start");
        }
    }

    @Test
    void theLeaderRefusesConnections() throws Exception {
        TopicPartition partition = topic();
        try (Watched watched = reader(partition)) {
            watched.inject(() -> {
                gate.refuse();
                gate.cut();
            });
            watched.record(TABLE, partition, StallCause.LEADER_UNREACHABLE, "connections cut and refused");
        }
    }

    /** The leader of a partition that is assigned when no broker answers any more is not known. */
    @Test
    void noBrokerAnswersWhoLeads() throws Exception {
        TopicPartition partition = topic();
        TopicPartition other = topic();
        try (Watched watched = reader(partition)) {
            watched.inject(() -> {
                gate.refuse();
                gate.cut();
                watched.has(consumer -> consumer.assign(List.of(partition, other)));
            });
            watched.within(12)
                    .record(TABLE, other, StallCause.METADATA_STALE, "a new topic, connections cut and refused");
        }
    }

    /** With recovery the connection is closed before that is a stall, and the next one carries nothing either. */
    @Test
    void theConnectionsCarryNothing() throws Exception {
        TopicPartition partition = topic();
        try (Watched watched = reader(partition, "surefoot.recovery", "off")) {
            watched.inject(gate::blackhole);
            watched.record(TABLE, partition, StallCause.CONNECTION_HALF_OPEN, "connections that carry nothing");
        }
    }

    @Test
    void theBrokerIsSlow() throws Exception {
        TopicPartition partition = topic();
        try (Watched watched = reader(partition)) {
            watched.inject(() -> gate.delay(Duration.ofSeconds(5)));
            watched.recordName(TABLE, partition, StallCause.BROKER_SLOW, "every byte 5 s late");
        }
    }

    @Test
    void theLinkIsTooSlowForTheAnswers() throws Exception {
        TopicPartition partition = topic();
        Written.to(cluster, partition, 16, 1_000_000);
        Object[] options = {ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, 2_000, ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1};
        try (Watched watched = Watched.open(config(options), consumer -> {
            gate.throttle(50_000);
            consumer.assign(List.of(partition));
        })) {
            watched.record(TABLE, partition, StallCause.LINK_TOO_SLOW, "50 kB/s for answers of 1 MB");
        }
    }

    @Test
    void theQuotaIsUsedUp() throws Exception {
        TopicPartition partition = topic();
        Written.to(cluster, partition, 40, 200_000);
        ClientQuotaEntity entity = new ClientQuotaEntity(Map.of(ClientQuotaEntity.CLIENT_ID, "greedy"));
        cluster.admin()
                .alterClientQuotas(List.of(new ClientQuotaAlteration(
                        entity, List.of(new ClientQuotaAlteration.Op("consumer_byte_rate", 1_024.0)))))
                .all()
                .get();
        try (Watched watched = Watched.open(
                config(ConsumerConfig.CLIENT_ID_CONFIG, "greedy"), consumer -> consumer.assign(List.of(partition)))) {
            watched.recordName(TABLE, partition, StallCause.THROTTLED, "consumer_byte_rate=1024");
        }
    }

    @Test
    void aPositionIsLookedUpForLong() throws Exception {
        TopicPartition partition = topic();
        TopicPartition other = new TopicPartition(partition.topic(), 1);
        try (Watched watched = reader(partition)) {
            watched.inject(() -> gate.delay(Duration.ofSeconds(2)));
            watched.has(consumer -> consumer.assign(List.of(partition, other)));
            watched.record(TABLE, other, StallCause.LOOKING_UP_POSITION, "every byte 2 s late, a new partition");
        }
    }
}

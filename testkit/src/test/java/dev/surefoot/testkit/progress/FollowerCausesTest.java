package dev.surefoot.testkit.progress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.progress.ProgressListener;
import dev.surefoot.progress.RecoveryStep;
import dev.surefoot.progress.StallCause;
import dev.surefoot.testkit.Await;
import dev.surefoot.testkit.LoopbackPorts;
import dev.surefoot.testkit.cluster.KafkaCluster;
import dev.surefoot.testkit.gate.TcpGate;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A follower that is in sync, is read from, and is behind. No throttle of Kafka does that, as it spares replicas in
 * sync. Here the leader's answers take long to reach the follower, which learns so much later what may be read.
 */
@Tag("soak")
@Timeout(400)
class FollowerCausesTest {
    private static final CauseTable TABLE = new CauseTable(
            "causes of followers; surefoot.stall.patience.ms=1500, surefoot.session.audit.interval.ms=1000");
    private static final Pattern INTERNAL = Pattern.compile("INTERNAL://127[.]0[.]0[.]1:(\\d+)");
    private static final Duration LATE = Duration.ofSeconds(60);

    private static final TopicPartition PARTITION = new TopicPartition("near", 0);
    private static final AtomicReference<TcpGate> TO_LEADER = new AtomicReference<>();
    private static KafkaCluster cluster;

    @BeforeAll
    static void start() {
        cluster = KafkaCluster.builder()
                .brokers(2)
                .brokerConfig("replica.selector.class", "org.apache.kafka.common.replica.RackAwareReplicaSelector")
                .brokerConfig("replica.lag.time.max.ms", "600000")
                .brokerConfig("replica.socket.timeout.ms", "600000")
                .brokerConfig("request.timeout.ms", "600000")
                .brokerConfig(0, "broker.rack", "rack-0")
                .brokerConfig(1, "broker.rack", "rack-1")
                .advertise(0, FollowerCausesTest::gated)
                .start();
    }

    @AfterAll
    static void stop() {
        cluster.close();
        TO_LEADER.get().close();
        TABLE.print();
    }

    private static String gated(String own) {
        Matcher internal = INTERNAL.matcher(own);
        if (!internal.find()) {
            throw new IllegalArgumentException(own);
        }
        TO_LEADER.set(TcpGate.to(LoopbackPorts.at(Integer.parseInt(internal.group(1)))));
        return internal.replaceFirst("INTERNAL://127.0.0.1:" + TO_LEADER.get().port());
    }

    private static Watched reader(String recovery) {
        Map<String, Object> config = new HashMap<>(cluster.consumerConfig());
        config.put("surefoot.stall.patience.ms", 1_500);
        config.put("surefoot.session.audit.interval.ms", 1_000);
        config.put("surefoot.recovery", recovery);
        config.put(ConsumerConfig.CLIENT_RACK_CONFIG, "rack-1");
        return Watched.open(config, consumer -> consumer.assign(List.of(PARTITION)));
    }

    private static long position(Watched watched) {
        return watched.consumer().progress(PARTITION).position().orElse(-1);
    }

    private static void awaitReadFromFollower(Watched watched) {
        Await.until(
                "all is read from the follower",
                Duration.ofSeconds(60),
                () -> position(watched) == 10
                        && watched.consumer().progress(PARTITION).follower());
    }

    @Test
    void theFollowerIsBehind() throws Exception {
        cluster.createTopic(PARTITION.topic(), 1, 2);
        cluster.moveLeader(PARTITION, 0);
        cluster.awaitInSync(PARTITION.topic());
        Written.to(cluster, PARTITION, 10, 10);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrapServers()));
                Watched watched = reader("off");
                Watched mended = reader("connection")) {
            List<RecoveryStep> steps = new CopyOnWriteArrayList<>();
            mended.consumer().addProgressListener(new ProgressListener() {
                @Override
                public void recovering(RecoveryStep step) {
                    steps.add(step);
                }
            });
            awaitReadFromFollower(watched);
            awaitReadFromFollower(mended);
            TO_LEADER.get().delay(Duration.ZERO, LATE);
            Written.to(cluster, PARTITION, 1, 10, Map.of(ProducerConfig.ACKS_CONFIG, "1", "enable.idempotence", false));
            // An answer without it may be under way, then one with it, before the follower says that it has it.
            Await.until(
                    "the follower has the record",
                    LATE.multipliedBy(3),
                    () -> admin.listOffsets(Map.of(PARTITION, OffsetSpec.latest()))
                                    .partitionResult(PARTITION)
                                    .get()
                                    .offset()
                            == 11);

            watched.inject(() -> {});
            watched.within(12)
                    .record(
                            TABLE,
                            PARTITION,
                            StallCause.FOLLOWER_BEHIND,
                            "a follower that learns the end a minute late");
            Await.until("the leader is read instead", LATE, () -> position(mended) == 11);
            assertThat(position(watched)).as("who stays with the follower").isEqualTo(10);
            Await.until(
                    "the step that healed it",
                    LATE,
                    () -> steps.stream()
                            .anyMatch(step -> step.cause() == StallCause.FOLLOWER_BEHIND
                                    && step.action() == RecoveryStep.Action.REFRESH
                                    && step.outcome() == RecoveryStep.Outcome.HEALED));
        } finally {
            TO_LEADER.get().open();
        }
    }
}

package dev.surefoot.testkit.progress;

import dev.surefoot.progress.StallCause;
import dev.surefoot.testkit.cluster.KafkaCluster;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which side is the slower one if the lag grows: a matter of five minutes, which are waited for here. */
@Tag("soak")
@Timeout(900)
class SlowSideCausesTest {
    private static final CauseTable TABLE = new CauseTable("causes of a growing lag; both are read at half the pace");
    private static final int RECORD_BYTES = 1_000;
    private static final int WRITTEN_PER_SECOND = 60;
    private static final int READ_PER_SECOND = WRITTEN_PER_SECOND / 2;

    /** Five minutes of growth in whole minutes, and what a look may be late. */
    private static final double BOUND_SECONDS = 370;

    private static KafkaCluster cluster;

    @BeforeAll
    static void start() {
        cluster = KafkaCluster.builder().brokers(2).gated().start();
        cluster.createTopic("t", 2, 1);
    }

    @AfterAll
    static void stop() {
        cluster.close();
        TABLE.print();
    }

    /** Takes as long for each record as the writer takes for two. */
    public static final class Slow implements Deserializer<byte[]> {
        @Override
        public byte[] deserialize(String topic, byte[] data) {
            LockSupport.parkNanos(1_000_000_000L / READ_PER_SECOND);
            return data;
        }
    }

    private static TopicPartition ledBy(int broker) {
        return IntStream.range(0, 2)
                .mapToObj(index -> new TopicPartition("t", index))
                .filter(each -> cluster.leaderOf(each).orElseThrow() == broker)
                .findFirst()
                .orElseThrow();
    }

    /** A producer that passes by the gates. */
    private static Producer<byte[], byte[]> producer() throws Exception {
        Map<String, Object> config = new HashMap<>(cluster.producerConfig());
        config.put(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                cluster.admin().describeCluster().nodes().get().stream()
                        .map(node -> node.host() + ":" + node.port())
                        .collect(Collectors.joining(",")));
        return new KafkaProducer<>(config);
    }

    private static Watched reader(TopicPartition partition, Map<String, Object> options) {
        Map<String, Object> config = new HashMap<>(cluster.consumerConfig());
        config.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 20 * RECORD_BYTES);
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 20);
        config.putAll(options);
        return Watched.open(config, consumer -> consumer.assign(List.of(partition)));
    }

    @Test
    void theLagGrows() throws Exception {
        TopicPartition ofNetwork = ledBy(0);
        TopicPartition ofApplication = ledBy(1);
        ScheduledExecutorService writing = Executors.newSingleThreadScheduledExecutor();
        cluster.gate(0).throttle((long) READ_PER_SECOND * RECORD_BYTES);
        try (Producer<byte[], byte[]> producer = producer();
                Watched network = reader(ofNetwork, Map.of());
                Watched application =
                        reader(ofApplication, Map.of(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, Slow.class))) {
            writing.scheduleAtFixedRate(
                    () -> {
                        for (int i = 0; i < WRITTEN_PER_SECOND; i++) {
                            producer.send(Written.record(ofNetwork, RECORD_BYTES));
                            producer.send(Written.record(ofApplication, RECORD_BYTES));
                        }
                    },
                    0,
                    1,
                    TimeUnit.SECONDS);
            network.inject(() -> {});
            application.inject(() -> {});

            network.within(BOUND_SECONDS)
                    .recordConcern(TABLE, StallCause.FETCH_SLOW, "30 kB/s where 60 kB/s are written");
            application
                    .within(BOUND_SECONDS)
                    .recordConcern(TABLE, StallCause.APPLICATION_SLOW, "30 records/s where 60 are written");
        } finally {
            writing.shutdownNow();
            cluster.gate(0).open();
        }
    }
}

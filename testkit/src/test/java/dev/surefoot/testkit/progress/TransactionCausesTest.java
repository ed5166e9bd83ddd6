package dev.surefoot.testkit.progress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.progress.Diagnosis;
import dev.surefoot.progress.Evidence;
import dev.surefoot.progress.StallCause;
import dev.surefoot.testkit.Await;
import dev.surefoot.testkit.cluster.KafkaCluster;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The causes that lie in transactions, brought about at a real cluster, and named with what brokers say of them. */
@Tag("soak")
@Timeout(300)
class TransactionCausesTest {
    private static final CauseTable TABLE = new CauseTable("causes of transactions; surefoot.stall.patience.ms=1500");
    private static final String TRANSACTIONS = "__transaction_state";
    private static KafkaCluster cluster;
    private static int topics;

    @BeforeAll
    static void start() {
        cluster = KafkaCluster.builder().gated().start();
    }

    @AfterAll
    static void stop() {
        cluster.close();
        TABLE.print();
    }

    private static TopicPartition topic() {
        String name = "transactions-" + ++topics;
        cluster.createTopic(name, 1, 1);
        return new TopicPartition(name, 0);
    }

    private static Map<String, Object> config(Object... options) {
        Map<String, Object> config = new HashMap<>(cluster.consumerConfig());
        config.put("surefoot.stall.patience.ms", 1_500);
        config.put("isolation.level", "read_committed");
        for (int i = 0; i < options.length; i += 2) {
            config.put((String) options[i], options[i + 1]);
        }
        return config;
    }

    private static Watched reader(TopicPartition partition, Object... options) {
        return Watched.open(config(options), consumer -> consumer.assign(List.of(partition)));
    }

    private static Producer<byte[], byte[]> producer(String id) {
        Map<String, Object> options = new HashMap<>(cluster.producerConfig());
        options.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, id);
        options.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 600_000);
        Producer<byte[], byte[]> producer = new KafkaProducer<>(options);
        producer.initTransactions();
        return producer;
    }

    /** Takes the producer's entry out of the coordinator's log, so that no coordinator knows it any more. */
    private static void forget(String id) throws Exception {
        byte[] idBytes = id.getBytes(StandardCharsets.UTF_8);
        byte[] key = ByteBuffer.allocate(4 + idBytes.length)
                .putShort((short) 0)
                .putShort((short) idBytes.length)
                .put(idBytes)
                .array();
        int partitions = cluster.admin()
                .describeTopics(List.of(TRANSACTIONS))
                .allTopicNames()
                .get()
                .get(TRANSACTIONS)
                .partitions()
                .size();
        Map<String, Object> options = new HashMap<>(cluster.producerConfig());
        options.put(ProducerConfig.CLIENT_ID_CONFIG, "__admin_client");
        options.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, false);
        try (Producer<byte[], byte[]> tool = new KafkaProducer<>(options)) {
            tool.send(new ProducerRecord<>(TRANSACTIONS, Math.abs(id.hashCode()) % partitions, key, null))
                    .get();
        }
        cluster.restart(0);
    }

    private static Evidence.Holder holder(Watched watched, TopicPartition partition, String listing) {
        return Await.value(
                "a transaction that is " + listing,
                Duration.ofSeconds(90),
                () -> Optional.of(watched.consumer().progress(partition).why())
                        .map(Diagnosis::evidence)
                        .filter(Evidence.Holder.class::isInstance)
                        .map(Evidence.Holder.class::cast)
                        .filter(each -> each.listing().equals(listing)));
    }

    @Test
    void aTransactionThatNoCoordinatorKnowsHangs() throws Exception {
        TopicPartition partition = topic();
        Producer<byte[], byte[]> producer = producer("forgotten");
        producer.beginTransaction();
        producer.send(Written.record(partition, 10)).get();
        producer.close(Duration.ZERO);
        forget("forgotten");
        try (Watched watched = reader(partition)) {
            watched.record(
                    TABLE, partition, StallCause.TRANSACTION_HANGING, "a producer that no coordinator knows any more");
            Evidence.Holder holder = holder(watched, partition, "UNLISTED");
            assertThat(holder.startOffset()).isZero();
            assertThat(holder.producerId()).isNotNegative();
            assertThat(holder.lastTimestampMs()).isPositive();
        }
    }

    @Test
    void aTransactionThatIsOpenIsToldWithItsProducer() throws Exception {
        TopicPartition partition = topic();
        try (Producer<byte[], byte[]> producer = producer("alive");
                Watched watched = reader(partition)) {
            producer.beginTransaction();
            producer.send(Written.record(partition, 10)).get();

            Evidence.Holder holder = holder(watched, partition, "LISTED");

            assertThat(holder.transactionalId()).isEqualTo("alive");
            assertThat(watched.consumer().progress(partition).why().cause()).isEqualTo(StallCause.TRANSACTION_OPEN);
            producer.abortTransaction();
            watched.awaitCause(partition, StallCause.CAUGHT_UP);
        }
    }

    @Test
    void nothingIsAskedIfThatIsTurnedOff() throws Exception {
        TopicPartition partition = topic();
        try (Producer<byte[], byte[]> producer = producer("unasked");
                Watched watched = reader(partition, "surefoot.transaction.diagnosis", false)) {
            producer.beginTransaction();
            producer.send(Written.record(partition, 10)).get();
            watched.awaitCause(partition, StallCause.TRANSACTION_OPEN);

            Diagnosis late = Await.value(
                    "15 seconds of it",
                    Duration.ofSeconds(60),
                    () -> Optional.of(watched.consumer().progress(partition).why())
                            .filter(why ->
                                    why.evidence() instanceof Evidence.Transaction open && open.sinceMs() > 15_000));

            assertThat(late.cause()).isEqualTo(StallCause.TRANSACTION_OPEN);
            producer.abortTransaction();
        }
    }

    @Test
    void aLongStretchOfAbortedRecordsHasNothingForTheApplication() throws Exception {
        TopicPartition partition = topic();
        try (Producer<byte[], byte[]> producer = producer("aborting")) {
            for (int i = 0; i < 100; i++) {
                producer.beginTransaction();
                for (int j = 0; j < 50; j++) {
                    producer.send(Written.record(partition, 1_000));
                }
                producer.flush();
                producer.abortTransaction();
            }
        }
        cluster.gate(0).throttle(150_000);
        try (Watched watched = reader(partition, "max.partition.fetch.bytes", 60_000, "fetch.max.bytes", 60_000)) {
            watched.recordName(TABLE, partition, StallCause.NOTHING_DELIVERABLE, "5 MB of aborted records at 150 kB/s");
        } finally {
            cluster.gate(0).open();
        }
    }
}

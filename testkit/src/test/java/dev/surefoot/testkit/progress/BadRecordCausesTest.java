package dev.surefoot.testkit.progress;

import dev.surefoot.BadRecordHandler;
import dev.surefoot.BadUnit;
import dev.surefoot.progress.StallCause;
import dev.surefoot.testkit.cluster.KafkaCluster;
import dev.surefoot.testkit.cluster.LogSegments;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordDeserializationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The causes for which what cannot be read is not passed over, brought about at a real broker, and named. */
@Tag("soak")
@Timeout(300)
class BadRecordCausesTest {
    private static final CauseTable TABLE = new CauseTable("causes of bad records; surefoot.stall.patience.ms=1500");
    /** Where the checksum of a batch is, and what it covers. */
    private static final int CRC_AT = 17;

    private static final int CHECKED_FROM = 21;
    private static final int HEADER_BYTES = 61;
    private static KafkaCluster cluster;
    private static int topics;

    @BeforeAll
    static void start() {
        cluster = KafkaCluster.builder().start();
    }

    @AfterAll
    static void stop() {
        cluster.close();
        TABLE.print();
    }

    private static TopicPartition written(int records, Map<String, Object> options) throws Exception {
        String name = "bad-" + ++topics;
        cluster.createTopic(name, 1, 1);
        TopicPartition partition = new TopicPartition(name, 0);
        Written.to(cluster, partition, records, 1_000, options);
        return partition;
    }

    private static Map<String, Object> config(Object... options) {
        Map<String, Object> config = new HashMap<>(cluster.consumerConfig());
        config.put("surefoot.stall.patience.ms", 1_500);
        for (int i = 0; i < options.length; i += 2) {
            config.put((String) options[i], options[i + 1]);
        }
        return config;
    }

    private static Watched reader(TopicPartition partition, Object... options) {
        return Watched.open(config(options), consumer -> consumer.assign(List.of(partition)));
    }

    /** Takes nothing over. */
    public static final class Throwing implements BadRecordHandler {
        @Override
        public void handle(BadUnit unit) {
            throw new IllegalStateException("the topic of dead letters is not there");
        }

        @Override
        public void configure(Map<String, ?> configs) {}
    }

    @Test
    void theHandlerThrows() throws Exception {
        TopicPartition partition = written(10, Map.of());
        Object[] options = {
            ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
            ApplicationCausesTest.Refusing.class,
            "surefoot.on.bad.record",
            "dead-letter",
            "surefoot.on.bad.record.handler",
            Throwing.class
        };
        try (Watched watched = reader(partition, options)) {
            watched.record(TABLE, partition, StallCause.HANDLER_FAILING, "a handler of bad records that throws");
        }
    }

    @Test
    void theDeserializerRefusesAllThatIsToBeSkipped() throws Exception {
        TopicPartition partition = written(30, Map.of());
        Object[] options = {
            ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
            ApplicationCausesTest.Refusing.class,
            "surefoot.on.bad.record",
            "skip"
        };
        try (Watched watched = reader(partition, options)) {
            watched.record(
                    TABLE,
                    partition,
                    StallCause.DESERIALIZER_FAILING,
                    "on.bad.record=skip, a deserializer that throws");
        }
    }

    @Test
    void theDeserializerRefusesAllThatTheApplicationSeeksTo() throws Exception {
        TopicPartition partition = written(30, Map.of());
        Object refusing = ApplicationCausesTest.Refusing.class;
        try (Watched watched = reader(partition, ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, refusing)) {
            watched.awaitCause(partition, StallCause.RECORD_UNDESERIALIZABLE);
            watched.inject(() -> {
                for (int i = 0; i < 12; i++) {
                    watched.has(consumer -> {
                        try {
                            consumer.poll(Duration.ofSeconds(10));
                        } catch (RecordDeserializationException e) {
                            consumer.seek(partition, e.offset() + 1);
                        }
                    });
                }
            });
            watched.record(
                    TABLE,
                    partition,
                    StallCause.DESERIALIZER_FAILING,
                    "a seek past each of 12 records that it refuses");
        }
    }

    @Test
    void aBatchCannotBeDecompressed() throws Exception {
        TopicPartition partition = written(1, Map.of("compression.type", "gzip"));
        damageCompressed(partition);
        try (Watched watched = reader(partition)) {
            watched.record(
                    TABLE, partition, StallCause.BATCH_UNDECOMPRESSABLE, "compressed bytes changed, the checksum too");
        }
    }

    private static void damageCompressed(TopicPartition partition) throws IOException {
        Path segment = LogSegments.of(cluster, partition).get(0);
        byte[] batch = Files.readAllBytes(segment);
        int end = 12 + ByteBuffer.wrap(batch).getInt(8);
        for (int at = HEADER_BYTES; at < end; at++) {
            batch[at] = (byte) (at * 31);
        }
        CRC32C crc = new CRC32C();
        crc.update(batch, CHECKED_FROM, end - CHECKED_FROM);
        ByteBuffer.wrap(batch).putInt(CRC_AT, (int) crc.getValue());
        Files.write(segment, batch);
    }
}

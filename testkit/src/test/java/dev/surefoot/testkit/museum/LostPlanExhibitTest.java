package dev.surefoot.testkit.museum;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.FetchReport;
import dev.surefoot.SurefootConsumer;
import dev.surefoot.assembly.SeamedConsumers;
import dev.surefoot.runtime.Seams;
import dev.surefoot.testkit.cluster.KafkaCluster;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Exhibit F1 and the real session handler before the same real broker, under the conditions that made kafka-python
 * 2.1.3 stop.
 */
class LostPlanExhibitTest {
    private static final String TOPIC = "trigger";
    private static final int PARTITIONS = 4;
    private static final int RECORDS = 80_000;

    /**
     * So many answers in a row without a record, each of which carries bytes, are no hiccup: nothing will ever change.
     */
    private static final int FETCHES_WITHOUT_A_RECORD = 2_000;

    private static KafkaCluster cluster;

    @BeforeAll
    static void writeTopic() throws Exception {
        cluster = KafkaCluster.withBrokers(1);
        cluster.createTopic(TOPIC, PARTITIONS, 1);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(cluster.producerConfig(), new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < RECORDS; i++) {
                producer.send(new ProducerRecord<>(TOPIC, i % PARTITIONS, null, new byte[200]));
            }
        }
    }

    @AfterAll
    static void stopCluster() {
        cluster.close();
    }

    @Test
    void theExhibitStandsStillForEver() {
        try (SurefootConsumer<byte[], byte[]> consumer = consumer(Exhibit.F1.seams())) {
            Reading reading = new Reading(consumer);
            reading.untilStuckOrDone();
            assertThat(reading.records).isLessThan(RECORDS);
            assertThat(reading.fetchesSinceRecord()).isGreaterThanOrEqualTo(FETCHES_WITHOUT_A_RECORD);
            assertThat(reading.bytesSinceRecord())
                    .as("the broker keeps sending what the consumer already has")
                    .isGreaterThan(FETCHES_WITHOUT_A_RECORD * 1_000L);
            List<TopicPartition> stuck = partitions().stream()
                    .filter(each -> consumer.position(each) < RECORDS / PARTITIONS)
                    .toList();
            assertThat(stuck).isNotEmpty();
        }
    }

    @Test
    void theRealHandlerReadsAllBehindTheSameTransport() {
        Seams sameTransport = new Seams(Exhibit.F1.seams().transport(), Seams.NONE.sessions());
        try (SurefootConsumer<byte[], byte[]> consumer = consumer(sameTransport)) {
            Reading reading = new Reading(consumer);
            reading.untilStuckOrDone();
            assertThat(reading.records).isEqualTo(RECORDS);
            assertThat(consumer.fetchReport().sessionsOpened())
                    .as("a dropped plan does not even cost a session")
                    .isEqualTo(1);
            assertThat(consumer.fetchReport().fullFetches()).isEqualTo(1);
        }
    }

    private static SurefootConsumer<byte[], byte[]> consumer(Seams seams) {
        ByteArrayDeserializer bytes = new ByteArrayDeserializer();
        Map<String, Object> config = Map.of(
                "bootstrap.servers", cluster.bootstrapServers(),
                "metadata.max.age.ms", 300,
                "max.partition.fetch.bytes", 20_000);
        return (SurefootConsumer<byte[], byte[]>) SeamedConsumers.open(config, bytes, bytes, seams);
    }

    private static List<TopicPartition> partitions() {
        return IntStream.range(0, PARTITIONS)
                .mapToObj(partition -> new TopicPartition(TOPIC, partition))
                .toList();
    }

    /**
     * Reads in order, asking for the topic's partitions all the while, until there is nothing more or no more to hope
     * for.
     */
    private static final class Reading {
        private final SurefootConsumer<byte[], byte[]> consumer;
        private final Map<TopicPartition, Long> next = new HashMap<>();
        private int records;
        private FetchReport atLastRecord;

        Reading(SurefootConsumer<byte[], byte[]> consumer) {
            this.consumer = consumer;
            this.atLastRecord = consumer.fetchReport();
            consumer.partitionsFor(TOPIC);
            consumer.assign(partitions());
            consumer.seekToBeginning(partitions());
        }

        void untilStuckOrDone() {
            while (records < RECORDS && fetchesSinceRecord() < FETCHES_WITHOUT_A_RECORD) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(20))) {
                    TopicPartition partition = new TopicPartition(record.topic(), record.partition());
                    assertThat(record.offset()).isEqualTo(next.getOrDefault(partition, 0L));
                    next.put(partition, record.offset() + 1);
                    records++;
                    atLastRecord = consumer.fetchReport();
                }
                consumer.partitionsFor(TOPIC);
            }
        }

        long fetchesSinceRecord() {
            FetchReport now = consumer.fetchReport();
            return now.fullFetches()
                    + now.incrementalFetches()
                    - atLastRecord.fullFetches()
                    - atLastRecord.incrementalFetches();
        }

        long bytesSinceRecord() {
            return consumer.fetchReport().responseBytes() - atLastRecord.responseBytes();
        }
    }
}

package dev.surefoot.testkit.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where a partition without a valid position starts is decided alike by both consumers. */
class ResetContractTest {
    private static final int RECORDS = 10;
    private static TopicPartition partition;

    @BeforeAll
    static void write() {
        partition = new TopicPartition(OneBroker.topic(1), 0);
        Writing.numbers(OneBroker.cluster(), partition, 0, RECORDS);
    }

    private static Consumer<byte[], byte[]> assigned(Client client, String reset) {
        Consumer<byte[], byte[]> consumer = client.open(OneBroker.config("auto.offset.reset", reset));
        consumer.assign(List.of(partition));
        return consumer;
    }

    /** Polls until it throws. */
    private static <T extends Throwable> T failure(Consumer<?, ?> consumer, Class<T> type) {
        return catchThrowableOfType(type, () -> {
            for (int i = 0; i < 100; i++) {
                consumer.poll(Reading.SHORT);
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void aNewPartitionStartsWhereTheConfigurationSays(Client client) {
        try (Consumer<byte[], byte[]> earliest = assigned(client, "earliest");
                Consumer<byte[], byte[]> latest = assigned(client, "latest");
                Consumer<byte[], byte[]> hour = assigned(client, "by_duration:PT1H")) {
            assertThat(earliest.position(partition)).isZero();
            assertThat(latest.position(partition)).isEqualTo(RECORDS);
            assertThat(hour.position(partition)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aDurationStartsAtTheFirstRecordThatIsYoungEnough(Client client) {
        TopicPartition aged = new TopicPartition(OneBroker.topic(1, Map.of("retention.ms", "-1")), 0);
        long now = System.currentTimeMillis();
        try (KafkaProducer<byte[], byte[]> producer = Writing.producer(OneBroker.cluster())) {
            for (int daysAgo = 9; daysAgo >= 0; daysAgo--) {
                long timestamp = now - Duration.ofDays(daysAgo).toMillis();
                Writing.send(producer, List.of(new ProducerRecord<>(aged.topic(), 0, timestamp, null, new byte[1])));
            }
        }
        try (Consumer<byte[], byte[]> consumer = assigned(client, "by_duration:PT60H")) {
            consumer.assign(List.of(aged));
            assertThat(consumer.position(aged)).isEqualTo(7);
        }
    }

    /** Kafka's own consumer looks for such a record until it comes; the end is where it would come. */
    @Test
    void whereNoRecordIsYoungEnoughTheEndIsTheStart() {
        try (Consumer<byte[], byte[]> consumer = assigned(Client.SUREFOOT, "by_duration:PT0S")) {
            assertThat(consumer.position(partition)).isEqualTo(RECORDS);
        }
    }

    @ParameterizedTest
    @EnumSource
    void withoutAResetAPartitionNeedsASeek(Client client) {
        try (Consumer<byte[], byte[]> consumer = assigned(client, "none")) {
            assertThat(failure(consumer, NoOffsetForPartitionException.class).partitions())
                    .containsExactly(partition);
            assertThat(failure(consumer, NoOffsetForPartitionException.class)).isNotNull();
            assertThat(catchThrowableOfType(
                            NoOffsetForPartitionException.class,
                            () -> consumer.position(partition, Duration.ofSeconds(5))))
                    .isNotNull();
            consumer.seek(partition, 4);
            assertThat(Reading.take(consumer, 6).get(0).offset()).isEqualTo(4);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anOffsetOutOfRangeIsResetOrThrown(Client client) {
        try (Consumer<byte[], byte[]> earliest = assigned(client, "earliest");
                Consumer<byte[], byte[]> none = assigned(client, "none")) {
            earliest.seek(partition, 1_000_000);
            assertThat(Reading.take(earliest, RECORDS).get(0).offset()).isZero();
            none.seek(partition, 1_000_000);
            assertThat(failure(none, OffsetOutOfRangeException.class).offsetOutOfRangePartitions())
                    .isEqualTo(Map.of(partition, 1_000_000L));
            assertThat(none.position(partition)).isEqualTo(1_000_000);
            none.seek(partition, 9);
            assertThat(Reading.take(none, 1).get(0).offset()).isEqualTo(9);
        }
    }

    @ParameterizedTest
    @EnumSource
    void recordsDeletedBeforeThePositionAreSkippedOrThrown(Client client) throws Exception {
        TopicPartition cut = new TopicPartition(OneBroker.topic(1), 0);
        Writing.numbers(OneBroker.cluster(), cut, 0, RECORDS);
        try (Consumer<byte[], byte[]> earliest = assigned(client, "earliest");
                Consumer<byte[], byte[]> none = assigned(client, "none")) {
            for (Consumer<byte[], byte[]> consumer : List.of(earliest, none)) {
                consumer.assign(List.of(cut));
                consumer.seek(cut, 0);
                consumer.pause(List.of(cut));
                consumer.poll(Reading.SHORT);
            }
            OneBroker.cluster()
                    .admin()
                    .deleteRecords(Map.of(cut, RecordsToDelete.beforeOffset(6)))
                    .all()
                    .get();
            earliest.resume(List.of(cut));
            none.resume(List.of(cut));
            assertThat(Reading.values(Reading.take(earliest, 4))).containsExactly("6", "7", "8", "9");
            assertThat(failure(none, OffsetOutOfRangeException.class).offsetOutOfRangePartitions())
                    .isEqualTo(Map.of(cut, 0L));
            assertThat(earliest.beginningOffsets(List.of(cut))).isEqualTo(Map.of(cut, 6L));
        }
    }

    @ParameterizedTest
    @EnumSource
    void anOffsetSoughtWithItsEpochIsReadFrom(Client client) {
        try (Consumer<byte[], byte[]> consumer = assigned(client, "earliest")) {
            Reading.take(consumer, RECORDS);
            consumer.seek(partition, new OffsetAndMetadata(5, Optional.of(0), ""));
            assertThat(Reading.take(consumer, 5).get(0).offset()).isEqualTo(5);
        }
    }
}

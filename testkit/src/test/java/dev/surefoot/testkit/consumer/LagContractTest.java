package dev.surefoot.testkit.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.testkit.Await;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Lags and leads are where the position is and where the log ends, whatever has moved either. */
class LagContractTest {
    private final TopicPartition partition = new TopicPartition(OneBroker.topic(1), 0);

    private static Consumer<byte[], byte[]> surefoot(TopicPartition assigned, Object... options) {
        Consumer<byte[], byte[]> consumer = Client.SUREFOOT.open(OneBroker.config(options));
        consumer.assign(List.of(assigned));
        return consumer;
    }

    private static double metric(Consumer<?, ?> consumer, String name, Map<String, String> tags) {
        return consumer.metrics().entrySet().stream()
                .filter(entry -> entry.getKey().name().equals(name)
                        && entry.getKey().tags().size() == 1 + tags.size()
                        && entry.getKey().tags().entrySet().containsAll(tags.entrySet()))
                .map(Map.Entry::getValue)
                .map(Metric::metricValue)
                .mapToDouble(Double.class::cast)
                .findFirst()
                .orElse(Double.NaN);
    }

    private double ofPartition(Consumer<?, ?> consumer, String name) {
        return metric(consumer, name, Map.of("topic", partition.topic(), "partition", "0"));
    }

    private static double ofClient(Consumer<?, ?> consumer, String name) {
        return metric(consumer, name, Map.of());
    }

    private static Double orNaN(OptionalLong value) {
        return value.isPresent() ? (double) value.getAsLong() : Double.NaN;
    }

    /** Polls until the position is there, and compares with the consumer's own answer after each poll. */
    private void readTo(Consumer<byte[], byte[]> consumer, long end) {
        Await.until("the position " + end, Reading.PATIENCE, () -> {
            consumer.poll(Reading.SHORT);
            Double lag = orNaN(consumer.currentLag(partition));
            assertThat(ofPartition(consumer, "records-lag")).isEqualTo(lag);
            return consumer.position(partition) == end;
        });
    }

    /** Polls until a poll tells of this position; asks for nothing beside. */
    private void pollTo(Consumer<byte[], byte[]> consumer, long end) {
        Await.until("the position " + end, Reading.PATIENCE, () -> {
            OffsetAndMetadata next = consumer.poll(Reading.SHORT).nextOffsets().get(partition);
            return next != null && next.offset() == end;
        });
    }

    private void transaction(int records, boolean commit) {
        try (KafkaProducer<byte[], byte[]> producer =
                Writing.producer(OneBroker.cluster(), "transactional.id", OneBroker.unusedName())) {
            producer.initTransactions();
            producer.beginTransaction();
            Writing.send(producer, Writing.numbered(partition, 0, records));
            if (commit) {
                producer.commitTransaction();
            } else {
                producer.abortTransaction();
            }
        }
    }

    @Test
    void aMarkerBehindTheLastRecordIsNoLag() {
        transaction(10, true);
        try (Consumer<byte[], byte[]> consumer = surefoot(partition, "isolation.level", "read_committed")) {
            pollTo(consumer, 11);
            assertThat(ofPartition(consumer, "records-lag")).isZero();
            assertThat(ofPartition(consumer, "records-lead")).isEqualTo(11);
            assertThat(ofClient(consumer, "records-lead-min")).isPositive();
        }
    }

    @Test
    void abortedRecordsAreNoLagOnceTheyArePassed() {
        transaction(5, true);
        try (Consumer<byte[], byte[]> consumer = surefoot(
                partition,
                "isolation.level",
                "read_committed",
                "metrics.sample.window.ms",
                50,
                "metrics.num.samples",
                2)) {
            readTo(consumer, 6);
            transaction(50, false);
            pollTo(consumer, 57);
            assertThat(ofPartition(consumer, "records-lag")).isZero();
            assertThat(ofPartition(consumer, "records-lead")).isEqualTo(57);
            Await.until(
                    "a window without a lag",
                    Reading.PATIENCE,
                    () -> Stream.of(
                                    ofClient(consumer, "records-lag-max"),
                                    ofPartition(consumer, "records-lag-max"),
                                    ofPartition(consumer, "records-lag-avg"))
                            .allMatch(lag -> lag == 0));
            assertThat(ofPartition(consumer, "records-lead-min")).isEqualTo(57);
            assertThat(ofPartition(consumer, "records-lead-avg")).isEqualTo(57);
            assertThat(ofClient(consumer, "records-lead-min")).isEqualTo(57);
        }
    }

    @Test
    void aTransactionThatIsOpenIsNoLagForWhomItCannotBeRead() {
        Writing.numbers(OneBroker.cluster(), partition, 0, 3);
        try (KafkaProducer<byte[], byte[]> producer =
                        Writing.producer(OneBroker.cluster(), "transactional.id", OneBroker.unusedName());
                Consumer<byte[], byte[]> committed = surefoot(partition, "isolation.level", "read_committed");
                Consumer<byte[], byte[]> all = surefoot(partition)) {
            readTo(committed, 3);
            producer.initTransactions();
            producer.beginTransaction();
            Writing.send(producer, Writing.numbered(partition, 3, 4));
            readTo(all, 7);
            readTo(committed, 3);
            assertThat(ofPartition(committed, "records-lag")).isZero();
            producer.commitTransaction();
            readTo(committed, 8);
            assertThat(ofPartition(committed, "records-lag")).isZero();
        }
    }

    @Test
    void aSeekMovesLagAndLeadAtOnce() {
        Writing.numbers(OneBroker.cluster(), partition, 0, 20);
        try (Consumer<byte[], byte[]> consumer = surefoot(partition)) {
            readTo(consumer, 20);
            consumer.pause(List.of(partition));
            consumer.seek(partition, 5);
            assertThat(ofPartition(consumer, "records-lag")).isEqualTo(15);
            assertThat(ofPartition(consumer, "records-lead")).isEqualTo(5);
            consumer.seekToEnd(List.of(partition));
            Double lag = orNaN(consumer.currentLag(partition));
            assertThat(ofPartition(consumer, "records-lag")).isEqualTo(lag);
            assertThat(consumer.position(partition)).isEqualTo(20);
            assertThat(ofPartition(consumer, "records-lag")).isZero();
            consumer.seekToBeginning(List.of(partition));
            assertThat(consumer.position(partition)).isZero();
            assertThat(ofPartition(consumer, "records-lag")).isEqualTo(20);
            assertThat(ofPartition(consumer, "records-lead")).isZero();
            assertThat(ofClient(consumer, "records-lag-max")).isEqualTo(20);
            consumer.resume(List.of(partition));
            readTo(consumer, 20);
        }
    }

    @Test
    void aResetMovesThemToo() {
        Writing.numbers(OneBroker.cluster(), partition, 0, 20);
        try (Consumer<byte[], byte[]> consumer = surefoot(partition, "auto.offset.reset", "latest")) {
            readTo(consumer, 20);
            consumer.seek(partition, 1_000);
            readTo(consumer, 20);
            Await.until("what the broker knows of the log", Reading.PATIENCE, () -> {
                consumer.poll(Reading.SHORT);
                return ofPartition(consumer, "records-lag") == 0;
            });
            assertThat(ofPartition(consumer, "records-lead")).isEqualTo(20);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theLargestLagOfTheWindowIsToldAsWellAsTheLatest(Client client) {
        Writing.numbers(OneBroker.cluster(), partition, 0, 10);
        try (Consumer<byte[], byte[]> consumer = client.open(OneBroker.config("max.poll.records", 3))) {
            consumer.assign(List.of(partition));
            pollTo(consumer, 10);
            assertThat(ofPartition(consumer, "records-lag")).isZero();
            assertThat(ofPartition(consumer, "records-lag-max")).isEqualTo(7);
            assertThat(ofPartition(consumer, "records-lead-min")).isEqualTo(3);
            assertThat(ofClient(consumer, "records-lag-max")).isEqualTo(7);
            assertThat(ofClient(consumer, "records-lead-min")).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNotKnownIsNotZero(Client client) {
        try (Consumer<byte[], byte[]> consumer = client.open(OneBroker.config())) {
            for (String name : List.of("records-lag-max", "records-lead-min", "fetch-latency-avg", "fetch-size-max")) {
                assertThat(ofClient(consumer, name)).as(name).isNaN();
            }
            consumer.assign(List.of(partition));
            assertThat(ofClient(consumer, "records-lag-max")).isNaN();
            assertThat(ofPartition(consumer, "records-lag")).isNaN();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPartitionThatIsAssignedNoMoreHasNoMetrics(Client client) {
        Writing.numbers(OneBroker.cluster(), partition, 0, 3);
        TopicPartition other = new TopicPartition(OneBroker.topic(1), 0);
        Writing.numbers(OneBroker.cluster(), other, 0, 3);
        try (Consumer<byte[], byte[]> consumer = client.open(OneBroker.config())) {
            consumer.assign(List.of(partition));
            Reading.take(consumer, 3);
            assertThat(ofPartition(consumer, "records-lag")).isZero();
            assertThat(ofPartition(consumer, "records-lead")).isEqualTo(3);
            consumer.assign(List.of(other));
            Reading.take(consumer, 3);
            assertThat(consumer.metrics().keySet())
                    .noneMatch(metric -> metric.tags().containsKey("partition")
                            && partition.topic().equals(metric.tags().get("topic")));
        }
    }
}

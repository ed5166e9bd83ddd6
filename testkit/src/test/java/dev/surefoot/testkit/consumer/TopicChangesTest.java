package dev.surefoot.testkit.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.surefoot.testkit.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Topics that change under a consumer do not stop it, nor make it skip records without a word. */
class TopicChangesTest {

    private static Consumer<byte[], byte[]> assigned(TopicPartition partition, Object... options) {
        Consumer<byte[], byte[]> consumer = Client.SUREFOOT.open(OneBroker.config(options));
        consumer.assign(List.of(partition));
        return consumer;
    }

    @ParameterizedTest
    @ValueSource(strings = {"earliest", "latest"})
    void aTopicCreatedAgainIsReadFromItsStart(String reset) {
        TopicPartition partition = new TopicPartition(OneBroker.topic(1), 0);
        Writing.numbers(OneBroker.cluster(), partition, 0, 50);
        try (Consumer<byte[], byte[]> consumer = assigned(partition, "auto.offset.reset", reset)) {
            consumer.seekToBeginning(List.of());
            Reading.take(consumer, 50);
            OneBroker.cluster().deleteTopic(partition.topic());
            consumer.poll(Reading.SHORT);
            OneBroker.cluster().createTopic(partition.topic(), 1, 1);
            Writing.numbers(OneBroker.cluster(), partition, 100, 80);
            List<String> values = Reading.values(Reading.take(consumer, 80));
            assertThat(values).hasSize(80).startsWith("100", "101").endsWith("179");
            assertThat(consumer.position(partition)).isEqualTo(80);
        }
    }

    @Test
    void withoutAResetATopicCreatedAgainIsForTheApplicationToDecide() {
        TopicPartition partition = new TopicPartition(OneBroker.topic(1), 0);
        Writing.numbers(OneBroker.cluster(), partition, 0, 5);
        try (Consumer<byte[], byte[]> consumer = assigned(partition, "auto.offset.reset", "none")) {
            consumer.seek(partition, 0);
            Reading.take(consumer, 5);
            OneBroker.cluster().deleteTopic(partition.topic());
            OneBroker.cluster().createTopic(partition.topic(), 1, 1);
            Writing.numbers(OneBroker.cluster(), partition, 0, 8);
            assertThat(catchThrowableOfType(UnknownTopicIdException.class, () -> {
                        for (int i = 0; i < 100; i++) {
                            assertThat(consumer.poll(Reading.SHORT)).isEmpty();
                        }
                    }))
                    .hasMessageContaining(partition.topic());
            consumer.seek(partition, 0);
            assertThat(Reading.take(consumer, 8)).hasSize(8);
        }
    }

    @Test
    void aPartitionThatComesLaterIsReadOnceItIsThere() throws Exception {
        String topic = OneBroker.topic(1);
        List<TopicPartition> both = OneBroker.partitions(topic, 2);
        Writing.numbers(OneBroker.cluster(), both.get(0), 0, 10);
        try (Consumer<byte[], byte[]> consumer = Client.SUREFOOT.open(OneBroker.config())) {
            consumer.assign(both);
            assertThat(Reading.take(consumer, 10)).allMatch(record -> record.partition() == 0);
            OneBroker.cluster()
                    .admin()
                    .createPartitions(Map.of(topic, NewPartitions.increaseTo(2)))
                    .all()
                    .get();
            Writing.numbers(OneBroker.cluster(), both.get(1), 0, 10);
            assertThat(Reading.take(consumer, 10)).allMatch(record -> record.partition() == 1);
            assertThat(consumer.partitionsFor(topic)).hasSize(2);
        }
    }

    @Test
    void aTopicThatComesLaterIsReadOnceItIsThere() {
        TopicPartition partition = new TopicPartition(OneBroker.unusedName(), 0);
        try (Consumer<byte[], byte[]> consumer = assigned(partition, "allow.auto.create.topics", false)) {
            assertThat(consumer.poll(Duration.ofMillis(300))).isEmpty();
            OneBroker.cluster().createTopic(partition.topic(), 1, 1);
            Writing.numbers(OneBroker.cluster(), partition, 0, 10);
            assertThat(Reading.take(consumer, 10)).hasSize(10);
        }
    }

    @Test
    void recordsDeletedWhileReadingMoveThePositionOn() throws Exception {
        TopicPartition partition = new TopicPartition(OneBroker.topic(1), 0);
        Writing.blocks(OneBroker.cluster(), List.of(partition), 60, 50_000);
        try (Consumer<byte[], byte[]> consumer = assigned(
                partition,
                "max.poll.records",
                1,
                "max.partition.fetch.bytes",
                60_000,
                "surefoot.buffer.bytes",
                1 << 20)) {
            Reading.take(consumer, 3);
            OneBroker.cluster()
                    .admin()
                    .deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(50)))
                    .all()
                    .get();
            Set<Long> offsets = new HashSet<>();
            Await.until("the end", Reading.PATIENCE, () -> {
                consumer.poll(Reading.SHORT).forEach(record -> offsets.add(record.offset()));
                return consumer.position(partition) == 60;
            });
            assertThat(offsets).contains(50L, 59L).doesNotContain(49L);
        }
    }

    @Test
    void partitionsMayStandFarApart() throws Exception {
        List<TopicPartition> partitions = OneBroker.partitions(OneBroker.topic(2), 2);
        Writing.numbers(OneBroker.cluster(), partitions.get(0), 0, 20_000);
        Writing.numbers(OneBroker.cluster(), partitions.get(1), 0, 3);
        OneBroker.cluster()
                .admin()
                .deleteRecords(Map.of(partitions.get(0), RecordsToDelete.beforeOffset(19_990)))
                .all()
                .get();
        try (Consumer<byte[], byte[]> consumer = Client.SUREFOOT.open(OneBroker.config())) {
            consumer.assign(partitions);
            Set<Long> offsets = Reading.take(consumer, 13).stream()
                    .map(record -> record.offset())
                    .collect(Collectors.toSet());
            assertThat(offsets).contains(0L, 1L, 2L, 19_990L, 19_999L).hasSize(13);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 50})
    void anyNumberOfPartitionsIsReadInOrderAndInFull(int count) {
        List<TopicPartition> partitions = OneBroker.partitions(OneBroker.topic(count), count);
        for (TopicPartition partition : partitions) {
            Writing.numbers(OneBroker.cluster(), partition, 0, 20);
        }
        try (Consumer<byte[], byte[]> consumer =
                Client.SUREFOOT.open(OneBroker.config("max.partition.fetch.bytes", 100, "max.poll.records", 33))) {
            consumer.assign(partitions);
            Map<Integer, List<Long>> offsets = Reading.take(consumer, 20 * count).stream()
                    .collect(Collectors.groupingBy(
                            record -> record.partition(), Collectors.mapping(r -> r.offset(), Collectors.toList())));
            List<Long> all = new ArrayList<>();
            for (long offset = 0; offset < 20; offset++) {
                all.add(offset);
            }
            assertThat(offsets)
                    .hasSize(count)
                    .allSatisfy((partition, seen) -> assertThat(seen).isEqualTo(all));
        }
    }
}

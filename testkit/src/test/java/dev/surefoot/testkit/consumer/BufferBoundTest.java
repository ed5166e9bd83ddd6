package dev.surefoot.testkit.consumer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.testkit.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordDeserializationException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Fetched data is bounded in bytes, and the bound never stands between the application and a record. */
class BufferBoundTest {
    private static final Duration LONGER_THAN_THE_TEST = Duration.ofMinutes(10);
    private static final int MEBIBYTE = 1 << 20;
    private static final int BLOCK = 64 * 1024;

    private static long buffered(Consumer<?, ?> consumer) {
        return consumer.metrics().entrySet().stream()
                .filter(entry -> entry.getKey().name().equals("buffered-bytes"))
                .mapToLong(entry -> ((Number) entry.getValue().metricValue()).longValue())
                .findAny()
                .orElseThrow();
    }

    private static Map<String, Object> bounded(int bytes, Object... options) {
        Map<String, Object> config = OneBroker.config(options);
        config.put("surefoot.buffer.bytes", bytes);
        return config;
    }

    @Test
    void aSlowApplicationCostsNoMoreThanTheBound() {
        List<TopicPartition> partitions = OneBroker.partitions(OneBroker.topic(4), 4);
        int blocks = 260;
        Writing.blocks(OneBroker.cluster(), partitions, blocks, BLOCK);
        try (Consumer<byte[], byte[]> consumer = Client.SUREFOOT.open(bounded(2 * MEBIBYTE, "max.poll.records", 3))) {
            consumer.assign(partitions);
            long[] most = {0};
            long[] next = new long[partitions.size()];
            int[] count = {0};
            Await.until("everything", Duration.ofSeconds(60), () -> {
                for (int i = 0; i < 20; i++) {
                    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Reading.SHORT)) {
                        assertThat(record.offset()).isEqualTo(next[record.partition()]++);
                        count[0]++;
                    }
                    most[0] = Math.max(most[0], buffered(consumer));
                }
                return count[0] == blocks * partitions.size();
            });
            assertThat(most[0]).isBetween((long) BLOCK, 2L * MEBIBYTE + BLOCK * 5 / 4);
            assertThat(consumer.poll(Duration.ZERO)).isEmpty();
            assertThat(buffered(consumer)).isZero();
        }
    }

    @Test
    void aBatchLargerThanTheBufferIsStillDelivered() {
        TopicPartition partition = new TopicPartition(OneBroker.topic(1, Map.of("max.message.bytes", "20000000")), 0);
        Writing.blocks(OneBroker.cluster(), List.of(partition), 3, 2 * MEBIBYTE);
        Writing.blocks(OneBroker.cluster(), List.of(partition), 3, 10);
        Writing.blocks(OneBroker.cluster(), List.of(partition), 1, 9 * MEBIBYTE);
        Writing.blocks(OneBroker.cluster(), List.of(partition), 3, 10);
        try (Consumer<byte[], byte[]> consumer = Client.SUREFOOT.open(bounded(MEBIBYTE, "max.poll.records", 1))) {
            consumer.assign(List.of(partition));
            List<ConsumerRecord<byte[], byte[]>> records = Reading.take(consumer, 10);
            assertThat(records)
                    .extracting(ConsumerRecord::serializedValueSize)
                    .containsExactly(2 * MEBIBYTE, 2 * MEBIBYTE, 2 * MEBIBYTE, 10, 10, 10, 9 * MEBIBYTE, 10, 10, 10);
        }
    }

    @Test
    @Timeout(120)
    void pausedPartitionsThatFillTheBufferDoNotStopTheOthers() {
        List<TopicPartition> partitions = OneBroker.partitions(OneBroker.topic(3), 3);
        TopicPartition paused = partitions.get(0);
        int blocks = 60;
        Writing.blocks(OneBroker.cluster(), partitions, blocks, BLOCK);
        try (Consumer<byte[], byte[]> consumer = Client.SUREFOOT.open(bounded(MEBIBYTE, "max.poll.records", 1))) {
            consumer.assign(List.of(paused));
            Reading.take(consumer, 2);
            Await.until("a full buffer", Reading.PATIENCE, () -> buffered(consumer) > MEBIBYTE / 2);
            long position = consumer.position(paused);
            consumer.pause(List.of(paused));
            consumer.assign(partitions);
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            while (records.size() < 2 * blocks) {
                // What is needed has to be done within the poll: the test's time limit is up before the poll's.
                consumer.poll(LONGER_THAN_THE_TEST).forEach(records::add);
            }
            assertThat(records).noneMatch(record -> record.partition() == 0);
            assertThat(consumer.position(paused)).isEqualTo(position);
            consumer.resume(List.of(paused));
            List<ConsumerRecord<byte[], byte[]>> rest = Reading.take(consumer, blocks - (int) position);
            for (int i = 0; i < rest.size(); i++) {
                assertThat(rest.get(i).offset()).isEqualTo(position + i);
            }
            assertThat(rest).hasSize(blocks - (int) position);
        }
    }

    @Test
    @Timeout(120)
    void dataThatArrivesForAPausedPartitionDuringAPollGivesWayWithinThatPoll() {
        List<TopicPartition> partitions = OneBroker.partitions(OneBroker.topic(2), 2);
        Writing.blocks(OneBroker.cluster(), partitions.subList(0, 1), 40, BLOCK);
        Writing.numbers(OneBroker.cluster(), partitions.get(1), 0, 1);
        for (int round = 0; round < 10; round++) {
            try (Consumer<byte[], byte[]> consumer = Client.SUREFOOT.open(bounded(MEBIBYTE))) {
                consumer.assign(partitions);
                consumer.position(partitions.get(0));
                consumer.pause(partitions.subList(0, 1));
                assertThat(Reading.take(consumer, LONGER_THAN_THE_TEST, 1)).hasSize(1);
            }
        }
    }

    /** Cannot read what starts with "poison". */
    private static final class Fussy implements Deserializer<Integer> {
        @Override
        public Integer deserialize(String topic, byte[] data) {
            if (new String(data, 0, Math.min(6, data.length), UTF_8).equals("poison")) {
                throw new SerializationException("not to my taste");
            }
            return data.length;
        }
    }

    @Test
    void aPartitionStuckOnARecordDoesNotStopTheOthers() {
        List<TopicPartition> partitions = OneBroker.partitions(OneBroker.topic(3), 3);
        TopicPartition stuck = partitions.get(0);
        int blocks = 60;
        try (KafkaProducer<byte[], byte[]> producer = Writing.producer(OneBroker.cluster())) {
            Writing.send(producer, List.of(new ProducerRecord<>(stuck.topic(), 0, null, "poison".getBytes(UTF_8))));
        }
        Writing.blocks(OneBroker.cluster(), partitions, blocks, BLOCK);
        try (Consumer<Integer, Integer> consumer =
                Client.SUREFOOT.open(bounded(MEBIBYTE, "max.poll.records", 1), new Fussy(), new Fussy())) {
            consumer.assign(partitions);
            int[] count = {0};
            int[] errors = {0};
            Await.until("all of the others", Reading.PATIENCE, () -> {
                for (int i = 0; i < 10; i++) {
                    try {
                        count[0] += consumer.poll(Duration.ofMillis(500)).count();
                    } catch (RecordDeserializationException e) {
                        assertThat(e.topicPartition()).isEqualTo(stuck);
                        assertThat(e.offset()).isZero();
                        errors[0]++;
                    }
                }
                return count[0] == 2 * blocks;
            });
            assertThat(errors[0]).isPositive();
            assertThat(consumer.position(stuck)).isZero();
            consumer.seek(stuck, 1);
            assertThat(Reading.take(consumer, blocks)).hasSize(blocks);
        }
    }

    @Test
    void everythingPausedAndABufferThatIsFullIsResumedWithoutLoss() {
        List<TopicPartition> partitions = OneBroker.partitions(OneBroker.topic(2), 2);
        int blocks = 40;
        Writing.blocks(OneBroker.cluster(), partitions, blocks, BLOCK);
        try (Consumer<byte[], byte[]> consumer = Client.SUREFOOT.open(bounded(MEBIBYTE, "max.poll.records", 5))) {
            consumer.assign(partitions);
            long[] next = new long[2];
            int[] count = {0};
            Await.until("everything", Reading.PATIENCE, () -> {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Reading.SHORT)) {
                    assertThat(record.offset()).isEqualTo(next[record.partition()]++);
                    count[0]++;
                }
                consumer.pause(partitions);
                assertThat(consumer.poll(Duration.ofMillis(5))).isEmpty();
                consumer.resume(List.of(partitions.get(count[0] % 2)));
                consumer.poll(Duration.ZERO).forEach(record -> {
                    assertThat(record.offset()).isEqualTo(next[record.partition()]++);
                    count[0]++;
                });
                consumer.resume(partitions);
                return count[0] == 2 * blocks;
            });
        }
    }
}

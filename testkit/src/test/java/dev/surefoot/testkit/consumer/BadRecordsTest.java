package dev.surefoot.testkit.consumer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.BadRecordHandler;
import dev.surefoot.BadUnit;
import dev.surefoot.SurefootConsumer;
import dev.surefoot.testkit.Await;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordDeserializationException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records that a deserializer refuses, at a real broker: what arrives, what is handed over, and what is committed. */
@Timeout(120)
class BadRecordsTest {
    private final TopicPartition partition = new TopicPartition(OneBroker.topic(1), 0);
    private final List<BadUnit> handedOver = new ArrayList<>();
    private final List<String> read = new ArrayList<>();
    private int timesToThrow;

    /** Reads text and cannot read what begins with "poison". */
    private static final class Fussy implements Deserializer<String> {
        @Override
        public String deserialize(String topic, byte[] data) {
            String text = new String(data, UTF_8);
            if (text.startsWith("poison")) {
                throw new SerializationException("not to my taste");
            }
            return text;
        }
    }

    private void handle(BadUnit unit) {
        handedOver.add(unit);
        if (handedOver.size() <= timesToThrow) {
            throw new IllegalStateException("the topic of dead letters is away");
        }
    }

    private void write(String... values) {
        try (KafkaProducer<byte[], byte[]> producer = Writing.producer(OneBroker.cluster())) {
            List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
            for (String value : values) {
                ProducerRecord<byte[], byte[]> record =
                        new ProducerRecord<>(partition.topic(), 0, "key".getBytes(UTF_8), value.getBytes(UTF_8));
                record.headers().add("h", new byte[] {7});
                records.add(record);
            }
            Writing.send(producer, records);
        }
    }

    private Map<String, Object> config(String action) {
        Map<String, Object> config = new HashMap<>(OneBroker.config(
                "group.id", "of-" + partition.topic(), "enable.auto.commit", true, "surefoot.on.bad.record", action));
        if (action.equals("dead-letter")) {
            config.put("surefoot.on.bad.record.handler", (BadRecordHandler) this::handle);
        }
        return config;
    }

    private SurefootConsumer<String, String> open(String action) {
        SurefootConsumer<String, String> consumer =
                new SurefootConsumer<>(config(action), new StringDeserializer(), new Fussy());
        consumer.assign(List.of(partition));
        return consumer;
    }

    /** Polls to this position; returns what polls have thrown. */
    private List<KafkaException> pollTo(long position, SurefootConsumer<String, String> consumer) {
        List<KafkaException> thrown = new ArrayList<>();
        Await.until("position " + position, Reading.PATIENCE, () -> {
            try {
                ConsumerRecords<String, String> records = consumer.poll(Reading.SHORT);
                records.forEach(record -> read.add(record.value()));
                records.nextOffsets()
                        .forEach((name, next) -> assertThat(next.offset()).isEqualTo(consumer.position(name)));
            } catch (KafkaException e) {
                thrown.add(e);
            }
            return consumer.position(partition) >= position;
        });
        return thrown;
    }

    private long committed() {
        try (SurefootConsumer<String, String> consumer = open("fail")) {
            return consumer.committed(Set.of(partition)).get(partition).offset();
        }
    }

    @Test
    void skippedRecordsAreConsumedAndCommitted() {
        write("a", "poison 1", "b", "poison 2");
        try (SurefootConsumer<String, String> consumer = open("skip")) {
            assertThat(pollTo(4, consumer)).isEmpty();
            assertThat(read).containsExactly("a", "b");
            assertThat(consumer.metrics().entrySet().stream()
                            .filter(entry -> entry.getKey().name().equals("bad-units-total"))
                            .map(entry -> entry.getValue().metricValue()))
                    .containsExactly(2.0);
        }
        assertThat(committed()).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void aHandlerThatThrowsIsCalledAgain(int times) {
        timesToThrow = times;
        write("a", "poison", "b");
        try (SurefootConsumer<String, String> consumer = open("dead-letter")) {
            assertThat(pollTo(3, consumer)).hasSizeLessThanOrEqualTo(times);
            assertThat(read).containsExactly("a", "b");
        }
        assertThat(handedOver).hasSize(times + 1).allSatisfy(unit -> {
            assertThat(unit.partition()).isEqualTo(partition);
            assertThat(unit.fromOffset()).isEqualTo(1);
            assertThat(unit.toOffset()).isEqualTo(1);
            assertThat(unit.reason()).isEqualTo(BadUnit.Reason.RECORD_UNDESERIALIZABLE);
            assertThat(new String(unit.key(), UTF_8)).isEqualTo("key");
            assertThat(new String(unit.value(), UTF_8)).isEqualTo("poison");
            assertThat(unit.headers().lastHeader("h").value()).containsExactly(7);
            assertThat(unit.cause()).isInstanceOf(RecordDeserializationException.class);
        });
        assertThat(committed()).isEqualTo(3);
    }

    @Test
    void aHandlerThatAlwaysThrowsKeepsThePositionAndTheCommit() {
        timesToThrow = Integer.MAX_VALUE;
        write("a", "poison", "b");
        try (SurefootConsumer<String, String> consumer = open("dead-letter")) {
            pollTo(1, consumer);
            List<KafkaException> thrown = new ArrayList<>();
            Await.until("the handler is given up", Reading.PATIENCE, () -> {
                try {
                    consumer.poll(Reading.SHORT);
                } catch (KafkaException e) {
                    thrown.add(e);
                }
                return thrown.size() >= 5;
            });
            assertThat(thrown.get(thrown.size() - 1)).hasMessageContaining("It is not called again for this unit");
            assertThat(handedOver).hasSize(3);
            assertThat(consumer.position(partition)).isEqualTo(1);
        }
        assertThat(committed()).isEqualTo(1);
    }

    @Test
    void w18ADeserializerThatAlwaysFailsTripsTheBreaker() {
        write("a", "poison", "poison", "poison", "poison", "b");
        Map<String, Object> config = config("skip");
        config.put("surefoot.on.bad.record.breaker", 3);
        try (SurefootConsumer<String, String> consumer =
                new SurefootConsumer<>(config, new StringDeserializer(), new Fussy())) {
            consumer.assign(List.of(partition));
            pollTo(1, consumer);
            List<KafkaException> thrown = new ArrayList<>();
            Await.until("three refusals", Reading.PATIENCE, () -> {
                try {
                    consumer.poll(Reading.SHORT).forEach(record -> read.add(record.value()));
                } catch (KafkaException e) {
                    thrown.add(e);
                }
                return thrown.size() >= 3;
            });
            assertThat(thrown)
                    .allSatisfy(e -> assertThat(e).hasMessageContaining("3 bad records or batches came in a row"));
            assertThat(read).containsExactly("a");
            consumer.seek(partition, 5);
            assertThat(pollTo(6, consumer)).isEmpty();
            assertThat(read).containsExactly("a", "b");
        }
    }

    @Test
    void aVisitorRefusesARecordByTheSameException() {
        write("a", "poison", "b");
        try (SurefootConsumer<byte[], byte[]> consumer = SurefootConsumer.ofBytes(config("dead-letter"))) {
            consumer.assign(List.of(partition));
            Visiting.until(2, consumer, Visiting.each(record -> {
                byte[] value = new byte[record.value().remaining()];
                record.value().get(value);
                String text = new String(value, UTF_8);
                if (text.equals("poison")) {
                    throw new RecordDeserializationException(
                            RecordDeserializationException.DeserializationExceptionOrigin.VALUE,
                            record.topicPartition(),
                            record.offset(),
                            record.timestamp(),
                            record.timestampType(),
                            null,
                            null,
                            null,
                            "not to my taste",
                            null);
                }
                read.add(text);
            }));
            assertThat(read).containsExactly("a", "b");
            assertThat(consumer.position(partition)).isEqualTo(3);
        }
        assertThat(handedOver).hasSize(1);
        assertThat(new String(handedOver.get(0).value(), UTF_8)).isEqualTo("poison");
        assertThat(committed()).isEqualTo(3);
    }
}

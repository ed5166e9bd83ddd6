package dev.surefoot.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.slf4j.helpers.NOPLogger;

class InterceptorsTest {
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);

    private final List<String> calls = new ArrayList<>();

    /** Puts its name behind each value, or throws. */
    private class Stamp implements ConsumerInterceptor<String, String> {
        private final String name;
        private final boolean throwing;

        Stamp(String name, boolean throwing) {
            this.name = name;
            this.throwing = throwing;
        }

        @Override
        public ConsumerRecords<String, String> onConsume(ConsumerRecords<String, String> records) {
            throwIfTold();
            List<ConsumerRecord<String, String>> stamped = new ArrayList<>();
            records.forEach(record -> stamped.add(
                    new ConsumerRecord<>(record.topic(), 0, record.offset(), record.key(), record.value() + name)));
            return new ConsumerRecords<>(Map.of(PARTITION, stamped), records.nextOffsets());
        }

        private void throwIfTold() {
            if (throwing) {
                throw new IllegalStateException(name + " throws");
            }
        }

        @Override
        public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

        @Override
        public void close() {
            calls.add("close " + name);
            throwIfTold();
        }

        @Override
        public void configure(Map<String, ?> configs) {}
    }

    private static ConsumerRecords<String, String> records(String value) {
        return new ConsumerRecords<>(
                Map.of(PARTITION, List.of(new ConsumerRecord<>("t", 0, 5, "k", value))),
                Map.of(PARTITION, new OffsetAndMetadata(6)));
    }

    private Interceptors<String, String> interceptors(Stamp... stamps) {
        return new Interceptors<>(List.of(stamps), NOPLogger.NOP_LOGGER);
    }

    @Test
    void eachGetsWhatTheOneBeforeItGave() {
        ConsumerRecords<String, String> seen =
                interceptors(new Stamp("1", false), new Stamp("2", false)).onConsume(records("v"));

        assertThat(seen).extracting(ConsumerRecord::value).containsExactly("v12");
        assertThat(seen.nextOffsets()).containsEntry(PARTITION, new OffsetAndMetadata(6));
    }

    @Test
    void oneThatThrowsIsSkipped() {
        ConsumerRecords<String, String> seen = interceptors(
                        new Stamp("1", false), new Stamp("2", true), new Stamp("3", false))
                .onConsume(records("v"));

        assertThat(seen).extracting(ConsumerRecord::value).containsExactly("v13");
    }

    @Test
    void oneThatThrowsACheckedExceptionIsSkipped() {
        List<String> committed = new ArrayList<>();
        Stamp careless = new Stamp("1", false) {
            @Override
            public ConsumerRecords<String, String> onConsume(ConsumerRecords<String, String> records) {
                Sneaky.sneak(new IOException("disk full"));
                return records;
            }

            @Override
            public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {
                Sneaky.sneak(new IOException("disk full"));
            }

            @Override
            public void close() {
                Sneaky.sneak(new IOException("disk full"));
            }
        };
        Stamp careful = new Stamp("2", false) {
            @Override
            public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {
                committed.add("2");
            }
        };
        Interceptors<String, String> both = interceptors(careless, careful);

        assertThat(both.onConsume(records("v")))
                .extracting(ConsumerRecord::value)
                .containsExactly("v2");
        both.onCommit(Map.of());
        both.close();
        assertThat(committed).containsExactly("2");
        assertThat(calls).containsExactly("close 2");
    }

    @Test
    void allAreClosedEvenIfOneThrows() {
        interceptors(new Stamp("1", true), new Stamp("2", false)).close();

        assertThat(calls).containsExactly("close 1", "close 2");
    }

    @Test
    void withoutInterceptorsRecordsPassAsTheyAre() {
        ConsumerRecords<String, String> records = records("v");

        assertThat(interceptors().onConsume(records)).isSameAs(records);
    }
}

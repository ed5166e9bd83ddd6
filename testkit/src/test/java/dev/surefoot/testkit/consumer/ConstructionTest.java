package dev.surefoot.testkit.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a consumer refuses to be made of, and what this version does not do, is said at once and plainly. */
class ConstructionTest {

    private static Throwable refusal(Client client, Object... options) {
        try {
            client.open(OneBroker.config(options)).close();
        } catch (KafkaException | UnsupportedOperationException e) {
            return e;
        }
        throw new AssertionError(client + " accepted " + options[0] + "=" + options[1]);
    }

    @ParameterizedTest
    @EnumSource
    void aBadConfigurationIsRefused(Client client) {
        for (List<Object> bad : List.<List<Object>>of(
                List.of("auto.offset.reset", "sometimes"),
                List.of("max.poll.records", 0),
                List.of("isolation.level", "read_everything"),
                List.of("fetch.max.bytes", "many"),
                List.of("bootstrap.servers", ""))) {
            assertThat(refusal(client, bad.toArray()))
                    .as(bad.toString())
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining((String) bad.get(0));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBootstrapServerThatCannotBeResolvedIsRefused(Client client) {
        Throwable refusal = refusal(client, "bootstrap.servers", "no-such-host.invalid:9092");
        Throwable cause = refusal instanceof ConfigException ? refusal : refusal.getCause();
        assertThat(cause)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("No resolvable bootstrap urls given in bootstrap.servers");
    }

    @ParameterizedTest
    @EnumSource
    void aClassThatIsMissingIsRefused(Client client) {
        assertThat(refusal(client, "interceptor.classes", "no.such.Interceptor"))
                .isInstanceOf(KafkaException.class);
        assertThat(refusal(client, "metric.reporters", "no.such.Reporter")).isInstanceOf(KafkaException.class);
    }

    private static double requests(Consumer<?, ?> consumer) {
        return consumer.metrics().entrySet().stream()
                .filter(entry -> entry.getKey().name().equals("request-total")
                        && entry.getKey().group().equals("consumer-metrics"))
                .mapToDouble(entry -> (double) entry.getValue().metricValue())
                .sum();
    }

    @ParameterizedTest
    @EnumSource
    void timesThatNeverEndDoNotWrapAround(Client client) {
        TopicPartition partition = new TopicPartition(OneBroker.topic(1), 0);
        try (Consumer<byte[], byte[]> consumer =
                client.open(OneBroker.config("metadata.max.age.ms", Long.MAX_VALUE, "fetch.max.wait.ms", 3_000))) {
            consumer.assign(List.of(partition));
            assertThat(consumer.position(partition)).isZero();
            consumer.poll(Duration.ofMillis(500));
            double before = requests(consumer);
            consumer.poll(Duration.ofMillis(1500));
            assertThat(before).isPositive();
            assertThat(requests(consumer) - before).isLessThanOrEqualTo(3);
        }
    }

    /** Counts how often it is closed. */
    private static final class Counting implements Deserializer<String> {
        private final AtomicInteger closed = new AtomicInteger();

        @Override
        public String deserialize(String topic, byte[] data) {
            return "";
        }

        @Override
        public void close() {
            closed.incrementAndGet();
        }
    }

    @ParameterizedTest
    @EnumSource
    void deserializersAreClosedWithTheConsumer(Client client) {
        Counting values = new Counting();
        client.open(OneBroker.config(), new StringDeserializer(), values).close();
        assertThat(values.closed).hasValue(1);
    }

    /** Cannot be closed. */
    private static final class Stubborn implements Deserializer<String> {
        @Override
        public String deserialize(String topic, byte[] data) {
            return "";
        }

        @Override
        public void close() {
            throw new IllegalStateException("stubborn");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aDeserializerThatCannotBeClosedIsReportedAfterTheRestIsClosed(Client client) {
        Counting values = new Counting();
        Consumer<String, String> consumer = client.open(OneBroker.config(), new Stubborn(), values);
        assertThatExceptionOfType(KafkaException.class)
                .isThrownBy(consumer::close)
                .withMessage("Failed to close kafka consumer")
                .withRootCauseInstanceOf(IllegalStateException.class);
        assertThat(values.closed).hasValue(1);
        assertThatCode(consumer::close).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @EnumSource
    void deserializersAreClosedWhenNoConsumerComesAbout(Client client) {
        Counting values = new Counting();
        assertThatExceptionOfType(KafkaException.class)
                .isThrownBy(() -> client.open(
                        OneBroker.config("bootstrap.servers", "no-such-host.invalid:9092"),
                        new StringDeserializer(),
                        values));
        assertThat(values.closed).hasValue(1);
    }
}

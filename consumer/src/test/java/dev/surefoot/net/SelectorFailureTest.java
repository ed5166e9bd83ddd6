package dev.surefoot.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.surefoot.wire.FetchSettings;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.security.auth.callback.Callback;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.metrics.Gauge;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.security.auth.AuthenticateCallbackHandler;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A selector that cannot be made, or closed, leaves nothing else open. A channel builder holds the login of SASL and
 * its threads: it is closed also where there is no selector to close it.
 */
class SelectorFailureTest {
    private static final AtomicInteger OPEN_LOGINS = new AtomicInteger();

    /** Is made with a login and closed with it. */
    public static final class CountedLogin implements AuthenticateCallbackHandler {
        @Override
        public void configure(Map<String, ?> configs, String mechanism, List<AppConfigurationEntry> entries) {
            OPEN_LOGINS.incrementAndGet();
        }

        @Override
        public void handle(Callback[] callbacks) {}

        @Override
        public void close() {
            OPEN_LOGINS.decrementAndGet();
        }
    }

    @BeforeEach
    void noLogins() {
        OPEN_LOGINS.set(0);
    }

    private static ConsumerConfig config() {
        return new ConsumerConfig(Map.of(
                "bootstrap.servers",
                "127.0.0.1:1",
                "key.deserializer",
                ByteArrayDeserializer.class,
                "value.deserializer",
                ByteArrayDeserializer.class,
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                "PLAIN",
                "sasl.login.callback.handler.class",
                CountedLogin.class.getName(),
                "sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"u\" password=\"p\";"));
    }

    private static KafkaTransport transport(Metrics metrics) {
        return new KafkaTransport(
                config(),
                metrics,
                (latencyNanos, throttleTimeMs) -> {},
                Clock.SYSTEM,
                new FetchSettings(500, 1, false, ""),
                1 << 20,
                1);
    }

    @Test
    void theLoginEndsWhereTheSelectorCannotBeMade() {
        Metrics metrics = new Metrics();
        Gauge<Integer> taken = (config, nowMs) -> 0;
        metrics.addMetric(metrics.metricName("connection-close-total", "consumer-metrics"), taken);

        assertThatThrownBy(() -> transport(metrics)).hasMessageContaining("connection-close-total");

        assertThat(OPEN_LOGINS).hasValue(0);
    }

    @Test
    void theLoginEndsWithTheTransport() {
        try (KafkaTransport transport = transport(new Metrics())) {
            assertThat(transport.heldBytes()).isZero();
            assertThat(OPEN_LOGINS).hasValue(1);
        }
        assertThat(OPEN_LOGINS).hasValue(0);
    }

    @Test
    void aSelectorThatCannotBeClosedKeepsNoMemory() {
        MemoryShare share = FakeDirectMemory.share(1 << 20);
        IllegalStateException closing = new IllegalStateException("closing");
        KafkaTransport transport = new KafkaTransport(
                config(),
                Clock.SYSTEM,
                new FetchSettings(500, 1, false, ""),
                1,
                new NodeMeters(new Metrics(), (latencyNanos, throttleTimeMs) -> {}),
                AnswerReader.WIRE,
                HostLookups.Resolver.SYSTEM,
                new DirectBufferPool(share),
                pool -> new FaultySelector(config(), new Metrics(), pool) {
                    @Override
                    public void close() {
                        super.close();
                        throw closing;
                    }
                });

        assertThatThrownBy(transport::close).isSameAs(closing);

        assertThat(share.closed).isTrue();
        assertThat(OPEN_LOGINS).hasValue(0);
    }
}

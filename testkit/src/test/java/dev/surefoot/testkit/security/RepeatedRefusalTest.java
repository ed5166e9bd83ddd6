package dev.surefoot.testkit.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.SurefootConsumer;
import dev.surefoot.fixtures.Certificate;
import dev.surefoot.fixtures.LogLines;
import dev.surefoot.testkit.Await;
import dev.surefoot.testkit.cluster.KafkaCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A broker refuses attempt after attempt: the metrics count each of them, and the log does not repeat itself. */
@Timeout(120)
class RepeatedRefusalTest {
    private static final int ATTEMPTS = 40;
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration REPEATED_AFTER = Duration.ofSeconds(30);

    @TempDir
    private static Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"SASL_PLAINTEXT", "SASL_SSL"})
    void aWrongPasswordIsLoggedOnceInHalfAMinute(String protocol) throws Exception {
        Certificate certificate = Certificate.in(folder, protocol, "-ext", "SAN=ip:127.0.0.1");
        try (KafkaCluster cluster = SecuredBroker.with(protocol, certificate)
                .brokerConfig("connection.failed.authentication.delay.ms", "0")
                .start()) {
            Map<String, Object> config = SecuredBroker.client(cluster, protocol, certificate);
            config.put("sasl.jaas.config", ((String) config.get("sasl.jaas.config")).replace("\"p\"", "\"wrong\""));
            config.put("reconnect.backoff.ms", 10);
            config.put("reconnect.backoff.max.ms", 50);
            config.put("retry.backoff.ms", 10);
            config.put("retry.backoff.max.ms", 50);
            long startNanos = System.nanoTime();
            try (LogLines log = new LogLines();
                    Consumer<byte[], byte[]> consumer = new SurefootConsumer<>(config)) {
                consumer.assign(List.of(new TopicPartition("t", 0)));
                Await.until(ATTEMPTS + " refusals", PATIENCE, () -> {
                    try {
                        consumer.poll(Duration.ofMillis(10));
                    } catch (SaslAuthenticationException e) {
                        // The application is told each time it asks.
                    }
                    return refusals(consumer) >= ATTEMPTS;
                });

                long halfMinutes = (System.nanoTime() - startNanos) / REPEATED_AFTER.toNanos();
                int linesMax = (int) (1 + halfMinutes);
                assertThat(log.linesOf(protocol + "-client", "Failed authentication with"))
                        .hasSizeBetween(1, linesMax);
                assertThat(log.warningsOf(protocol + "-client"))
                        .hasSizeBetween(1, linesMax)
                        .allMatch(line -> line.contains("refused this client"));
            }
        }
    }

    private static double refusals(Consumer<?, ?> consumer) {
        return consumer.metrics().values().stream()
                .filter(metric -> metric.metricName().name().equals("failed-authentication-total"))
                .mapToDouble(metric -> (double) metric.metricValue())
                .sum();
    }
}

package dev.surefoot.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.engine.Telemetry;
import dev.surefoot.core.engine.TelemetryExchange.TelemetryPushResponse;
import dev.surefoot.core.engine.TelemetryExchange.TelemetrySubscriptionResponse;
import dev.surefoot.core.exchange.RequestFailure;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.metrics.KafkaMetricsContext;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KafkaTelemetryTest {
    private static final Uuid ID = new Uuid(1, 2);
    private static final int INTERVAL_MS = 60_000;

    private final KafkaTelemetry telemetry = Objects.requireNonNull(configured(true));

    private static @Nullable KafkaTelemetry configured(boolean push) {
        Map<String, Object> config = new HashMap<>();
        config.put("bootstrap.servers", "127.0.0.1:1");
        config.put("key.deserializer", ByteArrayDeserializer.class);
        config.put("value.deserializer", ByteArrayDeserializer.class);
        config.put("enable.metrics.push", push);
        return KafkaTelemetry.configured(new ConsumerConfig(config), "me");
    }

    private static TelemetrySubscriptionResponse wanting(String... metrics) {
        return new TelemetrySubscriptionResponse(
                0, (short) 0, ID, 7, List.of(), INTERVAL_MS, 1 << 20, false, List.of(metrics));
    }

    /** The reporter is told what it watches, as the registry tells it. */
    private void watch() {
        telemetry.reporter().contextChange(new KafkaMetricsContext("kafka.consumer"));
        try (Metrics metrics = new Metrics()) {
            telemetry.reporter().init(List.copyOf(metrics.metrics().values()));
        }
    }

    @Test
    void whoIsNotToPushHasNone() {
        assertThat(configured(false)).isNull();
    }

    @Test
    void theAnswerToTheFirstQuestionGivesTheIdAndTheInterval() {
        assertThat(telemetry.dueInNanos()).isZero();
        assertThat(telemetry.take()).isEqualTo(new Telemetry.Inquiry(Uuid.ZERO_UUID));
        assertThat(telemetry.clientInstanceId(Duration.ZERO)).isNull();

        telemetry.subscribed(wanting(""));
        assertThat(telemetry.clientInstanceId(Duration.ZERO)).isEqualTo(ID);
        assertThat(TimeUnit.NANOSECONDS.toMillis(telemetry.dueInNanos())).isBetween(1L, 2L * INTERVAL_MS);
    }

    @Test
    void theLastPushIsMadeAtTheEnd() {
        watch();
        telemetry.take();
        telemetry.subscribed(wanting(""));

        Telemetry.Push last = telemetry.end();
        assertThat(last).isNotNull();
        assertThat(last.terminating()).isTrue();
        assertThat(last.clientInstanceId()).isEqualTo(ID);
        assertThat(last.subscriptionId()).isEqualTo(7);
    }

    @Test
    void whoWasNeverAskedForMetricsPushesNone() {
        assertThat(telemetry.end()).isNull();
    }

    @Test
    void aBrokerThatDoesNotOfferItIsNotAskedAgain() {
        telemetry.failed(
                Objects.requireNonNull(telemetry.take()),
                new RequestFailure(
                        RequestFailure.Kind.UNSUPPORTED_VERSION, new UnsupportedVersionException("scripted")));
        assertThat(telemetry.dueInNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void afterALostConnectionItIsTriedAgainLater() {
        telemetry.failed(
                Objects.requireNonNull(telemetry.take()),
                new RequestFailure(RequestFailure.Kind.DISCONNECTED, new DisconnectException("scripted")));
        assertThat(telemetry.dueInNanos()).isBetween(1L, Duration.ofMinutes(5).toNanos());
    }

    @Test
    void whenTheReporterThrowsTheTelemetryEndsAndNothingElse() {
        telemetry.pushed(new TelemetryPushResponse(0, (short) 0)); // nothing was pushed, for which it is not made

        assertThat(telemetry.dueInNanos()).isEqualTo(Long.MAX_VALUE);
        assertThat(telemetry.take()).isNull();
        assertThat(telemetry.end()).isNull();
    }
}

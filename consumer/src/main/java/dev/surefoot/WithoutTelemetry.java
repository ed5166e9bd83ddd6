package dev.surefoot;

import java.time.Duration;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.metrics.KafkaMetric;

/**
 * The part of Kafka's interface that needs the broker's telemetry, which this version does not have. Each method throws
 * an {@link UnsupportedOperationException} that says so.
 *
 * <p>A class, not an interface: for methods that a public class inherits from a class that is not public, the compiler
 * makes methods in the public one, so that they can be invoked by reflection.
 */
abstract class WithoutTelemetry<K, V> implements Consumer<K, V> {

    private static UnsupportedOperationException noTelemetry(String method) {
        return new UnsupportedOperationException(method
                + " needs telemetry pushed to brokers (KIP-714), which this version of Surefoot does not do yet");
    }

    /**
     * Needs telemetry (KIP-714).
     *
     * @throws UnsupportedOperationException always, in this version
     */
    @Override
    public Uuid clientInstanceId(Duration timeout) {
        throw noTelemetry("clientInstanceId");
    }

    /**
     * Needs telemetry (KIP-714).
     *
     * @throws UnsupportedOperationException always, in this version
     */
    @Override
    public void registerMetricForSubscription(KafkaMetric metric) {
        throw noTelemetry("registerMetricForSubscription");
    }

    /**
     * Needs telemetry (KIP-714).
     *
     * @throws UnsupportedOperationException always, in this version
     */
    @Override
    public void unregisterMetricFromSubscription(KafkaMetric metric) {
        throw noTelemetry("unregisterMetricFromSubscription");
    }
}

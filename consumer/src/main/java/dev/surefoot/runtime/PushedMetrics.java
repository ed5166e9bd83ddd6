package dev.surefoot.runtime;

import dev.surefoot.net.KafkaTelemetry;
import java.time.Duration;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.jspecify.annotations.Nullable;

/** The application's side of telemetry: its own metrics, and the client's id. Safe from any thread. */
public final class PushedMetrics {
    private final KafkaTelemetry telemetry;
    private final Loop loop;
    private final ConsumerMeter meter;

    PushedMetrics(KafkaTelemetry telemetry, Loop loop, ConsumerMeter meter) {
        this.telemetry = telemetry;
        this.loop = loop;
        this.meter = meter;
    }

    /**
     * Returns the id that the cluster has given to this client, or null if there is none within the timeout. Asks a
     * broker for it even if nothing is read.
     *
     * @param timeout zero or more
     * @throws org.apache.kafka.common.errors.InterruptException if the thread is interrupted
     */
    public @Nullable Uuid clientInstanceId(Duration timeout) {
        loop.submit((engine, nowNanos) -> engine.requestTelemetry());
        return telemetry.clientInstanceId(Duration.ofNanos(Waiting.nanos(timeout)));
    }

    /** Has a metric of the application pushed, unless the consumer has one of this name. */
    public void add(KafkaMetric metric) {
        if (!meter.metrics().containsKey(metric.metricName())) {
            telemetry.add(metric);
        }
    }

    /** Has a metric of the application no longer pushed. Does nothing if the consumer has one of this name. */
    public void remove(KafkaMetric metric) {
        if (!meter.metrics().containsKey(metric.metricName())) {
            telemetry.remove(metric);
        }
    }
}

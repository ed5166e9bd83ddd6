package dev.surefoot;

import dev.surefoot.runtime.ConsumerRuntime;
import dev.surefoot.runtime.PushedMetrics;
import java.time.Duration;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.jspecify.annotations.Nullable;

/**
 * The part of Kafka's interface about telemetry (KIP-714): metrics that the consumer pushes to brokers which want them.
 * That is on unless {@code enable.metrics.push} is false. All methods are safe from any thread.
 *
 * <p>A class, not an interface: for methods that a public class inherits from a class that is not public, the compiler
 * makes methods in the public one, so that they can be invoked by reflection.
 */
abstract class WithTelemetry<K, V> implements Consumer<K, V> {
    private final ConsumerRuntime<K, V> runtime;

    WithTelemetry(ConsumerRuntime<K, V> runtime) {
        this.runtime = runtime;
    }

    /**
     * Returns the id that the cluster has given to this consumer, under which it receives its metrics. The first call
     * waits for it; {@link #wakeup} does not end this wait.
     *
     * @param timeout how long to wait; zero or more
     * @return the id, or null if there is none in time, as with brokers that receive no telemetry
     * @throws IllegalStateException if {@code enable.metrics.push} is false
     * @throws IllegalArgumentException if the timeout is null or negative
     * @throws InterruptException if the thread is interrupted
     */
    @Override
    @SuppressWarnings("NullAway") // null where there is no id, which Kafka's interface does not say in its types
    public @Nullable Uuid clientInstanceId(Duration timeout) {
        PushedMetrics pushed = runtime.pushedMetrics();
        if (pushed == null) {
            throw new IllegalStateException("Telemetry is not enabled. Set config `"
                    + ConsumerConfig.ENABLE_METRICS_PUSH_CONFIG + "` to `true`.");
        }
        Arguments.timeout(timeout);
        return pushed.clientInstanceId(timeout);
    }

    /**
     * Has a metric of the application pushed with the consumer's own. Does nothing if the consumer has a metric of this
     * name, or if {@code enable.metrics.push} is false.
     *
     * @param metric not null
     */
    @Override
    public void registerMetricForSubscription(KafkaMetric metric) {
        PushedMetrics pushed = runtime.pushedMetrics();
        if (pushed != null) {
            pushed.add(metric);
        }
    }

    /**
     * Has a metric of the application no longer pushed. Does nothing if the consumer has a metric of this name, or if
     * {@code enable.metrics.push} is false.
     *
     * @param metric not null
     */
    @Override
    public void unregisterMetricFromSubscription(KafkaMetric metric) {
        PushedMetrics pushed = runtime.pushedMetrics();
        if (pushed != null) {
            pushed.remove(metric);
        }
    }
}

package dev.surefoot.runtime;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.metrics.KafkaMetricsContext;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.MetricsReporter;
import org.apache.kafka.common.metrics.Sensor;

/** Opens the registry that a consumer's metrics are kept in, with the reporters that its configuration names. */
public final class MetricsRegistry {
    private static final String JMX_PREFIX = "kafka.consumer";

    private MetricsRegistry() {}

    /**
     * Opens a registry whose metrics carry the client's id; the caller closes it, and with it the reporters.
     *
     * @throws KafkaException if a reporter throws; then all of them are closed
     */
    public static Metrics open(AbstractConfig config, String clientId, List<MetricsReporter> reporters) {
        Metrics metrics = new Metrics(new MetricConfig()
                .samples(config.getInt(ConsumerConfig.METRICS_NUM_SAMPLES_CONFIG))
                .timeWindow(config.getLong(ConsumerConfig.METRICS_SAMPLE_WINDOW_MS_CONFIG), TimeUnit.MILLISECONDS)
                .recordLevel(
                        Sensor.RecordingLevel.forName(config.getString(ConsumerConfig.METRICS_RECORDING_LEVEL_CONFIG)))
                .tags(Map.of("client-id", clientId)));
        Deque<MetricsReporter> waiting = new ArrayDeque<>(reporters);
        while (!waiting.isEmpty()) {
            MetricsReporter reporter = waiting.element();
            try {
                reporter.contextChange(new KafkaMetricsContext(
                        JMX_PREFIX, config.originalsWithPrefix(CommonClientConfigs.METRICS_CONTEXT_PREFIX)));
                metrics.addReporter(reporter);
            } catch (Throwable e) { // a reporter is somebody else's code and may throw anything
                KafkaException failure = new KafkaException(
                        ConsumerConfig.METRIC_REPORTER_CLASSES_CONFIG + " names "
                                + reporter.getClass().getName() + ", which cannot be started: " + e
                                + ". Correct the class or its configuration, or remove it.",
                        e);
                metrics.close();
                waiting.forEach(unused -> close(unused, failure));
                throw failure;
            }
            waiting.remove();
        }
        return metrics;
    }

    private static void close(MetricsReporter reporter, KafkaException failure) {
        try {
            reporter.close();
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }
}

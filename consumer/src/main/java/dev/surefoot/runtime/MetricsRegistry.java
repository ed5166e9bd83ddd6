package dev.surefoot.runtime;

import dev.surefoot.net.Closing;
import java.util.ArrayDeque;
import java.util.ArrayList;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes and closes the registry of a consumer's metrics, with the reporters that its configuration names. */
public final class MetricsRegistry {
    private static final String JMX_PREFIX = "kafka.consumer";

    private static final Logger log = LoggerFactory.getLogger(MetricsRegistry.class);

    private MetricsRegistry() {}

    /** Makes a registry whose metrics carry the client's id. It has no reporters yet. {@link #close} closes it. */
    public static Metrics registry(AbstractConfig config, String clientId) {
        return new Metrics(new MetricConfig()
                .samples(config.getInt(ConsumerConfig.METRICS_NUM_SAMPLES_CONFIG))
                .timeWindow(config.getLong(ConsumerConfig.METRICS_SAMPLE_WINDOW_MS_CONFIG), TimeUnit.MILLISECONDS)
                .recordLevel(
                        Sensor.RecordingLevel.forName(config.getString(ConsumerConfig.METRICS_RECORDING_LEVEL_CONFIG)))
                .tags(Map.of("client-id", clientId)));
    }

    /**
     * Adds reporters to the registry, which closes them when it is closed.
     *
     * @throws KafkaException if a reporter throws; then that one and those after it are closed, and the others with the
     *     registry
     */
    public static void report(Metrics metrics, AbstractConfig config, List<MetricsReporter> reporters) {
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
                Closing.after(failure, waiting);
                throw failure;
            }
            waiting.remove();
        }
    }

    /**
     * Closes a registry and each of its reporters. What a reporter throws is logged, as in Kafka's own registry. An
     * {@link Error} is thrown after everything is closed.
     */
    public static void close(Metrics metrics) {
        List<AutoCloseable> parts = new ArrayList<>();
        metrics.reporters().forEach(reporter -> parts.add(() -> close(metrics, reporter)));
        parts.add(metrics);
        Closing.all(parts);
    }

    private static void close(Metrics metrics, MetricsReporter reporter) {
        try {
            metrics.removeReporter(reporter); // which closes it
        } catch (Exception e) { // a reporter may throw checked exceptions
            log.error("{} has thrown in close", reporter, e);
        }
    }
}

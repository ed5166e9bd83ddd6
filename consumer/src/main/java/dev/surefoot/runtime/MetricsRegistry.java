package dev.surefoot.runtime;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
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

    /** Opens a registry whose metrics carry the client's id; the caller closes it. */
    public static Metrics open(AbstractConfig config, String clientId) {
        Metrics metrics = new Metrics(new MetricConfig()
                .samples(config.getInt(ConsumerConfig.METRICS_NUM_SAMPLES_CONFIG))
                .timeWindow(config.getLong(ConsumerConfig.METRICS_SAMPLE_WINDOW_MS_CONFIG), TimeUnit.MILLISECONDS)
                .recordLevel(
                        Sensor.RecordingLevel.forName(config.getString(ConsumerConfig.METRICS_RECORDING_LEVEL_CONFIG)))
                .tags(Map.of("client-id", clientId)));
        for (MetricsReporter reporter : CommonClientConfigs.metricsReporters(clientId, config)) {
            reporter.contextChange(new KafkaMetricsContext(
                    JMX_PREFIX, config.originalsWithPrefix(CommonClientConfigs.METRICS_CONTEXT_PREFIX)));
            metrics.addReporter(reporter);
        }
        return metrics;
    }
}

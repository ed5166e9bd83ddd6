package dev.surefoot.testkit.consumer;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.MetricsReporter;
import org.apache.kafka.common.telemetry.internals.ClientTelemetryUtils;
import org.apache.kafka.server.authorizer.AuthorizableRequestContext;
import org.apache.kafka.server.telemetry.ClientTelemetry;
import org.apache.kafka.server.telemetry.ClientTelemetryPayload;
import org.apache.kafka.server.telemetry.ClientTelemetryReceiver;
import org.apache.kafka.shaded.io.opentelemetry.proto.common.v1.KeyValue;
import org.apache.kafka.shaded.io.opentelemetry.proto.metrics.v1.MetricsData;

/** A plug-in of brokers that keeps what clients push. A broker makes one of its own, so all share one book. */
@SuppressWarnings("removal") // the interfaces that take their place are not the same in all versions
public final class TelemetryReceiver implements MetricsReporter, ClientTelemetry, ClientTelemetryReceiver {
    private static final Queue<Pushed> PUSHED = new ConcurrentLinkedQueue<>();

    /**
     * One push.
     *
     * @param labels what all metrics of the push carry
     */
    record Pushed(Uuid clientInstanceId, boolean terminating, Set<String> names, Map<String, String> labels) {}

    static List<Pushed> pushedBy(Uuid clientInstanceId) {
        return PUSHED.stream()
                .filter(push -> push.clientInstanceId().equals(clientInstanceId))
                .toList();
    }

    @Override
    public ClientTelemetryReceiver clientReceiver() {
        return this;
    }

    @Override
    public void exportMetrics(AuthorizableRequestContext context, ClientTelemetryPayload payload) {
        MetricsData data = ClientTelemetryUtils.deserializeMetricsData(payload.data());
        Set<String> names = new TreeSet<>();
        data.getResourceMetricsList()
                .forEach(resource -> resource.getScopeMetricsList()
                        .forEach(scope -> scope.getMetricsList().forEach(metric -> names.add(metric.getName()))));
        Map<String, String> labels = data.getResourceMetricsList().stream()
                .flatMap(resource -> resource.getResource().getAttributesList().stream())
                .collect(Collectors.toMap(
                        KeyValue::getKey, label -> label.getValue().getStringValue(), (one, same) -> same));
        PUSHED.add(new Pushed(payload.clientInstanceId(), payload.isTerminating(), names, labels));
    }

    @Override
    public void configure(Map<String, ?> configs) {}

    @Override
    public void init(List<KafkaMetric> metrics) {}

    @Override
    public void metricChange(KafkaMetric metric) {}

    @Override
    public void metricRemoval(KafkaMetric metric) {}

    @Override
    public void close() {}
}

package dev.surefoot.net;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.metrics.stats.Avg;
import org.apache.kafka.common.metrics.stats.Max;
import org.apache.kafka.common.metrics.stats.Meter;
import org.apache.kafka.common.metrics.stats.WindowedCount;

/**
 * The metrics of one broker, over all connections to it. The selector's own metrics are by connection, and a broker has
 * several. Recorded by the loop's thread.
 */
final class NodeMeter {
    private static final String GROUP = "consumer-node-metrics";
    private static final double NANOS_PER_MS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Metrics metrics;
    private final String node;
    private final Sensor requests;
    private final Sensor bytesSent;
    private final Sensor responses;
    private final Sensor bytesReceived;
    private final Sensor fetchLatency;
    private final FetchTiming timing;

    /** @param timing receives the figures of fetches too, for the metrics of all brokers together */
    NodeMeter(Metrics metrics, int nodeId, FetchTiming timing) {
        this.metrics = metrics;
        this.timing = timing;
        this.node = "node-" + nodeId;
        this.requests = metrics.sensor(node + ".requests-sent");
        requests.add(new Meter(
                new WindowedCount(), name("request-rate", "Requests per second"), name("request-total", "Requests")));
        requests.add(name("request-size-avg", "Average bytes of a request"), new Avg());
        requests.add(name("request-size-max", "Most bytes of a request"), new Max());
        this.bytesSent = metrics.sensor(node + ".bytes-sent");
        bytesSent.add(new Meter(
                name("outgoing-byte-rate", "Bytes sent per second"), name("outgoing-byte-total", "Bytes sent")));
        this.responses = metrics.sensor(node + ".responses-received");
        responses.add(new Meter(
                new WindowedCount(),
                name("response-rate", "Responses per second"),
                name("response-total", "Responses")));
        this.bytesReceived = metrics.sensor(node + ".bytes-received");
        bytesReceived.add(new Meter(
                name("incoming-byte-rate", "Bytes received per second"),
                name("incoming-byte-total", "Bytes received")));
        this.fetchLatency = metrics.sensor(node + ".latency");
        fetchLatency.add(name("request-latency-avg", "Average milliseconds until a fetch is answered"), new Avg());
        fetchLatency.add(name("request-latency-max", "Most milliseconds until a fetch is answered"), new Max());
    }

    private MetricName name(String name, String description) {
        return metrics.metricName(name, GROUP, description, Map.of("node-id", node));
    }

    /**
     * Records a request that was written.
     *
     * @param bytes its size, length prefix included
     */
    void sent(long bytes) {
        requests.record((double) bytes);
        bytesSent.record((double) bytes);
    }

    /**
     * Records a response that was read.
     *
     * @param bytes its size, length prefix included
     */
    void received(long bytes) {
        responses.record((double) bytes);
        bytesReceived.record((double) bytes);
    }

    /**
     * Records a fetch that was answered. Only fetches count, as in Kafka's own consumer.
     *
     * @param latencyNanos nanoseconds since it was sent
     * @param throttleTimeMs milliseconds for which the broker throttles the client
     */
    void fetched(long latencyNanos, int throttleTimeMs) {
        fetchLatency.record(latencyNanos / NANOS_PER_MS);
        timing.answered(latencyNanos, throttleTimeMs);
    }

    void close() {
        List.of(requests, bytesSent, responses, bytesReceived, fetchLatency)
                .forEach(sensor -> metrics.removeSensor(sensor.name()));
    }
}

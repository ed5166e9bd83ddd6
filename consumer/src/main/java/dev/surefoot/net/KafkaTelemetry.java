package dev.surefoot.net;

import dev.surefoot.core.engine.Telemetry;
import dev.surefoot.core.engine.TelemetryExchange.TelemetryPushResponse;
import dev.surefoot.core.engine.TelemetryExchange.TelemetrySubscriptionResponse;
import dev.surefoot.core.exchange.RequestFailure;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.message.GetTelemetrySubscriptionsResponseData;
import org.apache.kafka.common.message.PushTelemetryResponseData;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.MetricsReporter;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.GetTelemetrySubscriptionsRequest;
import org.apache.kafka.common.requests.GetTelemetrySubscriptionsResponse;
import org.apache.kafka.common.requests.PushTelemetryRequest;
import org.apache.kafka.common.requests.PushTelemetryResponse;
import org.apache.kafka.common.telemetry.internals.ClientTelemetryProvider;
import org.apache.kafka.common.telemetry.internals.ClientTelemetryReporter;
import org.apache.kafka.common.telemetry.internals.ClientTelemetrySender;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Telemetry by kafka-clients' own reporter, so that names, labels, encoding and intervals are those of
 * {@code KafkaConsumer}. The reporter watches the registry of metrics, which closes it. If it throws, the telemetry
 * ends and the consumer goes on. What {@link Telemetry} names is called on the loop's thread, the rest is safe from any
 * thread.
 */
public final class KafkaTelemetry implements Telemetry {
    private static final Logger log = LoggerFactory.getLogger(KafkaTelemetry.class);

    private final ClientTelemetryReporter reporter;
    private final ClientTelemetrySender sender;
    private boolean ended;

    private KafkaTelemetry(ClientTelemetryReporter reporter) {
        this.reporter = reporter;
        this.sender = reporter.telemetrySender();
    }

    /** Makes the telemetry of a client; returns null if {@code enable.metrics.push} is false. */
    public static @Nullable KafkaTelemetry configured(AbstractConfig config, String clientId) {
        if (!config.getBoolean(ConsumerConfig.ENABLE_METRICS_PUSH_CONFIG)) {
            return null;
        }
        ClientTelemetryReporter reporter = new ClientTelemetryReporter(Time.SYSTEM);
        reporter.configure(config.originals(Map.of(ConsumerConfig.CLIENT_ID_CONFIG, clientId)));
        return new KafkaTelemetry(reporter);
    }

    /** Returns the reporter that the registry of metrics has to have. */
    public MetricsReporter reporter() {
        return reporter;
    }

    /**
     * Returns the id that the cluster has given to this client, or null if it gives none within the timeout.
     *
     * @param timeout zero or more
     * @throws org.apache.kafka.common.errors.InterruptException if the thread is interrupted
     */
    public @Nullable Uuid clientInstanceId(Duration timeout) {
        return sender.clientInstanceId(timeout).orElse(null);
    }

    /** Has a metric pushed that is in no registry. */
    public void add(KafkaMetric metric) {
        reporter.metricChange(metric);
    }

    /** Has a metric that was added no longer pushed. */
    public void remove(KafkaMetric metric) {
        reporter.metricRemoval(metric);
    }

    /** Labels what is pushed from now on with the client's id in its group. */
    public void joined(String memberId) {
        reporter.updateMetricsLabels(Map.of(ClientTelemetryProvider.GROUP_MEMBER_ID, memberId));
    }

    @Override
    public long dueInNanos() {
        if (ended) {
            return Long.MAX_VALUE;
        }
        long outstanding = Long.MAX_VALUE; // the outcome tells when the next one is due
        long ms = sender.timeToNextUpdate(outstanding);
        return ms == Integer.MAX_VALUE ? Long.MAX_VALUE : TimeUnit.MILLISECONDS.toNanos(ms);
    }

    @Override
    public @Nullable Message take() {
        Message[] taken = new Message[1];
        attempt(() -> sender.createRequest().ifPresent(made -> taken[0] = message(made.build())));
        return taken[0];
    }

    private void attempt(Runnable call) {
        if (ended) {
            return;
        }
        try {
            call.run();
        } catch (Throwable e) { // a metric of the application may throw anything
            ended = true;
            log.warn("Telemetry has failed; this consumer pushes no metrics any more, and goes on otherwise", e);
        }
    }

    private static Message message(AbstractRequest request) {
        return switch (request.apiKey()) {
            case GET_TELEMETRY_SUBSCRIPTIONS -> {
                var data = ((GetTelemetrySubscriptionsRequest) request).data();
                yield new Inquiry(data.clientInstanceId());
            }
            case PUSH_TELEMETRY -> {
                var data = ((PushTelemetryRequest) request).data();
                yield new Push(
                        data.clientInstanceId(),
                        data.subscriptionId(),
                        data.terminating(),
                        data.compressionType(),
                        data.metrics());
            }
            default -> throw new IllegalStateException("kafka-clients has made telemetry of " + request.apiKey());
        };
    }

    @Override
    public void subscribed(TelemetrySubscriptionResponse response) {
        GetTelemetrySubscriptionsResponseData data = new GetTelemetrySubscriptionsResponseData()
                .setThrottleTimeMs(response.throttleTimeMs())
                .setErrorCode(response.errorCode())
                .setClientInstanceId(response.clientInstanceId())
                .setSubscriptionId(response.subscriptionId())
                .setAcceptedCompressionTypes(response.compressionTypes())
                .setPushIntervalMs(response.pushIntervalMs())
                .setTelemetryMaxBytes(response.maxBytes())
                .setDeltaTemporality(response.deltas())
                .setRequestedMetrics(response.metrics());
        attempt(() -> sender.handleResponse(new GetTelemetrySubscriptionsResponse(data)));
    }

    @Override
    public void pushed(TelemetryPushResponse response) {
        PushTelemetryResponseData data = new PushTelemetryResponseData()
                .setThrottleTimeMs(response.throttleTimeMs())
                .setErrorCode(response.errorCode());
        attempt(() -> sender.handleResponse(new PushTelemetryResponse(data)));
    }

    @Override
    public void failed(Message message, RequestFailure failure) {
        // Null stands for a lost connection, after which it is tried again later.
        KafkaException lasting = failure.kind().isAnswer() ? failure.cause() : null;
        attempt(message.accept(new Message.Visitor<Runnable>() {
            @Override
            public Runnable inquiry(Inquiry inquiry) {
                return () -> sender.handleFailedGetTelemetrySubscriptionsRequest(lasting);
            }

            @Override
            public Runnable push(Push push) {
                return () -> sender.handleFailedPushTelemetryRequest(lasting);
            }
        }));
    }

    @Override
    public @Nullable Push end() {
        attempt(reporter::initiateClose);
        Message last = dueInNanos() == 0 ? take() : null;
        return last instanceof Push push && push.terminating() ? push : null;
    }
}

package dev.surefoot.net;

import static org.assertj.core.api.Assertions.fail;

import dev.surefoot.core.cluster.MetadataQuery;
import dev.surefoot.core.engine.Answer;
import dev.surefoot.core.engine.Purpose;
import dev.surefoot.core.engine.Readiness;
import dev.surefoot.core.engine.Request;
import dev.surefoot.core.engine.RequestFailure;
import dev.surefoot.wire.FetchSettings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A transport under test with a clock that stands still, turned by hand, and everything it reports. */
final class TransportRun implements AutoCloseable, Transport.Outcomes {
    record Ended(Request<?> request, Answer answer, RequestFailure failure) {}

    /** How long the answers to requests may take: {@code request.timeout.ms} unless configured. */
    static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private static final FetchSettings FETCH = new FetchSettings(500, 1, false, "");
    private static final int POOL_BYTES = 1 << 20;

    final ManualClock clock = new ManualClock();
    final List<Ended> ended = new ArrayList<>();
    final KafkaTransport transport;
    final Metrics metrics = new Metrics();

    TransportRun(Map<String, Object> config) {
        transport = new KafkaTransport(consumerConfig(config), metrics, clock, FETCH, POOL_BYTES, 1);
    }

    /** A run over a selector that fails when told to. */
    TransportRun(AtomicReference<FaultySelector> selector, Node... brokers) {
        this(Map.of(), selector, brokers);
    }

    TransportRun(Map<String, Object> security, AtomicReference<FaultySelector> selector, Node... brokers) {
        ConsumerConfig config = consumerConfig(security);
        transport = new KafkaTransport(
                config, clock, FETCH, 1, metrics, new DirectBufferPool(FakeDirectMemory.share(POOL_BYTES)), pool -> {
                    selector.set(new FaultySelector(config, metrics, pool));
                    return selector.get();
                });
        transport.brokers(List.of(brokers));
    }

    /** A run with direct memory of its own. */
    TransportRun(Map<String, Object> security, DirectMemoryLedger ledger, Node... brokers) {
        ConsumerConfig config = consumerConfig(security);
        DirectBufferPool pool = new DirectBufferPool(ledger.open(POOL_BYTES));
        transport = new KafkaTransport(
                config, clock, FETCH, 1, metrics, pool, each -> KafkaTransport.newSelector(config, metrics, each));
        transport.brokers(List.of(brokers));
    }

    static ConsumerConfig consumerConfig(Map<String, Object> config) {
        Map<String, Object> all = new HashMap<>(Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                "127.0.0.1:1",
                ConsumerConfig.CLIENT_ID_CONFIG,
                "test",
                ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
                ByteArrayDeserializer.class,
                ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
                ByteArrayDeserializer.class));
        all.putAll(config);
        return new ConsumerConfig(all);
    }

    TransportRun(Node... brokers) {
        this(Map.of());
        transport.brokers(List.of(brokers));
    }

    @Override
    public void answered(Request<?> request, Answer answer) {
        ended.add(new Ended(request, answer, null));
        answer.release();
    }

    @Override
    public void failed(Request<?> request, RequestFailure failure) {
        ended.add(new Ended(request, null, failure));
    }

    static Request.Metadata metadata(int nodeId, String topic) {
        return new Request.Metadata(nodeId, new MetadataQuery(Set.of(topic), true), TIMEOUT_NANOS);
    }

    Readiness readiness(int nodeId) {
        return transport.readiness(nodeId, Purpose.CONTROL, clock.nanos());
    }

    boolean isReady(int nodeId) {
        return readiness(nodeId) instanceof Readiness.Ready;
    }

    boolean isFailed(int nodeId) {
        return readiness(nodeId) instanceof Readiness.Failed;
    }

    boolean send(Request<?> request) {
        return transport.send(request, clock.nanos());
    }

    void turn() {
        transport.poll(TURN_NANOS, this);
    }

    void await(String what, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > PATIENCE_NANOS) {
                fail("waited in vain for: " + what + "; ended so far: " + ended);
            }
            turn();
        }
    }

    /** Waits until the request can be handed over, and does so. */
    void sendWhenReady(Request<?> request) {
        await("a chance to send to " + request.nodeId(), () -> isReady(request.nodeId()) && send(request));
    }

    Ended awaitEnd(Request<?> request) {
        await("the end of " + request, () -> ended.stream().anyMatch(end -> end.request() == request));
        return ended.stream()
                .filter(end -> end.request() == request)
                .findFirst()
                .orElseThrow();
    }

    RequestFailure awaitFailure() {
        await("a failed attempt", () -> isFailed(1));
        return ((Readiness.Failed) readiness(1)).failure();
    }

    @Override
    public void close() {
        transport.close();
        metrics.close();
    }
}

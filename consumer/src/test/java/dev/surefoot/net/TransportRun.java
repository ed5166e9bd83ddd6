package dev.surefoot.net;

import static org.assertj.core.api.Assertions.fail;

import dev.surefoot.core.cluster.MetadataQuery;
import dev.surefoot.core.engine.MetadataExchange.MetadataRequest;
import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Readiness;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.exchange.RequestFailure;
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

    /** What the transport told of a fetch that was answered. */
    record FetchTimed(long latencyNanos, int throttleTimeMs) {}

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private static final FetchSettings FETCH = new FetchSettings(500, 1, false, "");
    private static final int POOL_BYTES = 1 << 20;

    final ManualClock clock = new ManualClock();
    final List<Ended> ended = new ArrayList<>();
    final KafkaTransport transport;
    final DirectBufferPool pool;
    final Metrics metrics = new Metrics();
    final List<FetchTimed> fetchesTimed = new ArrayList<>();
    private final FetchTiming timing =
            (latencyNanos, throttleTimeMs) -> fetchesTimed.add(new FetchTimed(latencyNanos, throttleTimeMs));

    TransportRun(Map<String, Object> config) {
        this(config, AnswerReader.WIRE, new DirectBufferPool(POOL_BYTES));
    }

    /** A run over a selector that fails when told to. */
    TransportRun(AtomicReference<FaultySelector> selector, Node... brokers) {
        this(Map.of(), selector, brokers);
    }

    TransportRun(Map<String, Object> security, AtomicReference<FaultySelector> selector, Node... brokers) {
        ConsumerConfig config = consumerConfig(security);
        pool = new DirectBufferPool(FakeDirectMemory.share(POOL_BYTES));
        transport = new KafkaTransport(
                config,
                clock,
                FETCH,
                1,
                new NodeMeters(metrics, timing),
                AnswerReader.WIRE,
                HostLookups.Resolver.SYSTEM,
                pool,
                each -> {
                    selector.set(new FaultySelector(config, metrics, each));
                    return selector.get();
                });
        transport.brokers(List.of(brokers));
    }

    /** A run with direct memory of its own. */
    TransportRun(Map<String, Object> security, DirectMemoryLedger ledger, Node... brokers) {
        this(security, AnswerReader.WIRE, new DirectBufferPool(ledger.open(POOL_BYTES)), brokers);
    }

    /** A run that reads answers in its own way. */
    TransportRun(AnswerReader reader, Node... brokers) {
        this(Map.of(), reader, new DirectBufferPool(POOL_BYTES), brokers);
    }

    /** A run with a name service of the test's own. */
    TransportRun(HostLookups.Resolver resolver, Node... brokers) {
        this(Map.of(), AnswerReader.WIRE, resolver, new DirectBufferPool(POOL_BYTES), brokers);
    }

    private TransportRun(Map<String, Object> security, AnswerReader reader, DirectBufferPool pool, Node... brokers) {
        this(security, reader, HostLookups.Resolver.SYSTEM, pool, brokers);
    }

    private TransportRun(
            Map<String, Object> security,
            AnswerReader reader,
            HostLookups.Resolver resolver,
            DirectBufferPool pool,
            Node... brokers) {
        ConsumerConfig config = consumerConfig(security);
        this.pool = pool;
        transport = new KafkaTransport(
                config,
                clock,
                FETCH,
                1,
                new NodeMeters(metrics, timing),
                reader,
                resolver,
                pool,
                each -> KafkaTransport.newSelector(config, clock, metrics, each));
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

    static MetadataRequest metadata(int nodeId, String topic) {
        return new MetadataRequest(nodeId, new MetadataQuery(Set.of(topic), true), TIMEOUT_NANOS);
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

    /** How many connections are made or being made. */
    int openConnections() {
        return (int) total("connection-count");
    }

    /** The metric of this name, the sum of all that bear it. */
    double total(String metric) {
        return metrics.metrics().values().stream()
                .filter(each -> each.metricName().name().equals(metric))
                .mapToDouble(each -> (double) each.metricValue())
                .sum();
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

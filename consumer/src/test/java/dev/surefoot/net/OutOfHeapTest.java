package dev.surefoot.net;

import static dev.surefoot.net.TransportRun.metadata;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.SurefootConfig;
import dev.surefoot.assembly.SeamedConsumers;
import dev.surefoot.core.engine.FetchExchange.FetchRequest;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Readiness;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.exchange.RequestFailure.Kind;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.runtime.Seams;
import dev.surefoot.wire.FetchSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The heap is full while an answer is read: its connection is made anew, everything else goes on, and nothing is
 * skipped.
 */
@Timeout(60)
class OutOfHeapTest {
    private static final int RECORDS = 40;

    private final OutOfHeapReader reader = new OutOfHeapReader();

    @Test
    void theRequestFailsWithItsConnectionAndNoOtherDoes() throws IOException {
        List<ScriptedBroker.Asked> held = new CopyOnWriteArrayList<>();
        try (ScriptedBroker one = ScriptedBroker.with(held::add);
                ScriptedBroker two = ScriptedBroker.with(held::add);
                TransportRun run = new TransportRun(reader, one.node(1), two.node(2))) {
            Request<?> control = metadata(1, "a");
            Request<?> other = metadata(2, "b");
            Request<?> fetch = fetch();
            run.sendWhenReady(control);
            run.sendWhenReady(other);
            run.await("a fetch on its way", () -> isReady(run, 1, Purpose.FETCH) && run.send(fetch));
            run.await("all requests", () -> held.size() == 3);

            reader.failNext = request -> request == fetch;
            for (ScriptedBroker.Asked asked : held) {
                asked.answer(
                        asked.api() == ApiKeys.FETCH
                                ? new FetchResponseData()
                                : new MetadataResponseData().setClusterId("c"));
            }
            TransportRun.Ended end = run.awaitEnd(fetch);
            assertThat(end.failure().kind()).isEqualTo(Kind.DISCONNECTED);
            assertThat(end.failure().cause())
                    .hasMessageContaining("No memory for the content of an answer of broker 1")
                    .hasCauseInstanceOf(OutOfMemoryError.class);
            assertThat(run.awaitEnd(control).answer()).isNotNull();
            assertThat(run.awaitEnd(other).answer()).isNotNull();
            assertThat(run.pool.heldBytes()).isZero();
            assertThat(run.openConnections()).isEqualTo(2);
            assertThat(isReady(run, 1, Purpose.CONTROL)).isTrue();
            assertThat(isReady(run, 2, Purpose.CONTROL)).isTrue();

            run.clock.advanceMs(2_000);
            run.await("another connection for fetches", () -> isReady(run, 1, Purpose.FETCH));
        }
    }

    @Test
    void versionsThatThereIsNoMemoryForAreAskedForAgain() throws IOException {
        reader.failVersions = true;
        try (ScriptedBroker broker = ScriptedBroker.with(asked -> {});
                TransportRun run = new TransportRun(reader, broker.node(1))) {
            assertThat(run.awaitFailure().cause())
                    .hasMessageContaining("No memory for the ApiVersions answer of broker 1");
            assertThat(run.pool.heldBytes()).isZero();
            run.clock.advanceMs(2_000);
            run.await("another connection", () -> run.isReady(1));
        }
    }

    private static boolean isReady(TransportRun run, int nodeId, Purpose purpose) {
        return run.transport.readiness(nodeId, purpose, run.clock.nanos()) instanceof Readiness.Ready;
    }

    private static Request<?> fetch() {
        FetchPlan plan = new FetchPlan(FetchPlan.Kind.SESSIONLESS, 0, -1, true, Map.of(), List.of(), false);
        return new FetchRequest(1, plan, true, 1000, TransportRun.TIMEOUT_NANOS);
    }

    @Test
    void aConsumerReadsEveryRecordOnce() throws IOException {
        ByteArrayDeserializer bytes = new ByteArrayDeserializer();
        List<Integer> read = new ArrayList<>();
        int failures = 0;
        try (ScriptedBroker broker = OnePartition.of(RECORDS).served()) {
            SurefootConfig config = SurefootConfig.of(config(broker), bytes, bytes);
            UnaryOperator<Transport> inPlaceOfTheShipped = shipped -> {
                shipped.close();
                return transport(config);
            };
            try (Consumer<byte[], byte[]> consumer = SeamedConsumers.open(
                    config(broker), bytes, bytes, new Seams(inPlaceOfTheShipped, UnaryOperator.identity()))) {
                consumer.assign(List.of(OnePartition.PARTITION));
                while (read.size() < RECORDS) {
                    if (reader.failNext == null && read.size() < RECORDS / 2) {
                        reader.failNext = FetchRequest.class::isInstance;
                        failures++;
                    }
                    consumer.poll(Duration.ofMillis(100)).forEach(record -> read.add((int) record.value()[0]));
                }
            }
        }
        assertThat(read).isEqualTo(IntStream.range(0, RECORDS).boxed().toList());
        assertThat(failures).isGreaterThan(1);
        assertThat(reader.failNext).as("every failure has struck").isNull();
    }

    private static Map<String, Object> config(ScriptedBroker broker) {
        return Map.of(
                "bootstrap.servers",
                "127.0.0.1:" + broker.node(0).port(),
                "auto.offset.reset",
                "earliest",
                "reconnect.backoff.ms",
                10,
                "reconnect.backoff.max.ms",
                20);
    }

    private Transport transport(SurefootConfig config) {
        Metrics metrics = new Metrics();
        return new KafkaTransport(
                config,
                Clock.SYSTEM,
                new FetchSettings(500, 1, false, ""),
                1,
                new NodeMeters(metrics, FetchTiming.NONE),
                reader,
                HostLookups.Resolver.SYSTEM,
                new DirectBufferPool(FakeDirectMemory.share(1 << 20)),
                pool -> KafkaTransport.newSelector(config, Clock.SYSTEM, metrics, pool));
    }
}

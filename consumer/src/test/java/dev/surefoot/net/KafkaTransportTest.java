package dev.surefoot.net;

import static dev.surefoot.net.TransportRun.metadata;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.cluster.MetadataQuery;
import dev.surefoot.core.engine.FetchExchange.FetchRequest;
import dev.surefoot.core.engine.FetchExchange.FetchResponse;
import dev.surefoot.core.engine.MetadataExchange.MetadataRequest;
import dev.surefoot.core.engine.MetadataExchange.MetadataResponse;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Readiness;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.exchange.RequestFailure.Kind;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.time.Deadline;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests and answers over the connections of a transport, and how long the connections live. */
@Timeout(60)
class KafkaTransportTest {
    private static final MetadataResponseData NOTHING = new MetadataResponseData().setClusterId("c");

    @Test
    void answersEndTheRequestsInTheOrderOfSending() throws IOException {
        List<ScriptedBroker.Asked> held = new CopyOnWriteArrayList<>();
        try (ScriptedBroker broker = ScriptedBroker.with(held::add);
                TransportRun run = new TransportRun(broker.node(1))) {
            List<Request<?>> sent = new ArrayList<>();
            for (int i = 0; i < BrokerConnection.MAX_IN_FLIGHT; i++) {
                sent.add(metadata(1, "t" + i));
                run.sendWhenReady(sent.get(i));
            }
            run.await("all requests at the broker", () -> held.size() == sent.size());
            assertThat(run.readiness(1)).isInstanceOf(Readiness.NotYet.class);
            assertThat(run.send(metadata(1, "one too many"))).isFalse();

            for (ScriptedBroker.Asked asked : held) {
                asked.answer(NOTHING);
            }
            run.await("all answers", () -> run.ended.size() == sent.size());
            assertThat(run.ended).extracting(TransportRun.Ended::request).containsExactlyElementsOf(sent);
            assertThat(run.ended).allMatch(end -> end.answer() instanceof MetadataResponse);
        }
    }

    @Test
    void fetchesAndControlRequestsUseDifferentConnections() throws IOException {
        try (ScriptedBroker broker = ScriptedBroker.with(asked -> {
                    if (asked.api() == ApiKeys.METADATA) { // a fetch waits for data, for ever
                        asked.answer(NOTHING);
                    }
                });
                TransportRun run = new TransportRun(broker.node(1))) {
            FetchRequest fetch = fetch(1);
            run.await(
                    "a fetch on its way",
                    () -> run.transport.readiness(1, Purpose.FETCH, run.clock.nanos()) instanceof Readiness.Ready
                            && run.send(fetch));
            Request<?> control = metadata(1, "t");
            run.sendWhenReady(control);

            assertThat(run.awaitEnd(control).answer()).isNotNull();
            assertThat(broker.connections()).isEqualTo(2);
            assertThat(run.openConnections()).isEqualTo(2);
        }
    }

    @Test
    void whatACoordinatorHoldsBackHoldsUpNeitherFetchesNorControlRequests() throws IOException {
        List<ScriptedBroker.Asked> held = new CopyOnWriteArrayList<>();
        try (ScriptedBroker broker = ScriptedBroker.with(asked -> {
                    if (held.isEmpty()) {
                        held.add(asked);
                    } else {
                        asked.answer(asked.api() == ApiKeys.METADATA ? NOTHING : new FetchResponseData());
                    }
                });
                TransportRun run = new TransportRun(broker.node(1))) {
            long minutes = TimeUnit.MINUTES.toNanos(5);
            Request<?> parked = new MetadataRequest(1, new MetadataQuery(Set.of("t"), true), minutes);
            run.await(
                    "a request on its way to the coordinator",
                    () -> run.transport
                                    .readiness(1, Purpose.COORDINATOR, run.clock.nanos())
                                    .isReady()
                            && run.transport.send(parked, Purpose.COORDINATOR, run.clock.nanos()));
            run.await("that request at the coordinator", () -> held.size() == 1);

            Request<?> control = metadata(1, "t");
            run.sendWhenReady(control);
            FetchRequest fetch = fetch(1);
            run.await(
                    "a fetch on its way",
                    () -> run.transport
                                    .readiness(1, Purpose.FETCH, run.clock.nanos())
                                    .isReady()
                            && run.send(fetch));
            assertThat(run.awaitEnd(control).answer()).isNotNull();
            assertThat(run.awaitEnd(fetch).answer()).isNotNull();
            assertThat(broker.connections()).isEqualTo(3);

            run.clock.advanceMs(TimeUnit.NANOSECONDS.toMillis(minutes) - 1);
            run.turn();
            assertThat(run.ended).hasSize(2);
            held.get(0).answer(NOTHING);
            assertThat(run.awaitEnd(parked).answer()).isNotNull();
        }
    }

    @Test
    void whatAConnectionWaitsForIsSaid() throws IOException {
        List<ScriptedBroker.Asked> held = new CopyOnWriteArrayList<>();
        try (ScriptedBroker broker = ScriptedBroker.with(held::add);
                TransportRun run = new TransportRun(broker.node(1))) {
            assertThat(cause(run)).isEqualTo(Readiness.Cause.CONNECTING);
            run.await("a connection", () -> run.isReady(1));

            run.send(metadata(1, "a"));
            assertThat(cause(run)).isEqualTo(Readiness.Cause.WRITING);
            for (int i = 1; i < BrokerConnection.MAX_IN_FLIGHT; i++) {
                run.sendWhenReady(metadata(1, "a"));
            }
            assertThat(cause(run)).isEqualTo(Readiness.Cause.IN_FLIGHT_FULL);

            run.await("all at the broker", () -> held.size() == BrokerConnection.MAX_IN_FLIGHT);
            held.get(0).answer(new MetadataResponseData().setClusterId("c").setThrottleTimeMs(5_000));
            run.await("an answer", () -> !run.ended.isEmpty());
            Readiness.NotYet throttled = (Readiness.NotYet) run.readiness(1);
            assertThat(throttled.cause()).isEqualTo(Readiness.Cause.THROTTLED);
            assertThat(throttled.untilNanos()).isEqualTo(run.clock.nanos() + TimeUnit.SECONDS.toNanos(5));
        }
    }

    private static Readiness.Cause cause(TransportRun run) {
        return ((Readiness.NotYet) run.readiness(1)).cause();
    }

    private static FetchRequest fetch(int nodeId) {
        FetchPlan plan = new FetchPlan(FetchPlan.Kind.SESSIONLESS, 0, -1, true, Map.of(), List.of(), false);
        return new FetchRequest(nodeId, plan, true, 1000, TransportRun.TIMEOUT_NANOS);
    }

    @Test
    void aFetchAnswerKeepsItsBufferAndCountsItsBytes() throws IOException {
        FetchResponseData.FetchableTopicResponse topic = new FetchResponseData.FetchableTopicResponse()
                .setPartitions(List.of(new FetchResponseData.PartitionData()
                        .setHighWatermark(5)
                        .setRecords(MemoryRecords.readableRecords(ByteBuffer.allocate(10_000)))));
        try (ScriptedBroker broker = ScriptedBroker.with(
                        asked -> asked.answer(new FetchResponseData().setResponses(List.of(topic))));
                TransportRun run = new TransportRun(broker.node(1))) {
            FetchRequest fetch = fetch(1);
            run.await(
                    "a fetch on its way",
                    () -> run.transport.readiness(1, Purpose.FETCH, run.clock.nanos()) instanceof Readiness.Ready
                            && run.send(fetch));
            FetchResponse answer = (FetchResponse) run.awaitEnd(fetch).answer();

            assertThat(answer.answer().partitions().get(0).records().remaining())
                    .isEqualTo(10_000);
            assertThat(answer.answer().lease().bytes()).isBetween(10_000, 12_500);
            assertThat(answer.responseBytes()).isGreaterThan(10_000);
            assertThat(answer.requestBytes()).isGreaterThan(30);
            assertThat(run.total("incoming-byte-total")).isGreaterThan(answer.responseBytes());
            assertThat(run.total("outgoing-byte-total")).isGreaterThan(answer.requestBytes());
            assertThat(run.pool.inUseBytes()).isZero();
            assertThat(run.pool.freeBytes()).isEqualTo(answer.answer().lease().bytes());
        }
    }

    @Test
    void aThrottledConnectionStaysQuietForAsLongAsItsBrokerAsks() throws IOException {
        try (ScriptedBroker broker =
                        ScriptedBroker.with(asked -> asked.answer(new MetadataResponseData().setThrottleTimeMs(700)));
                TransportRun run = new TransportRun(Map.of("connections.max.idle.ms", -1L))) {
            run.transport.brokers(List.of(broker.node(1)));
            Request<?> request = metadata(1, "t");
            run.sendWhenReady(request);
            run.awaitEnd(request);

            long lifted = run.clock.nanos() + TimeUnit.MILLISECONDS.toNanos(700);
            assertThat(run.transport.nextDeadlineNanos()).isEqualTo(lifted);
            run.clock.advanceMs(699);
            assertThat(run.readiness(1)).isInstanceOf(Readiness.NotYet.class);
            assertThat(run.send(metadata(1, "u"))).isFalse();
            run.clock.advanceMs(1);
            assertThat(run.isReady(1)).isTrue();
            assertThat(run.transport.nextDeadlineNanos()).isEqualTo(Deadline.NEVER);
        }
    }

    @Test
    void aConnectionThatIsNotUsedIsClosedAndIsNoFailure() throws IOException {
        try (ScriptedBroker broker = ScriptedBroker.with(asked -> {});
                TransportRun run = new TransportRun(Map.of("connections.max.idle.ms", 100L))) {
            run.transport.brokers(List.of(broker.node(1)));
            run.await("a connection", () -> run.isReady(1));
            run.clock.advanceMs(100);
            run.await("its end", () -> run.openConnections() == 0);
            assertThat(run.readiness(1)).isInstanceOf(Readiness.NotYet.class);
        }
    }

    @Test
    void brokersThatLeftOrMovedFailWhatTheyHadInFlightAtTheNextPoll() throws IOException {
        List<ScriptedBroker.Asked> held = new CopyOnWriteArrayList<>();
        try (ScriptedBroker one = ScriptedBroker.with(held::add);
                ScriptedBroker two = ScriptedBroker.with(held::add);
                ScriptedBroker elsewhere = ScriptedBroker.with(asked -> asked.answer(NOTHING));
                TransportRun run = new TransportRun(one.node(1), two.node(2))) {
            run.sendWhenReady(metadata(1, "left"));
            run.sendWhenReady(metadata(2, "moved"));
            run.await("both requests at their brokers", () -> held.size() == 2);

            run.transport.brokers(List.of(elsewhere.node(2)));
            assertThat(run.ended).isEmpty();
            assertThat(run.transport.nextDeadlineNanos()).isEqualTo(run.clock.nanos());
            run.turn();
            assertThat(run.ended).hasSize(2).allMatch(end -> end.failure().kind() == Kind.DISCONNECTED);
            assertThat(run.readiness(1))
                    .isInstanceOfSatisfying(
                            Readiness.Failed.class,
                            failed -> assertThat(failed.failure().cause()).hasMessageContaining("id 1"));
            Request<?> request = metadata(2, "there");
            run.sendWhenReady(request);
            assertThat(run.awaitEnd(request).answer()).isNotNull();
        }
    }

    @Test
    void aBootstrapServerCanBeAskedAlsoWhenTheBrokersAreKnown() throws IOException {
        try (ScriptedBroker broker = ScriptedBroker.with(asked -> asked.answer(NOTHING));
                TransportRun run = new TransportRun(Map.of(
                        "bootstrap.servers", "127.0.0.1:" + broker.node(1).port()))) {
            run.transport.brokers(List.of(broker.node(1)));
            Request<?> request = metadata(-1, "t");
            run.sendWhenReady(request);
            assertThat(run.awaitEnd(request).answer()).isNotNull();
        }
    }

    @Test
    void bootstrapServersHaveNegativeIds() {
        try (TransportRun run = new TransportRun(Map.of("bootstrap.servers", "127.0.0.1:9,localhost:10"))) {
            assertThat(run.transport.bootstrapIds()).containsExactly(-1, -2);
        }
    }

    @Test
    void wakeupEndsAPollThatWaits() {
        try (TransportRun run = new TransportRun()) {
            run.transport.wakeup();
            // Otherwise it would wait until the time limit of this class is up.
            run.transport.poll(Long.MAX_VALUE, run);
        }
    }
}

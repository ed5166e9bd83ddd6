package dev.surefoot.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.engine.FetchExchange.FetchRequest;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Readiness;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.session.FetchPlan;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.metrics.Metrics;
import org.junit.jupiter.api.Test;

class NodeMetersTest {
    private static final int METRICS_OF_A_NODE = 12;

    private static Set<String> nodes(Metrics metrics) {
        return metrics.metrics().keySet().stream()
                .filter(name -> name.group().equals("consumer-node-metrics"))
                .map(name -> name.tags().get("node-id"))
                .collect(Collectors.toSet());
    }

    private static double value(Metrics metrics, String name) {
        return metrics.metrics().entrySet().stream()
                .filter(entry -> entry.getKey().name().equals(name))
                .mapToDouble(entry -> (double) entry.getValue().metricValue())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theConnectionsOfABrokerAreCountedTogether() {
        Metrics metrics = new Metrics();
        NodeMeters meters = new NodeMeters(metrics, FetchTiming.NONE);
        meters.of(7).sent(100);
        meters.of(7).sent(50);
        meters.of(7).received(2_000);
        meters.of(7).fetched(4_000_000, 0);
        meters.of(7).fetched(8_000_000, 0);
        assertThat(nodes(metrics)).containsExactly("node-7");
        assertThat(value(metrics, "request-total")).isEqualTo(2);
        assertThat(value(metrics, "request-size-avg")).isEqualTo(75);
        assertThat(value(metrics, "request-size-max")).isEqualTo(100);
        assertThat(value(metrics, "outgoing-byte-total")).isEqualTo(150);
        assertThat(value(metrics, "response-total")).isEqualTo(1);
        assertThat(value(metrics, "incoming-byte-total")).isEqualTo(2_000);
        assertThat(value(metrics, "request-latency-avg")).isEqualTo(6);
        assertThat(value(metrics, "request-latency-max")).isEqualTo(8);
    }

    @Test
    void aBrokerThatIsGoneLeavesNoMetricsAndNoSensors() {
        Metrics metrics = new Metrics();
        NodeMeters meters = new NodeMeters(metrics, FetchTiming.NONE);
        int before = metrics.metrics().size();
        meters.of(1).sent(10);
        meters.of(2);
        assertThat(metrics.metrics()).hasSize(before + 2 * METRICS_OF_A_NODE);
        meters.retain(node -> node == 2);
        assertThat(nodes(metrics)).containsExactly("node-2");
        assertThat(metrics.getSensor("node-1.bytes-sent")).isNull();
        meters.of(1);
        assertThat(value(metrics, "request-total")).isZero();
        meters.close();
        assertThat(metrics.metrics()).hasSize(before);
    }

    @Test
    void aTransportKeepsThoseOfTheBrokersThatItKnows() {
        Node one = new Node(1, "127.0.0.1", 1);
        Node two = new Node(2, "127.0.0.1", 1);
        try (TransportRun run = new TransportRun(one, two)) {
            run.readiness(1);
            run.readiness(2);
            run.readiness(-1);
            assertThat(nodes(run.metrics)).containsExactlyInAnyOrder("node-1", "node-2", "node--1");
            run.transport.brokers(List.of(two));
            assertThat(nodes(run.metrics)).containsExactlyInAnyOrder("node-2", "node--1");
        }
    }

    /** One measurement serves the metrics of the broker and those of the consumer. */
    @Test
    void aFetchIsTimedFromItsRequestToItsAnswer() throws IOException {
        List<ScriptedBroker.Asked> held = new CopyOnWriteArrayList<>();
        try (ScriptedBroker broker = ScriptedBroker.with(held::add);
                TransportRun run = new TransportRun(broker.node(1))) {
            Request<?> slow = fetch(1);
            run.await(
                    "a chance to send",
                    () -> run.transport.readiness(1, Purpose.FETCH, run.clock.nanos()) instanceof Readiness.Ready
                            && run.send(slow));
            run.await("the request", () -> held.size() == 1);
            run.clock.advanceMs(30);
            held.get(0).answer(new FetchResponseData().setThrottleTimeMs(5));
            run.awaitEnd(slow);
            assertThat(run.fetchesTimed).containsExactly(new TransportRun.FetchTimed(30_000_000, 5));
            assertThat(value(run.metrics, "request-latency-avg")).isEqualTo(30);

            run.clock.advanceMs(5);
            Request<?> lost = fetch(1);
            run.await("a chance to send again", () -> run.send(lost));
            run.await("the other request", () -> held.size() == 2);
            held.get(1).hangUp();
            run.awaitEnd(lost);
            assertThat(run.fetchesTimed).hasSize(1);
        }
    }

    private static Request<?> fetch(int nodeId) {
        FetchPlan plan = new FetchPlan(FetchPlan.Kind.SESSIONLESS, 0, -1, true, Map.of(), List.of(), false);
        return new FetchRequest(nodeId, plan, true, 1000, TransportRun.TIMEOUT_NANOS);
    }
}

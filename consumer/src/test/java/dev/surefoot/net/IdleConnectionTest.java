package dev.surefoot.net;

import static dev.surefoot.net.TransportRun.metadata;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.engine.FetchExchange.FetchRequest;
import dev.surefoot.core.exchange.Readiness;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.exchange.RequestFailure.Kind;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.time.Deadline;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.message.MetadataResponseData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A connection is idle when nothing is in flight on it, and only then. */
@Timeout(60)
class IdleConnectionTest {
    private static final MetadataResponseData NOTHING = new MetadataResponseData().setClusterId("c");

    @Test
    void aConnectionThatAwaitsAnAnswerIsNotIdle() throws IOException {
        List<ScriptedBroker.Asked> held = new CopyOnWriteArrayList<>();
        try (ScriptedBroker broker = ScriptedBroker.with(held::add);
                TransportRun run = new TransportRun(Map.of("connections.max.idle.ms", 5_000L))) {
            run.transport.brokers(List.of(broker.node(1)));
            Request<?> request = metadata(1, "t");
            run.sendWhenReady(request);
            run.await("the request at the broker", () -> !held.isEmpty());

            run.clock.advanceMs(29_000);
            run.turn();
            run.turn();
            held.get(0).answer(NOTHING);

            assertThat(run.awaitEnd(request).answer()).isNotNull();
            assertThat(broker.connections()).isEqualTo(1);
        }
    }

    @Test
    void theTimeCountsFromTheLastAnswer() throws IOException {
        try (ScriptedBroker broker = ScriptedBroker.with(asked -> asked.answer(NOTHING));
                TransportRun run = new TransportRun(Map.of("connections.max.idle.ms", 5_000L))) {
            run.transport.brokers(List.of(broker.node(1)));
            for (int i = 0; i < 3; i++) {
                Request<?> request = metadata(1, "t");
                run.sendWhenReady(request);
                run.awaitEnd(request);
                run.clock.advanceMs(4_999);
                run.turn();
                assertThat(run.openConnections()).isEqualTo(1);
            }
            assertThat(run.transport.nextDeadlineNanos() - run.clock.nanos()).isEqualTo(1_000_000);
            run.clock.advanceMs(1);
            run.turn();
            assertThat(run.openConnections()).isZero();
            assertThat(run.isFailed(1)).as("no failure").isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE / 2})
    void noLimitMeansNone(long maxIdleMs) throws IOException {
        try (ScriptedBroker broker = ScriptedBroker.with(asked -> {});
                TransportRun run = new TransportRun(Map.of("connections.max.idle.ms", maxIdleMs))) {
            run.transport.brokers(List.of(broker.node(1)));
            run.await("a connection", () -> run.isReady(1));
            run.clock.advanceMs(365L * 24 * 3600 * 1000);
            run.turn();
            assertThat(run.isReady(1)).isTrue();
            assertThat(run.transport.nextDeadlineNanos()).isEqualTo(Deadline.NEVER);
        }
    }

    @Test
    void aConnectionIsOfUseEvenWhereNoTimeIsAllowed() throws IOException {
        try (ScriptedBroker broker = ScriptedBroker.with(asked -> asked.answer(NOTHING));
                TransportRun run = new TransportRun(Map.of("connections.max.idle.ms", 0L))) {
            run.transport.brokers(List.of(broker.node(1)));
            Request<?> request = metadata(1, "t");
            run.sendWhenReady(request);
            assertThat(run.awaitEnd(request).answer()).isNotNull();
        }
    }

    @Test
    void aFetchHasTheTimeThatTheBrokerMayWaitAndThenTheRequestTimeout() throws IOException {
        List<ScriptedBroker.Asked> held = new CopyOnWriteArrayList<>();
        Map<String, Object> config = Map.of("request.timeout.ms", 10_000, "fetch.max.wait.ms", 60_000);
        try (ScriptedBroker broker = ScriptedBroker.with(held::add);
                TransportRun run = new TransportRun(config)) {
            run.transport.brokers(List.of(broker.node(1)));
            FetchPlan plan = new FetchPlan(FetchPlan.Kind.FULL, 0, 0, true, Map.of(), List.of(), false);
            Request<?> fetch = new FetchRequest(1, plan, true, 1000, TimeUnit.SECONDS.toNanos(70));
            run.await("a chance to fetch", () -> isReadyFor(run, fetch) && run.send(fetch));
            run.await("the request at the broker", () -> !held.isEmpty());
            run.clock.advanceMs(69_999);
            run.turn();
            assertThat(run.ended).isEmpty();
            run.clock.advanceMs(1);
            assertThat(run.awaitEnd(fetch).failure().kind()).isEqualTo(Kind.TIMED_OUT);
        }
    }

    private static boolean isReadyFor(TransportRun run, Request<?> request) {
        return run.transport.readiness(1, request.purpose(), run.clock.nanos()) instanceof Readiness.Ready;
    }
}

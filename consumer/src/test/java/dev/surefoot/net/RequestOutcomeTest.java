package dev.surefoot.net;

import static dev.surefoot.net.TransportRun.metadata;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.cluster.MetadataQuery;
import dev.surefoot.core.engine.MetadataExchange.MetadataRequest;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.exchange.RequestFailure.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.message.MetadataResponseData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever happens to a connection, each request that was handed over ends once, and for the right reason. */
@Timeout(120)
class RequestOutcomeTest {
    private static final MetadataResponseData NOTHING = new MetadataResponseData().setClusterId("c");

    @Test
    void anOverdueAnswerTimesOutTheOldestAndDisconnectsTheOthers() throws IOException {
        List<ScriptedBroker.Asked> held = new CopyOnWriteArrayList<>();
        try (ScriptedBroker broker = ScriptedBroker.with(held::add);
                TransportRun run = new TransportRun(broker.node(1))) {
            run.sendWhenReady(metadata(1, "a"));
            run.clock.advanceMs(10);
            run.sendWhenReady(metadata(1, "b"));
            run.sendWhenReady(metadata(1, "c"));
            run.await("all at the broker", () -> held.size() == 3);

            run.clock.advanceMs(29_989);
            run.turn();
            assertThat(run.ended).isEmpty();
            run.clock.advanceMs(1);
            run.turn();
            assertThat(run.ended)
                    .extracting(end -> end.failure().kind())
                    .containsExactly(Kind.TIMED_OUT, Kind.DISCONNECTED, Kind.DISCONNECTED);
            assertThat(run.ended.get(0).failure().cause())
                    .hasMessageContaining("Metadata")
                    .hasMessageContaining("broker 1");
            assertThat(run.openConnections()).isZero();
        }
    }

    @Test
    void anAnswerThatIsOverdueBehindOneWithMoreTimeEndsTheConnection() throws IOException {
        List<ScriptedBroker.Asked> held = new CopyOnWriteArrayList<>();
        try (ScriptedBroker broker = ScriptedBroker.with(held::add);
                TransportRun run = new TransportRun(broker.node(1))) {
            MetadataQuery query = new MetadataQuery(Set.of("t"), true);
            Request<?> patient = new MetadataRequest(1, query, TimeUnit.MINUTES.toNanos(5));
            Request<?> hurried = new MetadataRequest(1, query, TimeUnit.SECONDS.toNanos(10));
            run.sendWhenReady(patient);
            run.sendWhenReady(hurried);
            run.await("both at the broker", () -> held.size() == 2);
            assertThat(run.transport.nextDeadlineNanos() - run.clock.nanos()).isEqualTo(TimeUnit.SECONDS.toNanos(10));

            run.clock.advanceMs(9_999);
            run.turn();
            assertThat(run.ended).isEmpty();
            run.clock.advanceMs(1);
            run.turn();
            assertThat(run.ended).extracting(TransportRun.Ended::request).containsExactly(patient, hurried);
            assertThat(run.ended)
                    .extracting(end -> end.failure().kind())
                    .containsExactly(Kind.DISCONNECTED, Kind.TIMED_OUT);
            assertThat(run.ended.get(1).failure().cause()).hasMessageContaining("10000 ms");
        }
    }

    @Test
    void aPeerThatHangsUpInTheMiddleOfAnAnswerDisconnectsAndItsBufferGoesBack() throws IOException {
        try (ScriptedBroker broker = ScriptedBroker.with(asked -> {
                    asked.write(ByteBuffer.allocate(4 + 5_000).putInt(50_000).array());
                    asked.hangUp();
                });
                TransportRun run = new TransportRun(broker.node(1))) {
            assertFails(run, Kind.DISCONNECTED);
            assertThat(run.pool.inUseBytes()).isZero();
        }
    }

    @Test
    void aWrongCorrelationIdIsMalformed() throws IOException {
        try (ScriptedBroker broker = ScriptedBroker.with(
                        asked -> asked.answerAs(NOTHING, asked.version(), asked.correlationId() + 1));
                TransportRun run = new TransportRun(broker.node(1))) {
            assertThat(assertFails(run, Kind.MALFORMED))
                    .contains("correlation id")
                    .contains("broker 1");
        }
    }

    @Test
    void garbageIsMalformedAndNamesTheRequestAndTheBroker() throws IOException {
        try (ScriptedBroker broker = ScriptedBroker.with(asked -> {
                    byte[] frame = asked.frame(NOTHING, asked.version(), asked.correlationId())
                            .array();
                    Arrays.fill(frame, 13, frame.length, (byte) 0x7f);
                    asked.write(frame);
                });
                TransportRun run = new TransportRun(broker.node(1))) {
            assertThat(assertFails(run, Kind.MALFORMED)).contains("Metadata v").contains("broker 1 at 127.0.0.1");
            assertThat(run.pool.inUseBytes()).isZero();
        }
    }

    @Test
    void anAnswerToNoRequestEndsTheConnection() throws IOException {
        try (ScriptedBroker broker = ScriptedBroker.with(asked -> {
                    asked.answer(NOTHING);
                    asked.answer(NOTHING);
                });
                TransportRun run = new TransportRun(broker.node(1))) {
            Request<?> request = metadata(1, "t");
            run.sendWhenReady(request);
            assertThat(run.awaitEnd(request).answer()).isNotNull();
            assertThat(run.awaitFailure().kind()).isEqualTo(Kind.MALFORMED);
            assertThat(run.ended).hasSize(1);
        }
    }

    @Test
    void aClaimOfAnAbsurdSizeDisconnects() throws IOException {
        for (int claim : new int[] {Integer.MAX_VALUE, -1}) {
            try (ScriptedBroker broker = ScriptedBroker.with(asked ->
                            asked.write(ByteBuffer.allocate(8).putInt(claim).array()));
                    TransportRun run = new TransportRun(broker.node(1))) {
                assertFails(run, Kind.DISCONNECTED);
            }
        }
    }

    @Test
    void closingLeavesRequestsWithoutOutcome() throws IOException {
        try (ScriptedBroker broker = ScriptedBroker.with(asked -> {});
                TransportRun run = new TransportRun(broker.node(1))) {
            run.sendWhenReady(metadata(1, "t"));
            run.transport.close();
            assertThat(run.ended).isEmpty();
        }
    }

    private static String assertFails(TransportRun run, Kind kind) {
        Request<?> request = metadata(1, "t");
        run.sendWhenReady(request);
        var failure = run.awaitEnd(request).failure();
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(run.openConnections()).isZero();
        assertThat(run.isFailed(1)).isTrue();
        return failure.cause().getMessage();
    }

    /** Invariant I2: response, error or discard, and that once; what was refused has no outcome at all. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void i2EveryRequestHandedOverEndsExactlyOnce(long seed) throws IOException {
        SplittableRandom faults = new SplittableRandom(seed);
        try (ScriptedBroker one = ScriptedBroker.with(faulty(faults.split()));
                ScriptedBroker two = ScriptedBroker.with(faulty(faults.split()));
                TransportRun run = new TransportRun(one.node(1), two.node(2))) {
            Map<Request<?>, Boolean> handedOver = turnAtRandom(run, one, two, new SplittableRandom(seed));
            run.clock.advanceMs(60_000);
            run.await("all ends", () -> run.ended.size() >= count(handedOver, true));
            run.turn();

            Map<Request<?>, Integer> ends = new IdentityHashMap<>();
            run.ended.forEach(end -> ends.merge(end.request(), 1, Integer::sum));
            assertThat(count(handedOver, true))
                    .as("requests handed over, seed %s", seed)
                    .isGreaterThan(20);
            handedOver.forEach((request, accepted) -> assertThat(ends.getOrDefault(request, 0))
                    .as("outcomes of %s, seed %s", request, seed)
                    .isEqualTo(accepted ? 1 : 0));
            assertThat(run.pool.inUseBytes()).as("seed %s", seed).isZero();
        }
    }

    private static int count(Map<Request<?>, Boolean> handedOver, boolean accepted) {
        return (int)
                handedOver.values().stream().filter(each -> each == accepted).count();
    }

    private static Map<Request<?>, Boolean> turnAtRandom(
            TransportRun run, ScriptedBroker one, ScriptedBroker two, SplittableRandom random) {
        Map<Request<?>, Boolean> handedOver = new IdentityHashMap<>();
        for (int i = 0; i < 300; i++) {
            int node = 1 + random.nextInt(2);
            if (run.isReady(node) || random.nextInt(4) == 0) {
                Request<?> request = metadata(node, "t" + i);
                handedOver.put(request, run.send(request));
            }
            if (random.nextInt(3) > 0) {
                run.turn();
            }
            run.clock.advanceMs(random.nextInt(20) == 0 ? 31_000 : random.nextInt(40));
            if (random.nextInt(40) == 0) {
                run.transport.brokers(
                        random.nextBoolean() ? List.of(one.node(1), two.node(2)) : List.of(one.node(2), two.node(1)));
            }
        }
        return handedOver;
    }

    /** A broker that mostly answers, and otherwise does something wrong. */
    private static ScriptedBroker.Script faulty(SplittableRandom seeds) {
        return asked -> {
            SplittableRandom random;
            synchronized (seeds) {
                random = seeds.split();
            }
            byte[] frame =
                    asked.frame(NOTHING, asked.version(), asked.correlationId()).array();
            switch (random.nextInt(12)) {
                case 0 -> asked.hangUp();
                case 1 -> {
                    asked.write(Arrays.copyOf(frame, random.nextInt(frame.length)));
                    asked.hangUp();
                }
                case 2 -> asked.answerAs(NOTHING, asked.version(), random.nextInt());
                case 3 -> {
                    byte[] garbage = new byte[5 + random.nextInt(9_000)];
                    for (int i = 4; i < garbage.length; i++) {
                        garbage[i] = (byte) random.nextInt();
                    }
                    asked.write(
                            ByteBuffer.wrap(garbage).putInt(garbage.length - 4).array());
                }
                case 4 -> {} // silence
                case 5 -> asked.answer(new MetadataResponseData().setThrottleTimeMs(100));
                default -> asked.write(frame);
            }
        };
    }

    @Test
    void aSelectorThatFailsDisconnectsWhatIsInFlightAndLosesNoBuffer() throws IOException {
        AtomicReference<FaultySelector> selector = new AtomicReference<>();
        List<ScriptedBroker.Asked> held = new CopyOnWriteArrayList<>();
        try (ScriptedBroker broker = ScriptedBroker.with(held::add);
                TransportRun run = new TransportRun(selector, broker.node(1), broker.node(2))) {
            List<Request<?>> requests = List.of(metadata(1, "t"), metadata(2, "u"));
            requests.forEach(run::sendWhenReady);
            run.await("both at the broker", () -> held.size() == 2);
            selector.get().failPoll = true;
            run.turn();

            assertThat(run.ended).hasSize(2).allMatch(end -> end.failure().kind() == Kind.DISCONNECTED);
            assertThat(run.openConnections()).isZero();
            assertThat(run.pool.inUseBytes()).isZero();
            run.clock.advanceMs(100);
            run.await("a new connection", () -> run.isReady(1));
        }
    }

    @Test
    void aWriteThatFailsEndsTheRequestAtTheNextPoll() throws IOException {
        AtomicReference<FaultySelector> selector = new AtomicReference<>();
        try (ScriptedBroker broker = ScriptedBroker.with(asked -> {});
                TransportRun run = new TransportRun(selector, broker.node(1))) {
            run.await("a connection", () -> run.isReady(1));
            selector.get().failSend = true;
            Request<?> request = metadata(1, "t");
            assertThat(run.send(request)).isTrue();
            assertThat(run.ended).isEmpty();
            run.turn();
            assertThat(run.ended).extracting(end -> end.failure().kind()).containsExactly(Kind.DISCONNECTED);
        }
    }

    @Test
    void requestsOfDifferentBrokersDoNotShareTheirFate() throws IOException {
        List<ScriptedBroker.Asked> held = new CopyOnWriteArrayList<>();
        try (ScriptedBroker bad = ScriptedBroker.with(ScriptedBroker.Asked::hangUp);
                ScriptedBroker good = ScriptedBroker.with(held::add);
                TransportRun run = new TransportRun(bad.node(1), good.node(2))) {
            List<Request<?>> requests = new ArrayList<>(List.of(metadata(2, "kept"), metadata(1, "lost")));
            requests.forEach(run::sendWhenReady);
            assertThat(run.awaitEnd(requests.get(1)).failure().kind()).isEqualTo(Kind.DISCONNECTED);
            run.await("the other at its broker", () -> held.size() == 1);
            held.get(0).answer(NOTHING);
            assertThat(run.awaitEnd(requests.get(0)).answer()).isNotNull();
        }
    }
}

package dev.surefoot.net;

import static dev.surefoot.net.TransportRun.metadata;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.cluster.MetadataQuery;
import dev.surefoot.core.engine.MetadataExchange.MetadataRequest;
import dev.surefoot.core.exchange.Readiness;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.exchange.RequestFailure.Kind;
import dev.surefoot.fixtures.LogLines;
import java.io.IOException;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.message.MetadataResponseData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A transport whose JVM has no memory goes on when there is some. */
@Timeout(60)
class MemoryShortageTest {
    private static final MetadataResponseData LARGE_ANSWER =
            new MetadataResponseData().setClusterId("c".repeat(30_000));

    private final FakeDirectMemory memory = new FakeDirectMemory(64 << 20);
    private final Warnings warnings = new Warnings();
    private final DirectMemoryLedger ledger = memory.ledger(warnings.logger());

    @Test
    void withoutDirectMemoryForTheSmallestPieceConnectionsFailAndComeBackWithTheMemory() throws IOException {
        memory.use(memory.limitBytes);
        try (ScriptedBroker broker = ScriptedBroker.with(asked -> asked.answer(LARGE_ANSWER));
                TransportRun run = new TransportRun(Map.of(), ledger, broker.node(1))) {
            for (int attempt = 0; attempt < 20; attempt++) {
                run.awaitFailure();
                run.clock.advanceMs(1100);
            }
            assertThat(memory.failures())
                    .as("the clock of the memory stands still")
                    .isEqualTo(1);
            assertThat(warnings.said).hasSize(1);

            memory.use(0);
            Request<?> request = metadata(1, "t");
            run.await("a connection", () -> {
                run.clock.advanceMs(100);
                return run.isReady(1) && run.send(request);
            });
            assertThat(run.awaitEnd(request).answer()).isNotNull();
            assertThat(warnings.said).hasSize(1);
        }
    }

    @Test
    void aTransportThatHasItsPieceGoesOnWhenAllElseIsTaken() throws IOException {
        try (ScriptedBroker broker = ScriptedBroker.with(asked -> asked.answer(LARGE_ANSWER));
                TransportRun run = new TransportRun(Map.of(), ledger, broker.node(1))) {
            memory.use(memory.limitBytes);
            for (int i = 0; i < 20; i++) {
                Request<?> request = metadata(1, "t".repeat(200) + i);
                run.sendWhenReady(request);
                assertThat(run.awaitEnd(request).answer()).isNotNull();
            }
            assertThat(broker.connections()).isEqualTo(1);
            assertThat(memory.failures()).isEqualTo(1);
        }
        assertThat(ledger.takenBytes()).isZero();
    }

    @Test
    void aRequestThatThereIsNoMemoryToEncodeEndsAsFailedAndTheTransportGoesOn() throws IOException {
        Set<String> tooMany = new AbstractSet<>() {
            @Override
            public Iterator<String> iterator() {
                throw new OutOfMemoryError("Java heap space, on purpose");
            }

            @Override
            public int size() {
                return 1;
            }

            @Override
            public String toString() {
                return "too many topics";
            }
        };
        try (ScriptedBroker broker = ScriptedBroker.with(asked -> asked.answer(LARGE_ANSWER));
                TransportRun run = new TransportRun(Map.of(), ledger, broker.node(1))) {
            Request<?> request = new MetadataRequest(1, new MetadataQuery(tooMany, true), TransportRun.TIMEOUT_NANOS);
            run.sendWhenReady(request);
            assertThat(run.awaitEnd(request).failure().kind()).isEqualTo(Kind.DISCONNECTED);
            assertThat(run.readiness(1)).as("the next attempt has to wait").isInstanceOf(Readiness.Failed.class);

            run.clock.advanceMs(2000);
            Request<?> next = metadata(1, "t");
            run.sendWhenReady(next);
            assertThat(run.awaitEnd(next).answer()).isNotNull();
        }
    }

    @Test
    void anErrorOfTheSelectorEndsTheRequestsInFlightAndNotTheTransport() throws IOException {
        for (String protocol : new String[] {"PLAINTEXT", "SSL"}) {
            AtomicReference<FaultySelector> selector = new AtomicReference<>();
            try (ScriptedBroker broker = ScriptedBroker.with(asked -> {});
                    TransportRun run = new TransportRun(Map.of("security.protocol", protocol), selector)) {
                run.transport.brokers(List.of(broker.node(1)));
                if (protocol.equals("PLAINTEXT")) {
                    Request<?> request = metadata(1, "t");
                    run.sendWhenReady(request);
                    selector.get().error = new OutOfMemoryError("Cannot reserve direct buffer memory, on purpose");
                    assertThat(run.awaitEnd(request).failure().kind()).isEqualTo(Kind.DISCONNECTED);
                    run.clock.advanceMs(2000);
                    run.await("another connection", () -> run.isReady(1));
                } else {
                    run.readiness(1);
                    selector.get().error = new OutOfMemoryError("Cannot reserve direct buffer memory, on purpose");
                    assertThat(run.awaitFailure().kind()).isEqualTo(Kind.DISCONNECTED);
                }
            }
        }
    }

    /** Without authentication a broker closes the first request too; that would be the wrong thing to look for here. */
    @Test
    void anAnswerThatThereIsNoHeapForIsSaidToBeThat() throws IOException {
        byte[] moreThanAnArrayHolds = {0x7f, -1, -1, -1};
        try (LogLines log = new LogLines();
                ScriptedBroker broker = ScriptedBroker.with(asked -> asked.write(moreThanAnArrayHolds));
                TransportRun run =
                        new TransportRun(Map.of("fetch.max.bytes", Integer.MAX_VALUE), ledger, broker.node(1))) {
            for (int attempt = 0; attempt < 8; attempt++) {
                Request<?> request = metadata(1, "t");
                run.sendWhenReady(request);
                assertThat(run.awaitEnd(request).failure().cause())
                        .hasMessageContaining("was given up: No memory for a response of 2147483647 bytes");
                run.clock.advanceMs(1_201);
            }
            assertThat(log.warnings())
                    .filteredOn(line -> line.contains("has served nothing to this client"))
                    .singleElement()
                    .asString()
                    .contains("No memory for a response of 2147483647 bytes")
                    .doesNotContain("authentication");
        }
    }
}

package dev.surefoot.net;

import static dev.surefoot.net.TransportRun.metadata;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.LinkCondition;
import dev.surefoot.core.exchange.LinkCondition.Traffic;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.exchange.RequestFailure.Reason;
import dev.surefoot.fixtures.Certificate;
import dev.surefoot.fixtures.LogLines;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A failure says what was observed, and a connection's condition says what happens on it now. */
@Timeout(60)
class FailureReasonsTest {
    private static final int TOO_LARGE = 0x7ffffff0;

    @TempDir
    private static Path folder;

    private static Certificate certificate;

    @BeforeAll
    static void makeCertificate() throws Exception {
        certificate = Certificate.ofThisHost(folder);
    }

    private static void writeSize(ScriptedBroker.Asked asked, int size, int sent) throws IOException {
        asked.write(ByteBuffer.allocate(Integer.BYTES + sent).putInt(size).array());
    }

    private static RequestFailure failureOf(TransportRun run, Request<?> request) {
        run.sendWhenReady(request);
        return run.awaitEnd(request).failure();
    }

    private static LinkCondition condition(TransportRun run) {
        return Objects.requireNonNull(run.transport.condition(1, Purpose.CONTROL, run.clock.nanos()));
    }

    @Test
    void anAnswerBeyondTheBoundHasItsSize() throws IOException {
        try (LogLines log = new LogLines();
                ScriptedBroker broker = ScriptedBroker.with(asked -> writeSize(asked, TOO_LARGE, 0));
                TransportRun run = new TransportRun(broker.node(1))) {
            RequestFailure failure = failureOf(run, metadata(1, "t"));
            assertThat(failure.reason()).isEqualTo(Reason.RESPONSE_TOO_LARGE);
            assertThat(failure.bytes()).isEqualTo(TOO_LARGE);
            assertThat(log.warnings()).singleElement().asString().contains(Integer.toString(TOO_LARGE));
        }
    }

    @Test
    void anAnswerBeyondTheBoundHasItsSizeOverTlsToo() throws Exception {
        try (LogLines log = new LogLines();
                ScriptedBroker broker =
                        ScriptedBroker.over(certificate.serverSocket(), asked -> writeSize(asked, TOO_LARGE, 0));
                TransportRun run = new TransportRun(TlsTest.trusting(certificate))) {
            run.transport.brokers(List.of(broker.node(1)));
            RequestFailure failure = failureOf(run, metadata(1, "t"));
            assertThat(failure.reason()).isEqualTo(Reason.RESPONSE_TOO_LARGE);
            assertThat(failure.bytes()).isEqualTo(TOO_LARGE);
            assertThat(log.warnings()).singleElement().asString().contains(Integer.toString(TOO_LARGE));
        }
    }

    @Test
    void anAnswerThatHasNotArrivedInTimeTellsHowMuchHas() throws IOException {
        List<ScriptedBroker.Asked> held = new CopyOnWriteArrayList<>();
        try (ScriptedBroker broker = ScriptedBroker.with(held::add);
                TransportRun run = new TransportRun(broker.node(1))) {
            Request<?> request = metadata(1, "t");
            run.sendWhenReady(request);
            long sentNanos = run.clock.nanos();
            run.await("the request", () -> held.size() == 1);
            assertThat(condition(run).traffic().oldestSentNanos()).isEqualTo(sentNanos);
            assertThat(condition(run).traffic().arrivedBytes()).isZero();
            writeSize(held.get(0), 10_000, 700);
            run.await("the bytes", () -> condition(run).traffic().arrivedBytes() == 704);
            assertThat(condition(run).traffic().answerBytes()).isEqualTo(10_004);
            run.clock.advanceMs(30_000);
            RequestFailure failure = run.awaitEnd(request).failure();
            assertThat(failure.reason()).isEqualTo(Reason.NO_ANSWER);
            assertThat(failure.bytes()).isEqualTo(704);
            assertThat(failure.cause()).hasMessageContaining("704 bytes");
        }
    }

    @Test
    void aPeerThatClosesTellsInWhichState() throws IOException {
        try (ScriptedBroker broker = ScriptedBroker.raw(ScriptedBroker.Asked::hangUp);
                TransportRun run = new TransportRun(broker.node(1))) {
            assertThat(run.awaitFailure().reason()).isEqualTo(Reason.CLOSED_IN_NEGOTIATION);
        }
        try (ScriptedBroker broker = ScriptedBroker.raw(ScriptedBroker.Asked::hangUp);
                TransportRun run = new TransportRun(RefusalTest.SASL)) {
            run.transport.brokers(List.of(broker.node(1)));
            assertThat(run.awaitFailure().reason()).isEqualTo(Reason.CLOSED_IN_AUTHENTICATION);
        }
        try (ScriptedBroker broker = ScriptedBroker.with(ScriptedBroker.Asked::hangUp);
                TransportRun run = new TransportRun(broker.node(1))) {
            assertThat(failureOf(run, metadata(1, "t")).reason()).isEqualTo(Reason.LOST);
        }
    }

    @Test
    void aCertificateThatIsNotTrustedIsAMatterOfTls() throws Exception {
        try (ScriptedBroker broker = ScriptedBroker.over(certificate.serverSocket(), asked -> {});
                TransportRun run = new TransportRun(Map.of("security.protocol", "SSL"))) {
            run.transport.brokers(List.of(broker.node(1)));
            assertThat(run.awaitFailure().reason()).isEqualTo(Reason.TLS);
            assertThat(run.awaitFailure().isRefusal()).isTrue();
        }
    }

    @Test
    void aConditionFollowsTheConnection() throws IOException {
        List<ScriptedBroker.Asked> held = new CopyOnWriteArrayList<>();
        try (ScriptedBroker broker = ScriptedBroker.raw(held::add);
                TransportRun run = new TransportRun(broker.node(1))) {
            assertThat(run.transport.condition(1, Purpose.CONTROL, run.clock.nanos()))
                    .isNull();
            run.readiness(1);
            assertThat(condition(run).state()).isEqualTo(LinkCondition.State.CONNECTING);
            run.await("the question", () -> held.size() == 1);
            assertThat(condition(run).state()).isEqualTo(LinkCondition.State.NEGOTIATING);
            assertThat(held.get(0).api()).isEqualTo(ApiKeys.API_VERSIONS);
            run.clock.advanceMs(70);
            held.get(0).answer(ScriptedBroker.versions());
            run.await("readiness", () -> run.isReady(1));
            long readyNanos = run.clock.nanos();
            assertThat(condition(run).sinceNanos()).isEqualTo(readyNanos);
            assertThat(condition(run).traffic().readySinceNanos()).isEqualTo(readyNanos);
            run.sendWhenReady(metadata(1, "t"));
            assertThat(condition(run).traffic().inFlight()).isEqualTo(1);
            run.await("the request", () -> held.size() == 2);
            run.clock.advanceMs(40);
            held.get(1).answer(new MetadataResponseData());
            run.await("the answer", () -> run.ended.size() == 1);
            Traffic traffic = condition(run).traffic();
            assertThat(traffic)
                    .isEqualTo(new Traffic(
                            0,
                            Long.MAX_VALUE,
                            traffic.arrivedBytes(),
                            traffic.answerBytes(),
                            readyNanos + 40_000_000,
                            40_000_000,
                            readyNanos));
            run.sendWhenReady(metadata(1, "t"));
            run.await("the request", () -> held.size() == 3);
            held.get(2).hangUp();
            run.await("the end", () -> run.ended.size() == 2);
            LinkCondition lost = condition(run);
            assertThat(lost.state()).isEqualTo(LinkCondition.State.BACKING_OFF);
            assertThat(lost.failuresInARow()).isEqualTo(1);
            assertThat(Objects.requireNonNull(lost.lastFailure()).reason()).isEqualTo(Reason.LOST);
            assertThat(lost.traffic().readySinceNanos()).isEqualTo(Long.MAX_VALUE);
        }
    }

    /** A request that no broker has a version for. */
    private record Unknown(int nodeId, Purpose purpose, long timeoutNanos) implements Request<Unread> {
        @Override
        public Class<Unread> answerType() {
            return Unread.class;
        }
    }

    private record Unread(int throttleTimeMs) implements Answer {}

    /** Fetches are what their connection is there for; of others a broker may well do without some. */
    @Test
    void aConnectionForFetchesSaysThatTheyCannotBeWritten() throws IOException {
        try (ScriptedBroker broker = ScriptedBroker.raw(asked -> asked.answer(ScriptedBroker.versions()));
                TransportRun run = new TransportRun(broker.node(1))) {
            for (Purpose purpose : List.of(Purpose.FETCH, Purpose.CONTROL)) {
                Request<?> unknown = new Unknown(1, purpose, 1);
                run.await("a chance to send", () -> {
                    run.transport.readiness(1, purpose, run.clock.nanos());
                    return run.send(unknown);
                });
                assertThat(run.awaitEnd(unknown).failure().reason()).isEqualTo(Reason.UNSUPPORTED_VERSION);
            }
            LinkCondition ofFetches =
                    Objects.requireNonNull(run.transport.condition(1, Purpose.FETCH, run.clock.nanos()));
            assertThat(ofFetches.state()).isEqualTo(LinkCondition.State.READY);
            assertThat(ofFetches.lastFailure())
                    .extracting(RequestFailure::reason)
                    .isEqualTo(Reason.UNSUPPORTED_VERSION);
            assertThat(condition(run).lastFailure()).isNull();
        }
    }
}

package dev.surefoot.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Readiness;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.exchange.RequestFailure.Kind;
import dev.surefoot.core.exchange.RequestFailure.Reason;
import dev.surefoot.core.time.Backoff;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.message.MetadataResponseData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ReconnectTest {

    @Test
    void theDelayDoublesUpToItsLimitAndStraysAFifthToEitherSide() {
        Backoff backoff = ConnectionSettings.from(
                        TransportRun.consumerConfig(
                                Map.of("reconnect.backoff.ms", 50L, "reconnect.backoff.max.ms", 1000L)),
                        new SplittableRandom(7))
                .reconnectBackoff();
        for (int failures = 0; failures < 70; failures++) {
            double expectedMs = Math.min(50 * Math.pow(2, failures), 1000);
            for (int i = 0; i < 100; i++) {
                double ms = backoff.delayNanos(failures + 1) / 1e6;
                assertThat(ms).as("after %s failures", failures).isBetween(expectedMs * 0.8, expectedMs * 1.2);
            }
        }
    }

    @Test
    void aRefusedConnectionFailsAndWaitsLongerEachTime() throws IOException {
        try (TransportRun run = new TransportRun(new Node(1, "127.0.0.1", closedPort()))) {
            List<Long> waits = new ArrayList<>();
            for (int attempt = 0; attempt < 4; attempt++) {
                assertThat(run.awaitFailure().kind()).isEqualTo(Kind.DISCONNECTED);
                assertThat(run.awaitFailure().reason()).isEqualTo(Reason.CONNECT_REFUSED);
                assertThat(run.awaitFailure().cause()).hasMessageContaining("broker 1 at 127.0.0.1");
                long wait = run.transport.nextDeadlineNanos() - run.clock.nanos();
                waits.add(TimeUnit.NANOSECONDS.toMillis(wait));
                run.clock.advanceMs(waits.get(attempt));
                assertThat(run.isFailed(1)).as("just before the wait is over").isTrue();
                run.clock.advanceMs(1);
                assertThat(run.readiness(1)).isInstanceOf(Readiness.NotYet.class);
            }
            assertThat(waits.get(0)).isBetween(39L, 60L);
            assertThat(waits.get(1)).isBetween(79L, 120L);
            assertThat(waits.get(2)).isBetween(159L, 240L);
            assertThat(waits.get(3)).isBetween(319L, 480L);
        }
    }

    @Test
    void aFailureIsSeenEvenWhenReconnectingNeedsNoWait() throws IOException {
        try (TransportRun run = new TransportRun(Map.of("reconnect.backoff.ms", 0L, "reconnect.backoff.max.ms", 0L))) {
            run.transport.brokers(List.of(new Node(1, "127.0.0.1", closedPort())));
            run.awaitFailure();
        }
    }

    @Test
    void aConnectionThatIsNotMadeInTimeFailsAndTheNextIsGivenLonger() throws IOException {
        try (ScriptedBroker silent = ScriptedBroker.raw(asked -> {});
                TransportRun run = new TransportRun(silent.node(1))) {
            for (int expectedMs : new int[] {10_000, 20_000, 30_000, 30_000}) {
                // No poll in between, so that this side does not learn that the connection was made.
                assertThat(run.readiness(1)).isInstanceOf(Readiness.NotYet.class);
                long allowed = TimeUnit.NANOSECONDS.toMillis(run.transport.nextDeadlineNanos() - run.clock.nanos());
                assertThat(allowed).isBetween(expectedMs * 8L / 10, expectedMs * 12L / 10);
                run.clock.advanceMs(allowed + 1);
                assertThat(run.awaitFailure().kind()).isEqualTo(Kind.TIMED_OUT);
                assertThat(run.awaitFailure().reason()).isEqualTo(Reason.CONNECT_TIMED_OUT);
                assertThat(run.awaitFailure().cause()).hasMessageContaining("broker 1");
                run.clock.advanceMs(2_000);
            }
        }
    }

    @Test
    void aBrokerThatDoesNotTellItsVersionsInTimeFails() throws IOException {
        List<ScriptedBroker.Asked> asked = new CopyOnWriteArrayList<>();
        try (ScriptedBroker silent = ScriptedBroker.raw(asked::add);
                TransportRun run = new TransportRun(silent.node(1))) {
            run.readiness(1);
            run.await("the question", () -> !asked.isEmpty());
            run.clock.advanceMs(30_000);
            assertThat(run.awaitFailure().kind()).isEqualTo(Kind.TIMED_OUT);
            assertThat(run.awaitFailure().cause()).hasMessageContaining("versions");
        }
    }

    @Test
    void aHostThatCannotBeResolvedFailsByName() {
        try (TransportRun run = new TransportRun(new Node(1, "nowhere.invalid", 9092))) {
            assertThat(run.awaitFailure().reason()).isEqualTo(Reason.NAME_UNRESOLVED);
            assertThat(run.awaitFailure().cause()).hasMessageContaining("nowhere.invalid");
        }
    }

    @Test
    void aConnectionIsClosedWhenThatIsWishedAndAnotherIsMadeAtOnce() throws IOException {
        List<ScriptedBroker.Asked> held = new CopyOnWriteArrayList<>();
        try (ScriptedBroker broker = ScriptedBroker.with(held::add);
                TransportRun run = new TransportRun(broker.node(1))) {
            Request<?> lost = TransportRun.metadata(1, "t");
            run.sendWhenReady(lost);
            run.await("the request at the broker", () -> !held.isEmpty());

            run.transport.reconnect(1, Purpose.CONTROL, run.clock.nanos());

            assertThat(run.awaitEnd(lost).failure().kind()).isEqualTo(Kind.DISCONNECTED);
            assertThat(run.awaitEnd(lost).failure().cause()).hasMessageContaining("another connection is to be tried");
            assertThat(run.isFailed(1)).as("no back-off").isFalse();
            Request<?> next = TransportRun.metadata(1, "u");
            run.sendWhenReady(next);
            run.await("the next request at the broker", () -> held.size() == 2);
            assertThat(broker.connections()).isEqualTo(2);
            held.get(1).answer(new MetadataResponseData().setClusterId("c"));
            assertThat(run.awaitEnd(next).answer()).isNotNull();
        }
    }

    @Test
    void onlyTheConnectionOfThePurposeIsClosed() throws IOException {
        List<ScriptedBroker.Asked> held = new CopyOnWriteArrayList<>();
        try (ScriptedBroker broker = ScriptedBroker.with(held::add);
                TransportRun run = new TransportRun(broker.node(1))) {
            Request<?> kept = TransportRun.metadata(1, "t");
            run.sendWhenReady(kept);
            run.await("the request at the broker", () -> !held.isEmpty());

            run.transport.reconnect(1, Purpose.FETCH, run.clock.nanos());
            run.transport.reconnect(2, Purpose.CONTROL, run.clock.nanos());
            run.turn();

            assertThat(run.ended).isEmpty();
            held.get(0).answer(new MetadataResponseData().setClusterId("c"));
            assertThat(run.awaitEnd(kept).answer()).isNotNull();
            assertThat(broker.connections()).isEqualTo(1);
        }
    }

    @Test
    void theNextConnectionGoesToAnotherAddressOfTheHost() throws IOException {
        List<ScriptedBroker.Asked> first = new CopyOnWriteArrayList<>();
        List<ScriptedBroker.Asked> second = new CopyOnWriteArrayList<>();
        InetAddress one = InetAddress.getByName("127.0.0.1");
        InetAddress other = InetAddress.getByName("127.0.0.2");
        ServerSocket port = new ServerSocket(0, 50, one);
        try (ScriptedBroker broker = ScriptedBroker.over(port, first::add);
                ScriptedBroker twin =
                        ScriptedBroker.over(new ServerSocket(port.getLocalPort(), 50, other), second::add);
                TransportRun run = new TransportRun(
                        host -> List.of(one, other), new Node(1, "broker.test", port.getLocalPort()))) {
            run.sendWhenReady(TransportRun.metadata(1, "t"));
            run.await("the request at a broker", () -> first.size() + second.size() == 1);
            List<ScriptedBroker.Asked> others = first.isEmpty() ? first : second;

            run.transport.reconnect(1, Purpose.CONTROL, run.clock.nanos());
            run.sendWhenReady(TransportRun.metadata(1, "u"));

            run.await("the request at the other address", () -> others.size() == 1);
            assertThat(broker.connections() + twin.connections()).isEqualTo(2);
        }
    }

    @Test
    void aConnectionThatBacksOffGoesOnDoingSo() throws IOException {
        try (TransportRun run = new TransportRun(new Node(1, "127.0.0.1", closedPort()))) {
            run.awaitFailure();

            run.transport.reconnect(1, Purpose.CONTROL, run.clock.nanos());

            assertThat(run.isFailed(1)).isTrue();
        }
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}

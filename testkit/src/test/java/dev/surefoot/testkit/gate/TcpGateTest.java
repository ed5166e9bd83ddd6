package dev.surefoot.testkit.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.surefoot.testkit.Await;
import dev.surefoot.testkit.LoopbackPorts;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class TcpGateTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private Peer echo;
    private Peer silent;
    private TcpGate gate;
    private TcpGate silentGate;

    @BeforeEach
    void open() throws IOException {
        echo = Peer.echo();
        silent = Peer.silent();
        gate = echo.gate();
        silentGate = silent.gate();
    }

    @AfterEach
    void close() throws IOException {
        gate.close();
        silentGate.close();
        echo.close();
        silent.close();
    }

    @Test
    void bytesPassBothWaysAndAreCounted() throws Exception {
        byte[] sent = bytes(200_000);
        try (Socket client = Peer.connect(gate)) {
            Thread writer = writing(client, sent);
            assertThat(client.getInputStream().readNBytes(sent.length)).isEqualTo(sent);
            writer.join();
            assertThat(gate.connections()).isEqualTo(1);
        }
        Await.until("counted", PATIENCE, () -> gate.bytesToClient() == sent.length);
        assertThat(gate.bytesToBroker()).isEqualTo(sent.length);
        Await.until("connection over", PATIENCE, () -> gate.connections() == 0);
        assertThat(gate.accepted()).isEqualTo(1);
    }

    @Test
    void theEndOfAStreamIsPassedOnAfterItsLastByte() throws Exception {
        try (Socket client = Peer.connect(gate)) {
            client.getOutputStream().write(bytes(1_000));
            client.shutdownOutput();
            assertThat(client.getInputStream().readAllBytes()).isEqualTo(bytes(1_000));
        }
    }

    @Test
    void aCutResetsBothSidesAndANewConnectionWorks() throws Exception {
        try (Socket client = Peer.connect(silentGate);
                Socket server = silent.accepted()) {
            server.getOutputStream().write(1);
            assertThat(client.getInputStream().read()).isEqualTo(1);
            silentGate.cut();
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
            assertThatThrownBy(() -> server.getInputStream().read()).isInstanceOf(SocketException.class);
        }
        assertThat(silentGate.connections()).isZero();
        try (Socket client = Peer.connect(silentGate);
                Socket server = silent.accepted()) {
            server.getOutputStream().write(2);
            assertThat(client.getInputStream().read()).isEqualTo(2);
        }
    }

    @Test
    void aRefusingGateKeepsItsConnectionsAndItsPort() throws Exception {
        try (Socket old = Peer.connect(gate)) {
            assertThat(ping(old, 1)).isEqualTo(1);
            gate.refuse();
            assertThatThrownBy(() -> Peer.connect(gate)).isInstanceOf(ConnectException.class);
            assertThat(ping(old, 2)).isEqualTo(2);
            gate.accept();
            try (Socket fresh = Peer.connect(gate)) {
                assertThat(ping(fresh, 3)).isEqualTo(3);
            }
        }
    }

    @Test
    void aDelayHoldsBytesBackInEachDirection() throws Exception {
        gate.delay(Duration.ofMillis(60), Duration.ofMillis(90));
        try (Socket client = Peer.connect(gate)) {
            long start = System.nanoTime();
            assertThat(ping(client, 1)).isEqualTo(1);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(150));
        }
    }

    @Test
    @Timeout(30)
    void bytesOnTheirWayAreDelayedTogetherNotOneAfterAnother() throws Exception {
        // Each way has at least 31 chunks: one after another they would take longer than the test may.
        gate.delay(Duration.ofSeconds(1));
        byte[] sent = bytes(1_000_000);
        try (Socket client = Peer.connect(gate)) {
            Thread writer = writing(client, sent);
            assertThat(client.getInputStream().readNBytes(sent.length)).isEqualTo(sent);
            writer.join();
        }
    }

    @Test
    void aThrottleLimitsTheRate() throws Exception {
        gate.throttle(100_000);
        byte[] sent = bytes(50_000);
        try (Socket client = Peer.connect(gate)) {
            long start = System.nanoTime();
            Thread writer = writing(client, sent);
            assertThat(client.getInputStream().readNBytes(sent.length)).isEqualTo(sent);
            writer.join();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(450));
        }
    }

    @Test
    void aStreamToAClientEndsAfterExactlyThatManyBytes() throws Exception {
        try (Socket client = Peer.connect(silentGate);
                Socket server = silent.accepted();
                Socket other = Peer.connect(silentGate);
                Socket otherServer = silent.accepted()) {
            silentGate.closeAfter(12_345);
            Thread writer = writing(server, bytes(100_000));
            assertThat(client.getInputStream().readAllBytes()).isEqualTo(Arrays.copyOf(bytes(100_000), 12_345));
            writer.join();
            assertThatThrownBy(() -> readToTheEnd(server)).isInstanceOf(SocketException.class);
            otherServer.getOutputStream().write(bytes(50_000));
            assertThat(other.getInputStream().readNBytes(50_000)).isEqualTo(bytes(50_000));
        }
        Await.until("connections over", PATIENCE, () -> silentGate.connections() == 0);
    }

    @Test
    void aStreamToTheBrokerEndsAfterExactlyThatManyBytes() throws Exception {
        try (Socket client = Peer.connect(silentGate);
                Socket server = silent.accepted()) {
            silentGate.closeAfterToBroker(7);
            client.getOutputStream().write(bytes(100));
            assertThat(server.getInputStream().readAllBytes()).isEqualTo(Arrays.copyOf(bytes(100), 7));
            assertThatThrownBy(() -> readToTheEnd(client)).isInstanceOf(SocketException.class);
        }
        Await.until("connection over", PATIENCE, () -> silentGate.connections() == 0);
    }

    @Test
    void aConnectionIsOverOnceTheClientHasEndedItsStreamAndTheGateTheOther() throws Exception {
        try (Socket client = Peer.connect(silentGate);
                Socket server = silent.accepted()) {
            client.shutdownOutput();
            assertThat(server.getInputStream().read()).isEqualTo(-1);
            silentGate.closeAfter(5);
            server.getOutputStream().write(bytes(10));
            assertThat(client.getInputStream().readAllBytes()).isEqualTo(bytes(5));
            Await.until("connection over", PATIENCE, () -> silentGate.connections() == 0);
        }
    }

    @Test
    void closeAfterNothingLetsNoByteThrough() throws Exception {
        gate.closeAfter(0);
        try (Socket client = Peer.connect(gate)) {
            client.getOutputStream().write(1);
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
        assertThat(gate.bytesToClient()).isZero();
    }

    @Test
    void aBlackholeAcceptsButForwardsNothingUntilOpened() throws Exception {
        gate.blackhole();
        try (Socket client = Peer.connect(gate)) {
            client.getOutputStream().write(bytes(10));
            client.setSoTimeout(200);
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
            assertThat(gate.bytesToBroker()).isZero();
            gate.open();
            client.setSoTimeout((int) PATIENCE.toMillis());
            assertThat(client.getInputStream().readNBytes(10)).isEqualTo(bytes(10));
        }
    }

    @Test
    void aBlackholeHidesTheEndOfAStreamUntilOpened() throws Exception {
        try (Socket client = Peer.connect(silentGate);
                Socket server = silent.accepted()) {
            silentGate.blackhole();
            server.shutdownOutput();
            client.setSoTimeout(200);
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
            silentGate.open();
            client.setSoTimeout((int) PATIENCE.toMillis());
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void openLiftsEveryFault() throws Exception {
        gate.delay(Duration.ofHours(1));
        gate.throttle(1);
        gate.closeAfter(3);
        gate.closeAfterToBroker(3);
        gate.refuse();
        gate.open();
        try (Socket client = Peer.connect(gate)) {
            client.getOutputStream().write(bytes(1_000));
            assertThat(client.getInputStream().readNBytes(1_000)).isEqualTo(bytes(1_000));
        }
    }

    @Test
    void aConnectionDiesWhenNoBrokerIsBehindTheGate() throws Exception {
        try (TcpGate nowhere = TcpGate.to(LoopbackPorts.at(LoopbackPorts.take()));
                Socket client = Peer.connect(nowhere)) {
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void aClosedGateStaysClosed() throws Exception {
        try (Socket client = Peer.connect(gate)) {
            assertThat(ping(client, 1)).isEqualTo(1);
            gate.close();
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        }
        assertThatThrownBy(() -> Peer.connect(gate)).isInstanceOf(ConnectException.class);
        assertThatThrownBy(gate::open).isInstanceOf(IllegalStateException.class).hasMessageContaining("closed");
    }

    private static int ping(Socket client, int value) throws IOException {
        client.getOutputStream().write(value);
        return client.getInputStream().read();
    }

    private static byte[] readToTheEnd(Socket socket) throws IOException {
        return socket.getInputStream().readAllBytes();
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) (i * 31 + (i >> 8));
        }
        return bytes;
    }

    /** Writes from another thread, as much as the connection takes. */
    private static Thread writing(Socket socket, byte[] bytes) {
        Thread writer = new Thread(() -> {
            try {
                socket.getOutputStream().write(bytes);
            } catch (IOException e) {
                // The gate broke the connection, as tests ask it to.
            }
        });
        writer.start();
        return writer;
    }
}

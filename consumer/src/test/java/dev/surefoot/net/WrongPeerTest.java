package dev.surefoot.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Readiness;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.fixtures.LogLines;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is no broker of the configured kind gives a message that names what was seen and where to look, and one warning
 * in half a minute, whoever would have logged it.
 */
@Timeout(120)
class WrongPeerTest {
    /** Alert, TLS 1.2, two bytes: fatal, unexpected message. */
    private static final byte[] TLS_ALERT = {0x15, 3, 3, 0, 2, 2, 10};

    private static final byte[] HTTP = text("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** A server that answers whatever comes first with the same bytes, and hangs up; or at once, with no bytes. */
    private static final class Peer implements AutoCloseable {
        private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final List<Socket> sockets = new CopyOnWriteArrayList<>();

        Peer(byte[] answer) throws IOException {
            Thread thread = new Thread(() -> serve(answer), "wrong-peer");
            thread.setDaemon(true);
            thread.start();
        }

        private void serve(byte[] answer) {
            while (!server.isClosed()) {
                try (Socket socket = server.accept()) {
                    sockets.add(socket);
                    InputStream in = socket.getInputStream();
                    if (answer.length > 0 && in.read() >= 0) {
                        in.skipNBytes(in.available());
                        socket.getOutputStream().write(answer);
                    }
                } catch (IOException e) {
                    // The client has hung up first, or the test is over.
                }
            }
        }

        int port() {
            return server.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }

    private static final Map<String, Object> SASL = Map.of(
            "sasl.mechanism",
            "PLAIN",
            "sasl.jaas.config",
            "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"u\" password=\"p\";");

    static Stream<Arguments> peers() {
        String port = "bootstrap.servers";
        String protocol = "security.protocol";
        return Stream.of(
                Arguments.of("PLAINTEXT", TLS_ALERT, List.of("TLS", "SSL or SASL_SSL", protocol)),
                Arguments.of("SASL_PLAINTEXT", TLS_ALERT, List.of("TLS", "SSL or SASL_SSL", protocol)),
                Arguments.of("PLAINTEXT", HTTP, List.of("HTTP", port)),
                Arguments.of("SASL_PLAINTEXT", HTTP, List.of("HTTP", port)),
                Arguments.of("SSL", HTTP, List.of("does not speak TLS", protocol)),
                Arguments.of("SASL_SSL", HTTP, List.of("does not speak TLS", protocol)),
                Arguments.of("PLAINTEXT", text("SSH-2.0-OpenSSH\r\n"), List.of("'SSH-'", port, protocol)),
                Arguments.of("PLAINTEXT", new byte[0], List.of("closed", protocol, "PLAINTEXT")),
                Arguments.of("SASL_PLAINTEXT", new byte[0], List.of("closed", protocol, "SASL_PLAINTEXT")),
                Arguments.of("SSL", new byte[0], List.of("closed", protocol, "than SSL")),
                Arguments.of("SASL_SSL", new byte[0], List.of("closed", protocol, "than SASL_SSL")));
    }

    @ParameterizedTest(name = "{0} {2}")
    @MethodSource("peers")
    void theMessageNamesWhatWasSeenAndOneWarningSaysIt(String protocol, byte[] answer, List<String> words)
            throws IOException {
        try (LogLines log = new LogLines();
                Peer peer = new Peer(answer);
                TransportRun run = new TransportRun(config(protocol, peer.port()))) {
            assertThat(attemptFor(15, run)).contains(words).contains("127.0.0.1:" + peer.port());
            assertThat(log.warnings()).singleElement().asString().contains(words);
            assertThat(log.all()).as("stack traces").noneMatch(line -> line.startsWith("\tat "));
        }
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void whereNothingListensIsSaid(String protocol) throws IOException {
        int port;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }
        try (LogLines log = new LogLines();
                TransportRun run = new TransportRun(config(protocol, port))) {
            String message = attemptFor(15, run);
            assertThat(message).contains("No connection to broker at 127.0.0.1:" + port + " could be made: ");
            assertThat(log.all()).singleElement().asString().contains("WARN").contains(message);
        }
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void whoSaysNothingIsGivenUpInTime(String protocol) throws IOException {
        try (LogLines log = new LogLines();
                ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                TransportRun run = new TransportRun(config(protocol, silent.getLocalPort()))) {
            for (int attempt = 0; attempt < 3; attempt++) {
                run.await("a connection", () -> {
                    run.readiness(-1);
                    return run.transport.nextDeadlineNanos() - run.clock.nanos() > TimeUnit.SECONDS.toNanos(29);
                });
                run.clock.advanceMs(30_000);
                run.turn();
                assertThat(run.isFailed(-1)).isTrue();
                String message =
                        ((Readiness.Failed) run.readiness(-1)).failure().cause().getMessage();
                assertThat(message)
                        .contains("request.timeout.ms")
                        .contains("another security.protocol than " + protocol);
                run.clock.advanceMs(1_201);
            }
            assertThat(log.all()).singleElement().asString().contains("WARN").contains("security.protocol");
        }
    }

    static Stream<String> protocols() {
        return Stream.of("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL");
    }

    private static Map<String, Object> config(String protocol, int port) {
        Map<String, Object> config = new HashMap<>(SASL);
        config.put("security.protocol", protocol);
        config.put("bootstrap.servers", "127.0.0.1:" + port);
        return config;
    }

    /** Attempts to connect for so long by the run's clock; returns the last failure. */
    private static String attemptFor(int seconds, TransportRun run) {
        String message = "";
        while (run.clock.nanos() < TimeUnit.SECONDS.toNanos(seconds)) {
            run.await(
                    "the end of an attempt",
                    () -> run.transport.readiness(-1, Purpose.CONTROL, run.clock.nanos()) instanceof Readiness.Failed
                            && run.openConnections() == 0);
            RequestFailure failure = ((Readiness.Failed) run.readiness(-1)).failure();
            message = failure.cause().getMessage();
            run.clock.advanceMs(1_201);
        }
        return message;
    }
}

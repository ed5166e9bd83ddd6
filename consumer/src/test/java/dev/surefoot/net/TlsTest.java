package dev.surefoot.net;

import static dev.surefoot.net.TransportRun.metadata;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.engine.Request;
import dev.surefoot.core.engine.RequestFailure.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.message.MetadataResponseData;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** TLS takes no more than its configuration; the certificate is made by the JDK's own tool. */
@Timeout(60)
class TlsTest {
    private static final String PASSWORD = "a secret";

    @TempDir
    private static Path folder;

    private static Path keyStore;

    @BeforeAll
    static void makeACertificateForThisHost() throws IOException, InterruptedException {
        keyStore = folder.resolve("broker.p12");
        String command =
                "-genkeypair -alias broker -keyalg EC -storetype PKCS12 -dname CN=broker -ext SAN=ip:127.0.0.1";
        ProcessBuilder keytool = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        keytool.command().addAll(List.of(command.split(" ")));
        keytool.command().addAll(List.of("-keystore", keyStore.toString(), "-storepass", PASSWORD));
        Path output = folder.resolve("keytool.txt");
        int code = keytool.redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start()
                .waitFor();
        assertThat(code).as(Files.readString(output)).isZero();
    }

    @Test
    void aTrustedBrokerIsTalkedTo() throws Exception {
        Map<String, Object> tls = Map.of(
                "security.protocol",
                "SSL",
                "ssl.truststore.location",
                keyStore.toString(),
                "ssl.truststore.password",
                PASSWORD);
        try (ScriptedBroker broker = ScriptedBroker.over(
                        tlsSocket(),
                        asked -> asked.answer(new MetadataResponseData().setClusterId("c".repeat(30_000))));
                TransportRun run = new TransportRun(tls)) {
            run.transport.brokers(List.of(broker.node(1)));
            Request<?> request = metadata(1, "t");
            run.sendWhenReady(request);
            assertThat(run.awaitEnd(request).answer()).isNotNull();
        }
    }

    @Test
    void aTrustedBrokerIsTalkedToWhereTheConsumersHaveNoDirectMemoryLeft() throws Exception {
        FakeDirectMemory memory = new FakeDirectMemory(64 << 20);
        memory.use(memory.limitBytes);
        Map<String, Object> tls = Map.of(
                "security.protocol",
                "SSL",
                "ssl.truststore.location",
                keyStore.toString(),
                "ssl.truststore.password",
                PASSWORD);
        try (ScriptedBroker broker = ScriptedBroker.over(
                        tlsSocket(),
                        asked -> asked.answer(new MetadataResponseData().setClusterId("c".repeat(30_000))));
                TransportRun run = new TransportRun(tls, memory.ledger(), broker.node(1))) {
            Request<?> request = metadata(1, "t");
            run.sendWhenReady(request);
            assertThat(run.awaitEnd(request).answer()).isNotNull();
            assertThat(memory.failures()).isEqualTo(1);
        }
    }

    @Test
    void aBrokerThatIsNotTrustedFailsAuthentication() throws Exception {
        try (ScriptedBroker broker = ScriptedBroker.over(tlsSocket(), asked -> {});
                TransportRun run = new TransportRun(Map.of("security.protocol", "SSL"))) {
            run.transport.brokers(List.of(broker.node(1)));
            assertThat(run.awaitFailure().kind()).isEqualTo(Kind.AUTHENTICATION);
            assertThat(run.awaitFailure().cause()).isInstanceOf(SslAuthenticationException.class);
        }
    }

    private static ServerSocket tlsSocket() throws GeneralSecurityException, IOException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keyStore)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }
}

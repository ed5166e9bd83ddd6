package dev.surefoot.net;

import static dev.surefoot.net.TransportRun.metadata;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.exchange.RequestFailure.Kind;
import dev.surefoot.fixtures.Certificate;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.message.MetadataResponseData;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** TLS takes no more than its configuration; the certificate is made by the JDK's own tool. */
@Timeout(60)
class TlsTest {
    @TempDir
    private static Path folder;

    private static Certificate certificate;

    @BeforeAll
    static void makeACertificateForThisHost() throws IOException, InterruptedException {
        certificate = Certificate.ofThisHost(folder);
    }

    /** The configuration of a client that speaks TLS and trusts this certificate. */
    static Map<String, Object> trusting(Certificate certificate) {
        Map<String, Object> config = new HashMap<>(certificate.asTrustStore());
        config.put("security.protocol", "SSL");
        return config;
    }

    @Test
    void aTrustedBrokerIsTalkedTo() throws Exception {
        try (ScriptedBroker broker = ScriptedBroker.over(
                        certificate.serverSocket(),
                        asked -> asked.answer(new MetadataResponseData().setClusterId("c".repeat(30_000))));
                TransportRun run = new TransportRun(trusting(certificate))) {
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
        try (ScriptedBroker broker = ScriptedBroker.over(
                        certificate.serverSocket(),
                        asked -> asked.answer(new MetadataResponseData().setClusterId("c".repeat(30_000))));
                TransportRun run = new TransportRun(trusting(certificate), memory.ledger(), broker.node(1))) {
            Request<?> request = metadata(1, "t");
            run.sendWhenReady(request);
            assertThat(run.awaitEnd(request).answer()).isNotNull();
            assertThat(memory.failures()).isEqualTo(1);
        }
    }

    @Test
    void aBrokerThatIsNotTrustedFailsAuthentication() throws Exception {
        try (ScriptedBroker broker = ScriptedBroker.over(certificate.serverSocket(), asked -> {});
                TransportRun run = new TransportRun(Map.of("security.protocol", "SSL"))) {
            run.transport.brokers(List.of(broker.node(1)));
            assertThat(run.awaitFailure().kind()).isEqualTo(Kind.AUTHENTICATION);
            assertThat(run.awaitFailure().cause()).isInstanceOf(SslAuthenticationException.class);
        }
    }
}

package dev.surefoot.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.exchange.RequestFailure.Kind;
import dev.surefoot.fixtures.Certificate;
import dev.surefoot.fixtures.LogLines;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLServerSocket;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever ends a TLS handshake stands in the message, with the key to look at, and in the warning. */
@Timeout(60)
class TlsRefusalTest {
    @TempDir
    private Path folder;

    /** What a broker does with its socket before it listens. */
    private interface Setting {
        void apply(SSLServerSocket socket);
    }

    private void assertRefused(Certificate certificate, Setting setting, Map<String, Object> client, String... words)
            throws Exception {
        SSLServerSocket socket = certificate.serverSocket();
        setting.apply(socket);
        Map<String, Object> config = new HashMap<>(Map.of("security.protocol", "SSL"));
        config.putAll(client);
        try (LogLines log = new LogLines();
                ScriptedBroker broker = ScriptedBroker.over(socket, asked -> {});
                TransportRun run = new TransportRun(config)) {
            run.transport.brokers(List.of(broker.node(1)));
            RequestFailure failure = run.awaitFailure();
            assertThat(failure.kind()).isEqualTo(Kind.AUTHENTICATION);
            assertThat(failure.cause())
                    .isInstanceOf(SslAuthenticationException.class)
                    .hasMessageContaining(" with broker 1 at 127.0.0.1")
                    .hasMessageContainingAll(words);
            assertThat(log.warnings()).singleElement().asString().contains(words);
        }
    }

    private static Map<String, Object> trusting(Certificate certificate) {
        return new HashMap<>(certificate.asTrustStore());
    }

    private static Map<String, Object> with(Map<String, Object> config, String key, Object value) {
        Map<String, Object> more = new HashMap<>(config);
        more.put(key, value);
        return more;
    }

    @Test
    void anAuthorityThatIsNotKnown() throws Exception {
        assertRefused(
                Certificate.ofThisHost(folder),
                socket -> {},
                Map.of(),
                "unable to find valid certification path",
                "ssl.truststore.location");
    }

    @Test
    void aCertificateThatHasExpired() throws Exception {
        Certificate authority = Certificate.authority(folder);
        Certificate expired = authority.sign("broker", "-startdate", "-10d", "-validity", "2");
        assertRefused(expired, socket -> {}, trusting(authority), "NotAfter", "renewed");
    }

    @Test
    void aCertificateThatIsNotValidYet() throws Exception {
        Certificate authority = Certificate.authority(folder);
        Certificate early = authority.sign("broker", "-startdate", "+10d", "-validity", "2");
        assertRefused(early, socket -> {}, trusting(authority), "NotBefore", "clock");
    }

    @Test
    void aCertificateOfAnotherHost() throws Exception {
        Certificate elsewhere = Certificate.in(folder, "broker", "-ext", "SAN=dns:elsewhere.example");
        assertRefused(
                elsewhere,
                socket -> {},
                trusting(elsewhere),
                "No subject alternative names matching IP address 127.0.0.1",
                "advertised.listeners",
                "ssl.endpoint.identification.algorithm");
    }

    @Test
    void noProtocolInCommon() throws Exception {
        Certificate certificate = Certificate.ofThisHost(folder);
        assertRefused(
                certificate,
                socket -> socket.setEnabledProtocols(new String[] {"TLSv1.2"}),
                with(trusting(certificate), "ssl.enabled.protocols", "TLSv1.3"),
                "protocol_version",
                "ssl.enabled.protocols");
    }

    @Test
    void noCipherSuiteInCommon() throws Exception {
        Certificate certificate = Certificate.ofThisHost(folder);
        assertRefused(
                certificate,
                socket -> socket.setEnabledCipherSuites(new String[] {"TLS_AES_256_GCM_SHA384"}),
                with(trusting(certificate), "ssl.cipher.suites", "TLS_AES_128_GCM_SHA256"),
                "handshake_failure",
                "ssl.cipher.suites");
    }

    @Test
    void aClientCertificateThatIsMissing() throws Exception {
        Certificate certificate = Certificate.ofThisHost(folder);
        // With the newer one the refusal comes after the handshake, as far as the client can tell.
        for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
            assertRefused(
                    certificate,
                    socket -> socket.setNeedClientAuth(true),
                    with(trusting(certificate), "ssl.enabled.protocols", protocol),
                    "fatal alert: ",
                    "ssl.keystore");
        }
    }
}

package dev.surefoot.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.engine.RequestFailure;
import dev.surefoot.core.engine.RequestFailure.Kind;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever ends a TLS handshake stands in the message, with the key to look at, and in the warning. */
@Timeout(60)
class TlsRefusalTest {
    private static final String PASSWORD = "a secret";
    private static final String THIS_HOST = "-ext SAN=ip:127.0.0.1";

    @TempDir
    private Path folder;

    /** What a broker does with its socket before it listens. */
    private interface Setting {
        void apply(SSLServerSocket socket);
    }

    private void keytool(String arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments.split(" ")));
        command.addAll(List.of("-storepass", PASSWORD));
        Path output = folder.resolve("keytool.txt");
        int code = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start()
                .waitFor();
        assertThat(code).as(Files.readString(output)).isZero();
    }

    /** A certificate that signs itself; to trust the file is to trust it. */
    private Path keyStore(String options) throws Exception {
        keytool("-genkeypair -keystore broker.p12 -alias broker -keyalg EC -dname CN=broker " + options);
        return folder.resolve("broker.p12");
    }

    /** A certificate signed by the authority in {@code ca.p12}: of what is trusted by itself nobody checks the dates. */
    private Path signedKeyStore(String options) throws Exception {
        keytool("-genkeypair -keystore ca.p12 -alias ca -keyalg EC -dname CN=authority -ext bc:c");
        keytool("-exportcert -keystore ca.p12 -alias ca -file ca.crt");
        Path keyStore = keyStore(THIS_HOST);
        keytool("-importcert -noprompt -keystore broker.p12 -alias ca -file ca.crt");
        keytool("-certreq -keystore broker.p12 -alias broker -file broker.csr");
        keytool("-gencert -keystore ca.p12 -alias ca -infile broker.csr -outfile broker.crt " + options);
        keytool("-importcert -keystore broker.p12 -alias broker -file broker.crt");
        return keyStore;
    }

    private void assertRefused(Path keyStore, Setting setting, Map<String, Object> client, String... words)
            throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keyStore)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        SSLServerSocket socket = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
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

    private static Map<String, Object> trusting(Path keyStore) {
        return Map.of("ssl.truststore.location", keyStore.toString(), "ssl.truststore.password", PASSWORD);
    }

    private static Map<String, Object> with(Map<String, Object> config, String key, Object value) {
        Map<String, Object> more = new HashMap<>(config);
        more.put(key, value);
        return more;
    }

    @Test
    void anAuthorityThatIsNotKnown() throws Exception {
        assertRefused(
                keyStore(THIS_HOST),
                socket -> {},
                Map.of(),
                "unable to find valid certification path",
                "ssl.truststore.location");
    }

    @Test
    void aCertificateThatHasExpired() throws Exception {
        Path keyStore = signedKeyStore(THIS_HOST + " -startdate -10d -validity 2");
        assertRefused(keyStore, socket -> {}, trusting(folder.resolve("ca.p12")), "NotAfter", "renewed");
    }

    @Test
    void aCertificateThatIsNotValidYet() throws Exception {
        Path keyStore = signedKeyStore(THIS_HOST + " -startdate +10d -validity 2");
        assertRefused(keyStore, socket -> {}, trusting(folder.resolve("ca.p12")), "NotBefore", "clock");
    }

    @Test
    void aCertificateOfAnotherHost() throws Exception {
        Path keyStore = keyStore("-ext SAN=dns:elsewhere.example");
        assertRefused(
                keyStore,
                socket -> {},
                trusting(keyStore),
                "No subject alternative names matching IP address 127.0.0.1",
                "advertised.listeners",
                "ssl.endpoint.identification.algorithm");
    }

    @Test
    void noProtocolInCommon() throws Exception {
        Path keyStore = keyStore(THIS_HOST);
        assertRefused(
                keyStore,
                socket -> socket.setEnabledProtocols(new String[] {"TLSv1.2"}),
                with(trusting(keyStore), "ssl.enabled.protocols", "TLSv1.3"),
                "protocol_version",
                "ssl.enabled.protocols");
    }

    @Test
    void noCipherSuiteInCommon() throws Exception {
        Path keyStore = keyStore(THIS_HOST);
        assertRefused(
                keyStore,
                socket -> socket.setEnabledCipherSuites(new String[] {"TLS_AES_256_GCM_SHA384"}),
                with(trusting(keyStore), "ssl.cipher.suites", "TLS_AES_128_GCM_SHA256"),
                "handshake_failure",
                "ssl.cipher.suites");
    }

    @Test
    void aClientCertificateThatIsMissing() throws Exception {
        Path keyStore = keyStore(THIS_HOST);
        // With the newer one the refusal comes after the handshake, as far as the client can tell.
        for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
            assertRefused(
                    keyStore,
                    socket -> socket.setNeedClientAuth(true),
                    with(trusting(keyStore), "ssl.enabled.protocols", protocol),
                    "fatal alert: ",
                    "ssl.keystore");
        }
    }
}

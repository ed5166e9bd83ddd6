package dev.surefoot.net;

import static org.assertj.core.api.Assertions.assertThat;

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

/** A certificate for 127.0.0.1 that signs itself, made by the JDK's own tool. */
record BrokerCertificate(Path keyStore) {
    private static final String PASSWORD = "a secret";

    static BrokerCertificate in(Path folder) throws IOException, InterruptedException {
        Path keyStore = folder.resolve("broker.p12");
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
        return new BrokerCertificate(keyStore);
    }

    /** The configuration of a client that speaks TLS and trusts this certificate. */
    Map<String, Object> trusting() {
        return Map.of(
                "security.protocol",
                "SSL",
                "ssl.truststore.location",
                keyStore.toString(),
                "ssl.truststore.password",
                PASSWORD);
    }

    /** A listening socket that shows this certificate. */
    ServerSocket serverSocket() throws GeneralSecurityException, IOException {
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

package dev.surefoot.testkit.security;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A self-signed certificate with its key, made by the JDK's own tool; whoever trusts the file trusts the certificate. */
record Certificate(Path keyStore) {
    static final String PASSWORD = "a secret";

    /** @param options of {@code keytool -genkeypair}, such as {@code -ext SAN=ip:127.0.0.1} */
    static Certificate in(Path folder, String name, String... options) throws IOException, InterruptedException {
        Path keyStore = folder.resolve(name + ".p12");
        Path output = folder.resolve(name + ".txt");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias", name));
        command.addAll(List.of("-keyalg", "EC", "-storetype", "PKCS12", "-dname", "CN=" + name));
        command.addAll(List.of("-keystore", keyStore.toString(), "-storepass", PASSWORD));
        command.addAll(List.of(options));
        Process keytool = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (keytool.waitFor() != 0) {
            throw new IllegalStateException("keytool failed: " + Files.readString(output));
        }
        return new Certificate(keyStore);
    }

    /** What a server or client needs to show this certificate. */
    Map<String, String> asKeyStore() {
        return Map.of(
                "ssl.keystore.location",
                keyStore.toString(),
                "ssl.keystore.type",
                "PKCS12",
                "ssl.keystore.password",
                PASSWORD);
    }

    /** What a server or client needs to trust this certificate. */
    Map<String, String> asTrustStore() {
        return Map.of(
                "ssl.truststore.location",
                keyStore.toString(),
                "ssl.truststore.type",
                "PKCS12",
                "ssl.truststore.password",
                PASSWORD);
    }
}

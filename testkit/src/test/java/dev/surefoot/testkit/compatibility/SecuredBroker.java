package dev.surefoot.testkit.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.testkit.LoopbackPorts;
import dev.surefoot.testkit.cluster.KafkaCluster;
import dev.surefoot.testkit.cluster.KafkaClusterBuilder;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/** A broker that is reached in every way a client can, with a topic for each codec. */
final class SecuredBroker implements AutoCloseable {
    static final List<String> CODECS = List.of("none", "gzip", "snappy", "lz4", "zstd");
    static final int RECORDS = 2_000;

    private static final String PASSWORD = "a secret";
    private static final String PLAIN = "org.apache.kafka.common.security.plain.PlainLoginModule required";
    private static final String SCRAM = "org.apache.kafka.common.security.scram.ScramLoginModule required";
    private static final String LOGIN = " username=\"user\" password=\"" + PASSWORD + "\";";

    private final KafkaCluster cluster;
    private final Map<String, Map<String, String>> clients = new LinkedHashMap<>();

    /** @param folder where the certificate and the configurations of the clients go */
    SecuredBroker(Path folder) throws Exception {
        Path keyStore = makeCertificate(folder);
        Map<String, String> trust = Map.of(
                "ssl.truststore.location",
                keyStore.toString(),
                "ssl.truststore.password",
                PASSWORD,
                "ssl.truststore.type",
                "PKCS12");
        KafkaClusterBuilder builder = KafkaCluster.builder();
        for (String protocol : List.of("SASL_PLAINTEXT", "SSL", "SASL_SSL")) {
            int port = LoopbackPorts.take();
            builder.listener("WITH_" + protocol, protocol, port);
            secure(
                    builder,
                    "listener.name.with_" + protocol.toLowerCase(java.util.Locale.ROOT) + ".",
                    protocol,
                    keyStore);
            if (protocol.startsWith("SASL")) {
                client(protocol, "PLAIN", port, PLAIN, trust);
                client(protocol, "SCRAM-SHA-256", port, SCRAM, trust);
            } else {
                client(protocol, "", port, "", trust);
            }
        }
        cluster = builder.start();
        clients.put("PLAINTEXT", Map.of("bootstrap.servers", cluster.bootstrapServers()));
        cluster.admin()
                .alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(
                        "user", new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 4096), PASSWORD)))
                .all()
                .get(30, TimeUnit.SECONDS);
        for (String codec : CODECS) {
            write(codec);
        }
        for (Map.Entry<String, Map<String, String>> client : clients.entrySet()) {
            Properties properties = new Properties();
            properties.putAll(client.getValue());
            try (Writer file = Files.newBufferedWriter(folder.resolve(client.getKey() + ".properties"))) {
                properties.store(file, null);
            }
        }
    }

    private static void secure(KafkaClusterBuilder builder, String prefix, String protocol, Path keyStore) {
        if (protocol.startsWith("SASL")) {
            builder.brokerConfig(prefix + "sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-256")
                    .brokerConfig(prefix + "plain.sasl.jaas.config", PLAIN + " user_user=\"" + PASSWORD + "\";")
                    .brokerConfig(prefix + "scram-sha-256.sasl.jaas.config", SCRAM + ";");
        }
        if (protocol.endsWith("SSL")) {
            builder.brokerConfig(prefix + "ssl.keystore.location", keyStore.toString())
                    .brokerConfig(prefix + "ssl.keystore.password", PASSWORD)
                    .brokerConfig(prefix + "ssl.keystore.type", "PKCS12");
        }
    }

    private void client(String protocol, String mechanism, int port, String login, Map<String, String> trust) {
        Map<String, String> config = new LinkedHashMap<>();
        config.put("bootstrap.servers", "127.0.0.1:" + port);
        config.put("security.protocol", protocol);
        if (protocol.startsWith("SASL")) {
            config.put("sasl.mechanism", mechanism);
            config.put("sasl.jaas.config", login + LOGIN);
        }
        if (protocol.endsWith("SSL")) {
            config.putAll(trust);
        }
        clients.put(mechanism.isEmpty() ? protocol : protocol + "-" + mechanism, config);
    }

    /** The names of the configurations, each of which is in a file of that name. */
    List<String> clients() {
        return clients.keySet().stream().sorted().toList();
    }

    private void write(String codec) {
        cluster.createTopic(codec, 1, 1);
        Map<String, Object> config = new LinkedHashMap<>(cluster.producerConfig());
        config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, codec);
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < RECORDS; i++) {
                producer.send(new ProducerRecord<>(codec, "key " + i, "value " + i));
            }
        }
    }

    private static Path makeCertificate(Path folder) throws IOException, InterruptedException {
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
        return keyStore;
    }

    @Override
    public void close() {
        cluster.close();
    }
}

package dev.surefoot.testkit.compatibility;

import dev.surefoot.fixtures.Certificate;
import dev.surefoot.testkit.LoopbackPorts;
import dev.surefoot.testkit.cluster.KafkaCluster;
import dev.surefoot.testkit.cluster.KafkaClusterBuilder;
import dev.surefoot.testkit.security.SecuredBroker;
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
final class BrokerOfEveryProtocol implements AutoCloseable {
    static final List<String> CODECS = List.of("none", "gzip", "snappy", "lz4", "zstd");
    static final int RECORDS = 2_000;

    private final KafkaCluster cluster;
    private final Map<String, Map<String, String>> clients = new LinkedHashMap<>();

    /** @param folder where the certificate and the configurations of the clients go */
    BrokerOfEveryProtocol(Path folder) throws Exception {
        Certificate certificate = Certificate.ofThisHost(folder);
        KafkaClusterBuilder builder = KafkaCluster.builder();
        for (String protocol : List.of("SASL_PLAINTEXT", "SSL", "SASL_SSL")) {
            int port = LoopbackPorts.take();
            String listener = "WITH_" + protocol;
            builder.listener(listener, protocol, port);
            SecuredBroker.secure(builder, listener, certificate);
            Map<String, String> client = new LinkedHashMap<>(SecuredBroker.client(protocol, certificate));
            client.put("bootstrap.servers", "127.0.0.1:" + port);
            if (protocol.startsWith("SASL")) {
                clients.put(protocol + "-PLAIN", client);
                Map<String, String> byScram = new LinkedHashMap<>(client);
                byScram.putAll(SecuredBroker.scram(SecuredBroker.PASSWORD));
                clients.put(protocol + "-SCRAM-SHA-256", byScram);
            } else {
                clients.put(protocol, client);
            }
        }
        cluster = builder.start();
        clients.put("PLAINTEXT", Map.of("bootstrap.servers", cluster.bootstrapServers()));
        cluster.admin()
                .alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(
                        SecuredBroker.USER,
                        new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 4096),
                        SecuredBroker.PASSWORD)))
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

    @Override
    public void close() {
        cluster.close();
    }
}

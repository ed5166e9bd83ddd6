package dev.surefoot.testkit.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.testkit.cluster.KafkaCluster;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The same class files run with every kafka-clients that is supported, each in a JVM of its own. The build copies the older jars
 * beside the test classes; the newest one is on the class path of every other test.
 */
class KafkaClientsVersionsTest {
    private static final int RECORDS = 5_000;
    private static final Path OLDER_CLIENTS = Path.of("target", "kafka-clients");

    private static KafkaCluster cluster;

    @BeforeAll
    static void writeTopic() throws Exception {
        cluster = KafkaCluster.withBrokers(1);
        cluster.createTopic("versions", 1, 1);
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(cluster.producerConfig(), new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < RECORDS; i++) {
                producer.send(new ProducerRecord<>("versions", "key " + i, "value " + i));
            }
        }
    }

    @AfterAll
    static void stopCluster() {
        cluster.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"4.0.1", "4.1.1", "4.2.0"})
    void readsWithOlderKafkaClients(String version) throws Exception {
        Path jar = OLDER_CLIENTS.resolve("kafka-clients-" + version + ".jar");
        assertThat(jar).as("copied by the build").exists();
        long offsets = (long) RECORDS * (RECORDS - 1) / 2;
        assertThat(run(jar)).isEqualTo(version + " " + RECORDS + " " + offsets + " " + RECORDS + " 1 1");
    }

    private static String run(Path kafkaClients) throws IOException, InterruptedException {
        Path output = Files.createTempFile("surefoot-versions", ".txt");
        try {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            classPathWith(kafkaClients),
                            ReadEverything.class.getName(),
                            cluster.bootstrapServers(),
                            "versions",
                            Integer.toString(RECORDS))
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            boolean ended = process.waitFor(60, TimeUnit.SECONDS);
            process.destroyForcibly();
            String printed = Files.readString(output, StandardCharsets.UTF_8).trim();
            assertThat(ended)
                    .as("the program ends by itself; it printed: %s", printed)
                    .isTrue();
            List<String> lines = printed.lines().toList();
            return lines.isEmpty() ? "" : lines.get(lines.size() - 1);
        } finally {
            Files.delete(output);
        }
    }

    /** This JVM's class path with another kafka-clients, and without Kafka's server, which needs the newest one. */
    private static String classPathWith(Path kafkaClients) {
        Stream<String> others = Stream.of(
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                                .split(File.pathSeparator))
                .filter(entry ->
                        !entry.contains(File.separator + "org" + File.separator + "apache" + File.separator + "kafka"));
        return Stream.concat(Stream.of(kafkaClients.toString()), others)
                .collect(Collectors.joining(File.pathSeparator));
    }
}

package dev.surefoot.cli.consume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.cli.CommandOutput;
import dev.surefoot.testkit.cluster.KafkaCluster;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The command before a real broker. */
class ConsumeClusterTest {

    private static final int PARTITIONS = 2;
    private static final int RECORDS = 200;
    private static final long FIRST_TIMESTAMP = 1_769_853_600_000L;

    private static KafkaCluster cluster;

    @BeforeAll
    static void fillATopic() {
        cluster = KafkaCluster.withBrokers(1);
        cluster.createTopic("orders", PARTITIONS, 1, Map.of());
        Map<String, Object> config = Map.of("bootstrap.servers", cluster.bootstrapServers());
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < RECORDS; i++) {
                byte[] value = ("value " + i).getBytes(StandardCharsets.UTF_8);
                producer.send(new ProducerRecord<>("orders", i % PARTITIONS, FIRST_TIMESTAMP + i, null, value));
            }
        }
    }

    @AfterAll
    static void endTheCluster() {
        cluster.close();
    }

    @Test
    void everyRecordIsPrintedOnce() {
        CommandOutput read = consume("orders", "--exit");

        assertThat(read.err()).isEmpty();
        assertThat(read.exitCode()).isZero();
        assertThat(read.out().lines())
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, RECORDS).mapToObj(i -> "value " + i).toList());
    }

    @Test
    void readingFromATimeBeginsWithItsFirstRecord() {
        CommandOutput read = consume("orders", "-e", "--from", "@" + (FIRST_TIMESTAMP + RECORDS - 4));

        assertThat(read.out().lines()).containsExactlyInAnyOrder("value 196", "value 197", "value 198", "value 199");
    }

    @Test
    void aTimeAfterTheLastRecordIsTheEnd() {
        CommandOutput read = consume("orders", "-e", "--from", "2030-01-01T00:00:00Z");

        assertThat(read.exitCode()).isZero();
        assertThat(read.out()).isEmpty();
    }

    @Test
    void anUnknownTopicIsOneLineAndExitCode1() {
        CommandOutput read = consume("no-such-topic");

        assertThat(read.exitCode()).isEqualTo(1);
        assertThat(read.err().lines()).hasSize(1);
        assertThat(read.err()).contains("there is no topic no-such-topic");
    }

    @Test
    void anInvalidTopicIsOneLineAndExitCode1() {
        CommandOutput read = consume("no topic/");

        assertThat(read.exitCode()).isEqualTo(1);
        assertThat(read.err().lines()).hasSize(1);
    }

    private static CommandOutput consume(String topic, String... options) {
        Stream<String> fixed = Stream.of("consume", "-b", cluster.bootstrapServers(), "-t", topic);
        return CommandOutput.of(Stream.concat(fixed, Stream.of(options)).toArray(String[]::new));
    }
}

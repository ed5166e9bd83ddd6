package dev.surefoot.cli.consume;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.surefoot.cli.CommandOutput;
import dev.surefoot.cli.console.Termination;
import dev.surefoot.testkit.Await;
import dev.surefoot.testkit.cluster.KafkaCluster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code consume --progress} before a real broker, where standard error is not a terminal. */
class ConsumeProgressClusterTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static KafkaCluster cluster;

    @BeforeAll
    static void fillATopic() {
        cluster = KafkaCluster.withBrokers(1);
        cluster.createTopic("orders", 1, 1);
        Map<String, Object> config = new HashMap<>(Map.of("bootstrap.servers", cluster.bootstrapServers()));
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>("orders", 0, null, new byte[] {'x'}));
        }
    }

    @AfterAll
    static void endTheCluster() {
        cluster.close();
    }

    /** Reads until standard error has these words, and returns it. */
    private static String until(String words, String... more) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Termination termination = new Termination();
        String[] options = new String[6 + more.length];
        System.arraycopy(
                new String[] {"consume", "-b", cluster.bootstrapServers(), "-t", "orders", "--progress"},
                0,
                options,
                0,
                6);
        System.arraycopy(more, 0, options, 6, more.length);
        CompletableFuture<Integer> exitCode = CompletableFuture.supplyAsync(
                () -> CommandOutput.into(new ByteArrayOutputStream(), err, termination, options));
        Await.until(
                "the words",
                PATIENCE,
                () -> err.toString(StandardCharsets.UTF_8).contains(words));
        termination.ask();
        assertThat(exitCode.join()).isZero();
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aLineTellsOfEachChange() {
        assertThat(until("CAUGHT_UP at 1")).contains("surefoot consume: orders-0 ");
    }

    @Test
    void withJsonItIsAnObject() throws IOException {
        String err = until("\"cause\":\"CAUGHT_UP\"", "--json");
        String line = err.lines()
                .filter(each -> each.contains("\"cause\":\"CAUGHT_UP\""))
                .findFirst()
                .orElseThrow();
        JsonNode change = new ObjectMapper().readTree(line);

        assertThat(change.path("topic").asText()).isEqualTo("orders");
        assertThat(change.path("severity").asText()).isEqualTo("FINE");
        assertThat(change.path("marks").path("position").asLong()).isEqualTo(1);
        assertThat(change.path("at").asText()).endsWith("Z");
    }
}

package dev.surefoot.cli.consume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.cli.CommandOutput;
import dev.surefoot.cli.Surefoot;
import dev.surefoot.cli.console.Termination;
import dev.surefoot.testkit.Await;
import dev.surefoot.testkit.cluster.KafkaCluster;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The command before topics that are written to while it reads, that end in what is never delivered, and several of
 * them.
 */
class ConsumeTopicsClusterTest {

    private static final int BUFFER_BYTES = 64 * 1024;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String COMMITTED = "isolation.level=read_committed";

    private static KafkaCluster cluster;

    @BeforeAll
    static void fillTopics() {
        cluster = KafkaCluster.withBrokers(1);
        cluster.createTopic("orders", 2, 1);
        cluster.createTopic("bills", 2, 1);
        cluster.createTopic("transactions", 1, 1);
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of())) {
            for (int i = 0; i < 50; i++) {
                producer.send(new ProducerRecord<>("orders", 0, 1000L + i, null, bytes("o" + i)));
            }
            producer.send(new ProducerRecord<>("orders", 1, 1000L, null, bytes("o")));
            producer.send(new ProducerRecord<>("bills", 0, 1025L, null, (byte[]) null));
            producer.send(new ProducerRecord<>("bills", 0, 1026L, null, new byte[0]));
        }
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of("transactional.id", "teller"))) {
            producer.initTransactions();
            transact(producer, 15, "committed", true);
            for (int i = 0; i < 20; i++) {
                transact(producer, 1, "single" + i, true);
            }
            transact(producer, 100, "aborted", false);
        }
    }

    @AfterAll
    static void endTheCluster() {
        cluster.close();
    }

    @Test
    void theFirstRecordComesWhileTrafficGoesOn() throws Exception {
        cluster.createTopic("live", 1, 1);
        Termination termination = new Termination();
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of());
                PipedInputStream in = new PipedInputStream(4 * BUFFER_BYTES);
                OutputStream out = new BufferedOutputStream(new PipedOutputStream(in), BUFFER_BYTES)) {
            CompletableFuture<Integer> exitCode = CompletableFuture.supplyAsync(
                    () -> CommandOutput.into(out, termination, options("live", "-f", ".")));
            int written = 0;
            while (in.available() == 0 && !exitCode.isDone() && written < BUFFER_BYTES) {
                producer.send(new ProducerRecord<>("live", bytes("sixbyt"))).get();
                written++;
            }

            assertThat(in.available()).as("bytes out after %d records", written).isPositive();
            termination.ask();
            assertThat(exitCode.get()).isZero();
        }
    }

    @Test
    void aReaderThatHasSeenEnoughEndsTheCommandWithoutAFailure() throws Exception {
        cluster.createTopic("cut", 1, 1);
        Process command = start(options("cut", "-f", "%o\\n"));
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of())) {
            producer.send(new ProducerRecord<>("cut", bytes("first"))).get();
            try (BufferedReader lines = linesOf(command)) {
                assertThat(lines.readLine()).isEqualTo("0");
            }
            Await.until("the command has ended", PATIENCE, () -> {
                producer.send(new ProducerRecord<>("cut", bytes("more"))).get();
                return !command.isAlive();
            });

            assertThat(command.exitValue()).isZero();
            assertThat(new String(command.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
                    .isEmpty();
        } finally {
            command.destroyForcibly();
        }
    }

    @Test
    void theLastRecordsAreRecordsAndNotMarkers() {
        CommandOutput read = CommandOutput.of(options("transactions", "-o", "-3", "-e", "-X", COMMITTED));

        assertThat(read.err()).isEmpty();
        assertThat(read.out()).isEqualTo("single17-0\nsingle18-0\nsingle19-0\n");
    }

    @Test
    void theLastRecordsReachBackOverAsManyWindowsAsItTakes() {
        CommandOutput read = CommandOutput.of(options("transactions", "-o", "-33", "-e", "-X", COMMITTED));

        assertThat(read.out().lines())
                .hasSize(33)
                .startsWith("committed-2", "committed-3")
                .endsWith("single19-0");
    }

    @Test
    void theLastRecordsOfAReaderThatSeesAllAreTheAbortedOnes() {
        CommandOutput read = CommandOutput.of(options("transactions", "-o", "-2", "-e"));

        assertThat(read.out()).isEqualTo("aborted-98\naborted-99\n");
    }

    @Test
    void aPartitionWithoutTheOffsetIsLeftOutWithAWarning() {
        CommandOutput read = CommandOutput.of(options("orders", "-o", "42", "-e"));

        assertThat(read.exitCode()).isZero();
        assertThat(read.out().lines()).startsWith("o42").endsWith("o49").hasSize(8);
        assertThat(read.err().lines()).singleElement().asString().contains("offset 42 is outside orders-1");
    }

    @Test
    void severalTopicsAreRead() {
        CommandOutput read = CommandOutput.of(options("orders,bills", "-t", "orders", "-p", "0", "-o", "-2", "-e"));

        assertThat(read.err()).isEmpty();
        assertThat(read.out().lines()).containsExactlyInAnyOrder("o48", "o49", "NULL", "");
    }

    @Test
    void aTopicThatIsMissingAmongOthersIsNamed() {
        CommandOutput read = CommandOutput.of(options("orders", "-t", "no-such-topic"));

        assertThat(read.exitCode()).isEqualTo(1);
        assertThat(read.err()).contains("there is no topic no-such-topic");
    }

    @Test
    void aTimeThatHasPassedEndsTheReading() {
        CommandOutput read = CommandOutput.of(options("orders", "--from", "@1010", "--until", "@1012"));

        assertThat(read.exitCode()).isZero();
        assertThat(read.out()).isEqualTo("o10\no11\n");
    }

    @Test
    void aTimeToComeEndsTheReadingWhenItHasPassed() {
        CommandOutput read = CommandOutput.of(options("bills", "-o", "end", "--until", "+100ms"));

        assertThat(read.exitCode()).isZero();
        assertThat(read.out()).isEmpty();
    }

    private static String[] options(String topic, String... more) {
        Stream<String> fixed = Stream.of("consume", "-b", cluster.bootstrapServers(), "-t", topic);
        return Stream.concat(fixed, Stream.of(more)).toArray(String[]::new);
    }

    /** A process of its own: only there is standard output a pipe that the other end can close. */
    private static Process start(String... args) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Stream<String> fixed = Stream.of(java, "-cp", System.getProperty("java.class.path"), Surefoot.class.getName());
        return new ProcessBuilder(Stream.concat(fixed, Stream.of(args)).toList()).start();
    }

    private static BufferedReader linesOf(Process command) {
        return new BufferedReader(new InputStreamReader(command.getInputStream(), StandardCharsets.UTF_8));
    }

    private static void transact(KafkaProducer<byte[], byte[]> producer, int records, String name, boolean commit) {
        producer.beginTransaction();
        for (int i = 0; i < records; i++) {
            producer.send(new ProducerRecord<>("transactions", bytes(name + "-" + i)));
        }
        producer.flush();
        if (commit) {
            producer.commitTransaction();
        } else {
            producer.abortTransaction();
        }
    }

    private static KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
        Map<String, Object> config = new HashMap<>(Map.of("bootstrap.servers", cluster.bootstrapServers()));
        config.putAll(more);
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

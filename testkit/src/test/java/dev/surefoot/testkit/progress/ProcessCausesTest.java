package dev.surefoot.testkit.progress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.progress.StallCause;
import dev.surefoot.testkit.Await;
import dev.surefoot.testkit.cluster.KafkaCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The causes that lie in the consumer's process: each has a JVM of its own, that reads from a real broker. */
@Tag("soak")
@Timeout(300)
class ProcessCausesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int BATCH_BYTES = 12_000_000;

    @TempDir
    private static Path folder;

    private static KafkaCluster cluster;
    private final List<Process> started = new ArrayList<>();
    private Path output = Path.of("");
    private long sinceNanos;

    @BeforeAll
    static void start() {
        cluster = KafkaCluster.builder()
                .brokerConfig("message.max.bytes", "20000000")
                .start();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @AfterEach
    void end() {
        started.forEach(Process::destroyForcibly);
    }

    private Process run(String topic, List<String> ofJvm, List<String> options) throws IOException {
        output = Files.createTempFile(folder, "program", ".txt");
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(ofJvm);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), ReportingConsumer.class.getName()));
        command.addAll(List.of(cluster.bootstrapServers(), topic));
        command.addAll(options);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        started.add(process);
        sinceNanos = System.nanoTime();
        return process;
    }

    private String awaitLine(String start) {
        return Await.value(
                "a line that begins with " + start,
                PATIENCE,
                () -> Files.readAllLines(output).stream()
                        .filter(line -> line.startsWith(start))
                        .findFirst());
    }

    private void print(StallCause cause, String injection, String line) {
        System.out.printf(
                "| %s | %s | %.1f s | %s |%n", cause, injection, (System.nanoTime() - sinceNanos) / 1e9, line);
    }

    @Test
    void thereIsNoMemoryForAnAnswer() throws Exception {
        cluster.createTopic("large", 1, 1, Map.of("max.message.bytes", "20000000"));
        Written.to(cluster, new TopicPartition("large", 0), 3, BATCH_BYTES);
        Process process = run(
                "large",
                List.of("-Xmx20m", "-XX:MaxDirectMemorySize=8m", "-XX:+UseSerialGC"),
                List.of("fetch.max.bytes=16000000", "max.partition.fetch.bytes=16000000"));

        String stalled = awaitLine(StallCause.MEMORY_EXHAUSTED + " STALLED");

        print(
                StallCause.MEMORY_EXHAUSTED,
                "a batch of 12 MB, 20 MiB of heap, 8 MiB beside it, start included",
                stalled);
        assertThat(process.isAlive()).isTrue();
    }

    @Test
    void theProcessWasStopped() throws Exception {
        cluster.createTopic("small", 1, 1);
        Process process = run("small", List.of("-Xmx64m"), List.of());
        awaitLine(StallCause.CAUGHT_UP.name());
        signal(process, "STOP");
        assertThat(process.waitFor(8, TimeUnit.SECONDS)).isFalse();
        signal(process, "CONT");
        sinceNanos = System.nanoTime();

        String concern = awaitLine("concern " + StallCause.PROCESS_PAUSED);

        print(StallCause.PROCESS_PAUSED, "SIGSTOP for 8 s", concern);
        assertThat(Files.readAllLines(output)).noneMatch(line -> line.contains(" STALLED "));
    }

    private static void signal(Process process, String name) throws Exception {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
        assertThat(kill.waitFor()).isZero();
    }
}

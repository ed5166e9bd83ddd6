package dev.surefoot.testkit.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.testkit.check.SequencedTopic;
import dev.surefoot.testkit.cluster.KafkaCluster;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Programs in JVMs of their own that have little memory. */
class ScarceMemoryTest {
    private static final int PARTITIONS = 6;
    private static final int PER_PARTITION = 4_000;
    private static final int RECORDS = PARTITIONS * PER_PARTITION;
    private static final int CONSUMERS = 50;
    private static final long MEBIBYTE = 1 << 20;

    private static KafkaCluster cluster;

    @TempDir
    private Path folder;

    @BeforeAll
    static void fill() {
        cluster = KafkaCluster.withBrokers(1);
        SequencedTopic.create(cluster, "t", PARTITIONS, PER_PARTITION, 1_000);
    }

    @AfterAll
    static void close() {
        cluster.close();
    }

    @ParameterizedTest
    @CsvSource({"64, -XX:MaxDirectMemorySize=64m -Xmx1g", "256, -Xmx256m"})
    void manyConsumersFinishWithinHalfOfTheDirectMemoryAndNoneIsLeftBehind(int limitMebibytes, String flags)
            throws Exception {
        List<String> said = run(ScarceReaders.class, flags, CONSUMERS);

        String[] figures = said.get(said.size() - 1).split(" ");
        assertThat(Long.parseLong(figures[1]))
                .as("peak of direct memory")
                .isLessThanOrEqualTo(limitMebibytes * MEBIBYTE / 2);
        assertThat(Integer.parseInt(figures[3]))
                .as("the slowest, in percent of the mean")
                .isGreaterThan(33);
        assertThat(said).noneMatch(line -> line.contains(" ERROR ") || line.contains("OutOfMemoryError"));
    }

    @Test
    void aConsumerWhoseNeighbourHadTakenAllMemoryGoesOnByItself() throws Exception {
        List<String> said = run(GreedyNeighbour.class, "-XX:MaxDirectMemorySize=32m -Xmx256m", 32 * MEBIBYTE);

        String[] figures = said.get(said.size() - 1).split(" ");
        assertThat(Long.parseLong(figures[1])).as("direct memory that was left").isLessThan(200_000);
        assertThat(Long.parseLong(figures[3]))
                .as("direct memory in use afterwards")
                .isGreaterThan(MEBIBYTE);
        assertThat(said.stream().filter(line -> line.contains("Memory is short")))
                .singleElement()
                .asString()
                .contains("WARN");
        assertThat(said).noneMatch(line -> line.contains(" ERROR "));
    }

    /** Returns what the program has said, its figures last. */
    private List<String> run(Class<?> program, String flags, long last) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(flags.split(" ")));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
        command.addAll(List.of(
                cluster.bootstrapServers(),
                "t",
                Integer.toString(PARTITIONS),
                Integer.toString(RECORDS),
                Long.toString(last)));
        Path output = folder.resolve("output.txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(4, TimeUnit.MINUTES)).as("ends in time").isTrue();
        } finally {
            process.destroyForcibly();
        }
        List<String> said = Files.readAllLines(output, StandardCharsets.UTF_8);
        assertThat(process.exitValue()).as(String.join("\n", said)).isZero();
        return said;
    }
}

package dev.surefoot.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.surefoot.cli.CommandOutput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MicroCommandTest {

    @BeforeAll
    static void othersMayMeasureOnThisMachine() {
        System.setProperty("jmh.ignoreLock", "true");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "NoSuchBenchmark   | no benchmark's name matches 'NoSuchBenchmark'",
                "*                 | '*' is no regular expression",
                "Lane --forks -1   | --forks must be at least 0",
                "Lane --iterations 0 | --iterations must be at least 1",
                "Lane --millis 0   | --millis must be at least 1",
            })
    void wrongUsageIsExplainedInOneLine(String options, String explained) {
        CommandOutput wrong = micro(options);

        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.err().lines()).hasSize(1);
        assertThat(wrong.err()).startsWith("surefoot bench micro: ").contains(explained);
        assertThat(wrong.outBytes()).isEmpty();
    }

    @Test
    void aBenchmarkIsMeasuredWithWhatItAllocates(@TempDir Path folder) throws IOException {
        Path results = folder.resolve("results.json");

        CommandOutput output = micro("LaneBenchmark --forks 0 --iterations 1 --millis 50 --json --results " + results);

        assertThat(output.exitCode()).isZero();
        JsonNode line = new ObjectMapper().readTree(output.out());
        assertThat(line.get("benchmark").asText()).isEqualTo("LaneBenchmark.deliver");
        assertThat(line.get("score").asDouble()).isPositive();
        assertThat(line.get("unit").asText()).isEqualTo("ns/op");
        assertThat(line.get("allocatedBytes").asDouble()).isPositive();
        assertThat(new ObjectMapper().readTree(results.toFile())).hasSize(1);
    }

    private static CommandOutput micro(String options) {
        return CommandOutput.of(Stream.concat(Stream.of("bench", "micro"), Stream.of(options.split(" ")))
                .toArray(String[]::new));
    }
}

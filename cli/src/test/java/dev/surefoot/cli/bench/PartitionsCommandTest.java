package dev.surefoot.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.surefoot.cli.CommandOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PartitionsCommandTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--partitions 5         | --partitions must be 10 (see --changed) to 1000000, not 5",
                "--partitions 10,-1     | --partitions must be 10 (see --changed) to 1000000, not -1",
                "--partitions 2000000   | --partitions must be 10 (see --changed) to 1000000, not 2000000",
                "--partitions many      | --partitions",
                "--changed 0            | --changed must be at least 1",
                "--seconds 0            | --seconds must be above 0",
                "--seconds -1           | --seconds must be above 0",
            })
    void wrongUsageIsExplainedInOneLine(String options, String explained) {
        CommandOutput wrong = partitions(options);

        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.err().lines()).hasSize(1);
        assertThat(wrong.err()).startsWith("surefoot bench partitions: ").contains(explained);
        assertThat(wrong.outBytes()).isEmpty();
    }

    @Test
    void eachMeasurementIsALineOfJson() throws IOException {
        CommandOutput output = partitions("--partitions 20,200 --changed 10 --seconds 0.05 --json");

        List<JsonNode> lines = new ArrayList<>();
        for (String line : output.out().lines().toList()) {
            lines.add(new ObjectMapper().readTree(line));
        }
        assertThat(output.exitCode()).isZero();
        assertThat(lines).hasSize(8).allSatisfy(line -> {
            assertThat(line.get("changed").asInt()).isEqualTo(10);
            assertThat(line.get("planMicros").asDouble()).isPositive();
            assertThat(line.get("handleMicros").asDouble()).isPositive();
            assertThat(line.get("requestBytes").asInt()).isBetween(200, 1_000);
            assertThat(line.get("responseBytes").asInt()).isGreaterThan(10_000);
            assertThat(line.get("allocatedBytes").asInt()).isPositive();
        });
        assertThat(lines).extracting(line -> line.get("client").asText()).containsOnly("surefoot", "kafka-clients");
        assertThat(lines).extracting(line -> line.get("partitions").asInt()).containsOnly(20, 200);
    }

    private static CommandOutput partitions(String options) {
        return CommandOutput.of(Stream.concat(Stream.of("bench", "partitions"), Stream.of(options.split(" ")))
                .toArray(String[]::new));
    }
}

package dev.surefoot.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.surefoot.cli.CommandOutput;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemoryCommandTest {
    private static final long MIB = 1024 * 1024;

    @Test
    void noApplicationIsHeldMoreThanTheBound() throws JsonProcessingException {
        CommandOutput run = CommandOutput.of(("bench memory --megabytes 20 --fast-buffers 2 --slow-buffers 4"
                        + " --rest 1000 --seconds 1 --warm-ups 0 --rounds 1 --scarce-records 0 --json")
                .split(" "));

        assertThat(run.exitCode()).as(run.err()).isZero();
        List<JsonNode> lines = new ArrayList<>();
        for (String line : run.out().lines().toList()) {
            lines.add(new ObjectMapper().readTree(line));
        }
        assertThat(lines)
                .extracting(line -> line.get("application").asText())
                .containsExactly("fast", "slow", "phases");
        assertThat(lines)
                .extracting(line -> line.get("bufferBytes").asLong())
                .containsExactly(2 * MIB, 4 * MIB, 4 * MIB);
        assertThat(lines)
                .allSatisfy(line -> assertThat(line.get("peakHeldBytes").asLong())
                        .isPositive()
                        .isLessThanOrEqualTo(line.get("bufferBytes").asLong()));
        assertThat(lines.get(0).get("records").asLong()).isEqualTo(20_000_000 / 1024);
        assertThat(run.err()).contains("of the bound");
    }

    @Test
    @Tag("soak")
    void everyClientIsTriedInEachJvmThatHasLittleMemory() throws JsonProcessingException {
        CommandOutput run = CommandOutput.of(("bench memory --megabytes 1 --fast-buffers 2 --slow-buffers 4"
                        + " --seconds 1 --warm-ups 0 --rounds 1 --scarce-records 2000 --sharing 2 --json")
                .split(" "));

        assertThat(run.exitCode()).as(run.err()).isZero();
        List<JsonNode> lines = new ArrayList<>();
        for (String line : run.out().lines().toList()) {
            JsonNode node = new ObjectMapper().readTree(line);
            if (node.has("jvm")) {
                lines.add(node);
            }
        }
        assertThat(lines).hasSize(9 * 3).allSatisfy(line -> {
            assertThat(line.get("finished").asInt())
                    .as(line.toString())
                    .isEqualTo(line.get("consumers").asInt());
            assertThat(line.get("failure").asText()).isEmpty();
        });
        assertThat(run.err()).contains("slowest of mean").contains("1 CPU, direct 8 MiB, heap 64 MiB, zstd");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--megabytes 0        | --megabytes must be from 1",
                "--fast-buffers 1,0   | --fast-buffers must be from 1 to 65536, not 0",
                "--slow-buffers many  | --slow-buffers",
                "--rest 0             | --rest must be from 1",
                "--seconds 0          | --seconds must be from 1",
                "--warm-ups -1        | --warm-ups must be from 0",
                "--rounds 0           | --rounds must be from 1",
                "--partitions 0       | --partitions must be from 1",
                "--scarce-records -1  | --scarce-records must be from 0",
                "--scarce-rounds 0    | --scarce-rounds must be from 1",
                "--sharing -1         | --sharing must be from 0",
                "--value-bytes 0      | --value-bytes must be from 1",
            })
    void wrongUsageIsExplainedInOneLine(String options, String explained) {
        CommandOutput wrong = CommandOutput.of(("bench memory " + options).split(" "));

        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.err().lines()).hasSize(1);
        assertThat(wrong.err()).startsWith("surefoot bench memory: ").contains(explained);
    }
}

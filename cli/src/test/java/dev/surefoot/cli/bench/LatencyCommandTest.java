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

class LatencyCommandTest {

    @Test
    @Tag("thorough")
    void eachConsumerIsMeasuredInEachRound() throws JsonProcessingException {
        CommandOutput run =
                CommandOutput.of("bench", "latency", "--rates", "200=1", "--warm-ups", "0", "--rounds", "1", "--json");

        assertThat(run.exitCode()).as(run.err()).isZero();
        List<JsonNode> lines = new ArrayList<>();
        for (String line : run.out().lines().toList()) {
            lines.add(new ObjectMapper().readTree(line));
        }
        assertThat(lines)
                .extracting(line -> line.get("client").asText())
                .containsExactlyInAnyOrder("surefoot", "kafka-classic", "kafka-consumer");
        assertThat(lines).allSatisfy(line -> {
            assertThat(line.get("rate").asInt()).isEqualTo(200);
            assertThat(line.get("round").asInt()).isEqualTo(1);
            assertThat(line.get("records").asInt()).isEqualTo(200);
            assertThat(line.get("p50Micros").asDouble())
                    .isPositive()
                    .isLessThanOrEqualTo(line.get("p99Micros").asDouble());
            assertThat(line.get("p999Micros").asDouble())
                    .isLessThanOrEqualTo(line.get("maxMicros").asDouble());
        });
        assertThat(run.err()).contains("p99.9");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--rates 0=5          | --rates: the records per second must be from 1 to 1000000, not 0",
                "--rates 100=0        | --rates: the seconds must be from 1 to 3600, not 0",
                "--rates 100          | --rates",
                "--rounds 0           | --rounds must be from 1",
                "--warm-ups -1        | --warm-ups must be from 0",
                "--partitions 0       | --partitions must be from 1",
                "--value-bytes 7      | --value-bytes must be from 8",
            })
    void wrongUsageIsExplainedInOneLine(String options, String explained) {
        String[] words = ("bench latency " + options).split(" ");

        CommandOutput wrong = CommandOutput.of(words);

        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.err().lines()).hasSize(1);
        assertThat(wrong.err()).startsWith("surefoot bench latency: ").contains(explained);
    }
}

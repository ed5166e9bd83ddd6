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

class RebalanceCommandTest {

    @Test
    @Tag("soak")
    void eachChangeOfEachGroupIsMeasured() throws JsonProcessingException {
        CommandOutput run = CommandOutput.of(
                "bench",
                "rebalance",
                "--members=2",
                "--partitions=6",
                "--heartbeat=100",
                "--session=2000",
                "--warm-ups=0",
                "--rounds=1",
                "--json");

        assertThat(run.exitCode()).as(run.err()).isZero();
        List<JsonNode> lines = new ArrayList<>();
        for (String line : run.out().lines().toList()) {
            lines.add(new ObjectMapper().readTree(line));
        }
        assertThat(lines)
                .extracting(line ->
                        line.get("client").asText() + " " + line.get("protocol").asText() + " "
                                + line.get("change").asText())
                .containsExactlyInAnyOrder(
                        "surefoot eager join",
                        "surefoot eager leave",
                        "surefoot eager death",
                        "surefoot cooperative join",
                        "surefoot cooperative leave",
                        "surefoot cooperative death",
                        "surefoot consumer join",
                        "surefoot consumer leave",
                        "surefoot consumer death",
                        "kafka eager join",
                        "kafka eager leave",
                        "kafka eager death",
                        "kafka cooperative join",
                        "kafka cooperative leave",
                        "kafka cooperative death",
                        "kafka consumer join",
                        "kafka consumer leave",
                        "kafka consumer death");
        assertThat(lines).allSatisfy(line -> {
            assertThat(line.get("flowingAgainMillis").asDouble()).isPositive();
            assertThat(line.get("assigned").asInt()).isBetween(2, 6);
            assertThat(line.get("usualPauseMillis").asDouble()).isPositive();
        });
        assertThat(run.err()).contains("flowing again ms");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--members 1                  | --members must be from 2 to 500, not 1",
                "--members 3 --partitions 3   | --partitions must be more than --members",
                "--clients franz              | expected one of [SUREFOOT, KAFKA]",
                "--protocols share            | expected one of [EAGER, COOPERATIVE, CONSUMER]",
                "--pulse 0                    | --pulse must be from 10",
                "--heartbeat 6000             | --heartbeat must be less than --session",
                "--warm-ups -1                | --warm-ups must be from 0",
                "--rounds 0                   | --rounds must be from 1",
            })
    void wrongUsageIsExplainedInOneLine(String options, String explained) {
        String[] words = ("bench rebalance " + options).split(" ");

        CommandOutput wrong = CommandOutput.of(words);

        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.err().lines()).hasSize(1);
        assertThat(wrong.err()).startsWith("surefoot bench rebalance: ").contains(explained);
    }
}

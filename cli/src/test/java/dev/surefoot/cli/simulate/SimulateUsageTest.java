package dev.surefoot.cli.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.cli.CommandOutput;
import dev.surefoot.testkit.simulation.schedule.Act;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimulateUsageTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--museum --schedules 5       | --museum and --schedules cannot be combined",
                "--museum --exhaustive        | --museum and --exhaustive cannot be combined",
                "--museum --exhibit F1        | --exhibit and --museum cannot be combined",
                "--seed 1 --schedules 5       | --seed and --schedules cannot be combined",
                "--seed 1 --first-seed 2      | --seed and --first-seed cannot be combined",
                "--exhibit F1 --seed 1 --first-seed 2 | --seed and --first-seed cannot be combined",
                "--exhaustive --size small    | --exhaustive and --size cannot be combined",
                "--exhaustive --threads 2     | --exhaustive and --threads cannot be combined",
                "--rounds 2                   | --rounds needs --museum",
                "--story                      | --story needs --seed",
                "--faults 1                   | --faults needs --exhaustive",
                "--schedules 0                | --schedules must be at least 1",
                "--schedules many             | --schedules",
                "--threads 0                  | --threads must be at least 1",
                "--museum --rounds 0          | --rounds must be at least 1",
                "--exhaustive --faults -1     | --faults must be at least 0",
                "--exhibit F99                | no exhibit is called F99; there are F1, F2,",
                "--size tiny                  | expected one of [SMALL, MEDIUM, LARGE]",
                "--without CUT_NOWW           | no act is called 'CUT_NOWW'; did you mean CUT_NOW?",
                "--without CUT_NOW,broker-crush | no act is called 'broker-crush'; did you mean BROKER_CRASH?",
                "--weight SEEKS=3             | no act is called 'SEEKS'; did you mean SEEK?",
                "--weight SEEK=-1             | the weight of SEEK must be 0 or more, got -1",
                "--weight SEEK=2000000000     | --weight SEEK must be at most 1000000",
                "--weight SEEK                | --weight",
                "--museum --healthy           | --museum and --healthy cannot be combined",
                "--healthy --groups all       | --healthy goes without --size, --groups, --without and --weight",
                "--weight SEEK=1 --without SEEK | SEEK has a --weight, but is switched off with --without",
            })
    void whatDoesNotGoTogetherIsExplainedInOneLine(String options, String explained) {
        CommandOutput wrong = simulate(options);

        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.err().lines()).hasSize(1);
        assertThat(wrong.err())
                .startsWith("surefoot simulate: ")
                .contains(explained)
                .contains("--help)");
        assertThat(wrong.outBytes()).isEmpty();
    }

    @Test
    void switchingEverythingOffIsWrongUsage() {
        String all = Arrays.stream(Act.values()).map(Act::name).collect(Collectors.joining(","));

        CommandOutput wrong = simulate("--schedules 5 --without " + all);

        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.err()).contains("every act is switched off; leave at least one on");
    }

    private static CommandOutput simulate(String options) {
        return CommandOutput.of(Stream.concat(Stream.of("simulate"), Arrays.stream(options.split(" ")))
                .toArray(String[]::new));
    }
}

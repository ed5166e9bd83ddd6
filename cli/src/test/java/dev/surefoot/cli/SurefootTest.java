package dev.surefoot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SurefootTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "demo", "consume", "doctor", "simulate"})
    void everyCommandHasHelp(String command) {
        CommandOutput help = CommandOutput.of((command + " --help").strip().split(" "));

        assertThat(help.exitCode()).isZero();
        assertThat(help.out()).contains("Usage: surefoot " + command).contains("Exit codes:");
        assertThat(help.err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "demo", "consume", "doctor", "simulate"})
    void everyCommandHasAVersion(String command) {
        CommandOutput version =
                CommandOutput.of((command + " --version").strip().split(" "));

        assertThat(version.exitCode()).isZero();
        assertThat(version.out()).startsWith("surefoot ").contains("Java ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "--nonsense",
                "demo --records none",
                "demo --records 0",
                "consume",
                "consume -b localhost:9092",
                "consume -b localhost:9092 -t orders --nonsense",
                "consume -b localhost:9092 -t orders --json --format %s",
                "consume -b localhost:9092 -t orders --format %z",
                "consume -b localhost:9092 -t orders --json --null none",
                "consume -b localhost:9092 -t orders --from yesterday",
                "consume -b localhost:9092 -t orders --from",
                "consume -b localhost:9092 -t orders --from -e",
                "consume -b localhost:9092 -t orders --until 42",
                "consume -b localhost:9092 -t orders --until end",
                "consume -b localhost:9092 -t orders --until -99999999999999999999d",
                "consume -b localhost:9092 -t orders --from -1m --until -2m",
                "consume -b localhost:9092 -t ,",
                "consume -b localhost:9092 -t orders --partition -1",
                "consume -b localhost:9092 -t orders --timeout 2147484",
                "consume -b localhost -t orders",
                "consume -b localhost:0 -t orders",
                "consume -b , -t orders",
                "consume -b localhost:9092 -t orders --config isolation.levl=read_committed",
                "consume -b localhost:9092 -t orders --config check.crcs=true --config check.crcs=true",
                "consume -b localhost:9092 -t orders --config enable.auto.commit=true",
                "consume -b localhost:9092 -t orders --config acks=all",
                "consume -b localhost:9092 -t orders --max -1",
                "consume -b localhost:9092 -t orders --timeout 0",
                "consume -b localhost:9092 -t orders --partition one",
                "consume -b localhost:9092 -t orders --config fetch.min.bytes",
                "consume -b localhost:9092 -t orders --config fetch.min.bites=1",
                "consume -b localhost:9092 -t orders --config fetch.min.bytes=few",
                "consume -b localhost:9092 -t orders --config group.id=mine",
                "consume -b localhost:9092 -t orders --command-config no-such-file",
                "consume -b localhost:9092 -t orders --topic-pattern orders.*",
                "consume -b localhost:9092 --topic-pattern orders(",
                "consume -b localhost:9092 -t orders --commit interval",
                "consume -b localhost:9092 -t orders -g billing --commit sometimes",
                "consume -b localhost:9092 -t orders -g billing -p 0",
                "consume -b localhost:9092 -t orders -g billing -o 42",
                "consume -b localhost:9092 -t orders -g billing -o -10m",
                "consume -b localhost:9092 -t orders -g billing -X group.id=other",
                "consume -b localhost:9092 -t orders -g billing -X group.protocol=other",
                "consume -b localhost:9092 -t orders -g billing -X group.protocol=consumer -X session.timeout.ms=1000",
                "consume -b localhost:9092 -t orders -g billing -o end -X auto.offset.reset=earliest",
                "consume -b localhost:9092 -t orders --group=",
            })
    void wrongUsageIsOneLineAndExitCode2(String line) {
        CommandOutput wrong = CommandOutput.of(line.isEmpty() ? new String[0] : line.split(" "));

        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.err().lines()).hasSize(1);
        assertThat(wrong.err()).startsWith("surefoot").contains("--help)");
        assertThat(wrong.outBytes()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "doctor -b localhost:9092",
                "doctor --group billing",
                "doctor -b localhost --group billing",
                "doctor -b localhost:9092 --group=",
                "doctor -b localhost:9092 --group billing --for 30",
                "doctor -b localhost:9092 --group billing --for 0s",
                "doctor -b localhost:9092 --group billing --for 25h",
                "doctor -b localhost:9092 --group billing -X request.timeout.ms=soon",
                "doctor -b localhost:9092 --group billing orders",
                "doctor -b localhost:9092 --group billing --isolation committed",
                "doctor -b localhost:9092 --group billing --timeout 0",
                "doctor -b localhost:9092 --group billing -X security.protocl=SSL",
                "doctor -b localhost:9092 --group billing -X security.protocol=NONE",
                "doctor -b localhost:9092 --group billing -X isolation.level=read_committed",
                "doctor -b localhost:9092 --group billing -X bootstrap.servers=other:9092",
                "doctor -b localhost:9092 --group billing --command-config no-such-file",
            })
    void wrongUsageOfTheDoctorIsOneLineAndExitCode2(String line) {
        wrongUsageIsOneLineAndExitCode2(line);
    }

    @Test
    void debugShowsTheStackTrace() {
        CommandOutput wrong = CommandOutput.of("consume", "--nonsense", "--debug");

        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.err()).contains("\tat ");
    }

    @Test
    void anUnknownHostIsOneLineWithTheOptionAndExitCode1() {
        CommandOutput failed = CommandOutput.of("consume", "-b", "no-such-host.invalid:9092", "-t", "orders");

        assertThat(failed.exitCode()).isEqualTo(1);
        assertThat(failed.err()).contains("--bootstrap-server").contains("'no-such-host.invalid'");
        assertThat(failed.err().lines()).hasSize(1);
    }

    @Test
    void anUnreachableBrokerIsOneLineAndExitCode1WithinTheTimeout() {
        CommandOutput failed = CommandOutput.of("consume", "-b", "127.0.0.1:1", "-t", "orders", "--timeout", "1");

        assertThat(failed.exitCode()).isEqualTo(1);
        assertThat(failed.err()).contains("no answer from 127.0.0.1:1 within 1 s");
        assertThat(failed.err().lines()).hasSize(1);
    }
}

package dev.surefoot.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.bench.report.RoundFigures;
import dev.surefoot.cli.CommandOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ThroughputCommandTest {

    @TempDir
    private Path folder;

    @Test
    @Tag("thorough")
    void eachClientReadsTheTopicInEachRound() throws IOException {
        CommandOutput run = CommandOutput.of(
                "bench",
                "throughput",
                "--json",
                "--value-bytes=100",
                "--records=20000",
                "--partitions=3",
                "--headers=1",
                "--codec=lz4",
                "--read-committed",
                "--rounds=1",
                "--clients=surefoot,kafka-classic,wire",
                "--jvm-flags=-Xmx256m");

        assertThat(run.exitCode()).as(run.err()).isZero();
        List<RoundFigures> rounds = run.out().lines().map(RoundFigures::ofJson).toList();
        assertThat(rounds)
                .extracting(round -> round.round() + " " + round.client())
                .containsExactly("0 surefoot", "0 kafka-classic", "0 wire", "1 kafka-classic", "1 wire", "1 surefoot");
        assertThat(rounds).allSatisfy(round -> {
            assertThat(round.workload()).isEqualTo("100B-lz4-3p-1h-committed");
            assertThat(round.records()).isEqualTo(20_000);
            assertThat(round.recordsPerSecond()).isPositive();
            assertThat(round.mbPerSecond()).isPositive();
            assertThat(round.firstRecordMillis()).isPositive();
            assertThat(round.allocatedBytesPerRecord()).isNotNull();
        });
        assertThat(run.err()).contains("x kafka-classic", "of wire", "the cold round");

        Path figures = Files.writeString(folder.resolve("run.jsonl"), run.out());
        Path picture = folder.resolve("run.svg");
        CommandOutput again =
                CommandOutput.of("bench", "throughput", "--from", figures.toString(), "--picture", picture.toString());
        assertThat(again.exitCode()).as(again.err()).isZero();
        assertThat(run.err()).contains(again.out().strip());
        assertThat(picture).content().contains("<svg");
    }

    @Test
    void aClientThatCannotStartIsNamedWithTheWorkload() {
        CommandOutput run = CommandOutput.of(
                "bench",
                "throughput",
                "--records=100",
                "--value-bytes=10",
                "--clients=surefoot",
                "--jvm-flags=-Xnonsense");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("surefoot failed at workload 10B: the process has ended", "-Xnonsense");
    }
}

package dev.surefoot.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.cli.CommandOutput;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThroughputUsageTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--clients surefoot,franz    | no client is called 'franz'; there are surefoot, surefoot-visit,"
                        + " kafka-classic,",
                "--group eager               | expected one of [CLASSIC, CONSUMER]",
                "--group classic --clients a | --group names the clients itself",
                "--suite fastest             | expected one of [QUICK, GOALS, ALL]",
                "--records 0                 | --records must be at least 1",
                "--value-bytes 0             | --value-bytes must be at least 1",
                "--partitions 0              | --partitions must be at least 1",
                "--headers -1                | --headers must be at least 0",
                "--batch-bytes 0             | --batch-bytes must be at least 1",
                "--rounds 0                  | --rounds must be at least 1",
                "--warm-ups -1               | --warm-ups must be at least 0",
                "--codec brotli              | expected one of [NONE, LZ4, ZSTD, SNAPPY, GZIP]",
                "--suite goals --codec lz4   | --suite and the options of a single workload cannot be combined",
                "--picture speed.jpg         | --picture needs a file that ends in .svg or .png, got speed.jpg",
                "--from no-such-file.jsonl   | there is no file no-such-file.jsonl",
                "--from pom.xml              | pom.xml is not the output of --json",
                "--from a.jsonl --rounds 3   | --from measures nothing, so it goes only with --picture and --json",
            })
    void whatMakesNoSenseIsExplainedInOneLine(String options, String explained) {
        CommandOutput wrong =
                CommandOutput.of(Stream.concat(Stream.of("bench", "throughput"), Arrays.stream(options.split(" ")))
                        .toArray(String[]::new));

        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.err().lines()).hasSize(1);
        assertThat(wrong.err())
                .startsWith("surefoot bench throughput: ")
                .contains(explained)
                .contains("--help)");
        assertThat(wrong.outBytes()).isEmpty();
    }
}

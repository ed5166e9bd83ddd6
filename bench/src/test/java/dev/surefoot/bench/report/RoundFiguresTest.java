package dev.surefoot.bench.report;

import static dev.surefoot.bench.report.Rounds.round;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RoundFiguresTest {

    @Test
    void aLineOfJsonStartsWithTheFieldsThatWerePromised() {
        assertThat(round("100B", "surefoot", 2, 5e6).toJson())
                .startsWith("{\"workload\":\"100B\",\"client\":\"surefoot\",\"round\":2,\"records\":1000000,"
                        + "\"recordsPerSecond\":5000000.0,\"mbPerSecond\":5000.0,\"cpuSecondsPerGb\":2.5,"
                        + "\"allocatedBytesPerRecord\":48.0,")
                .doesNotContain("\n");
    }

    @Test
    void whatIsWrittenCanBeReadAgain() {
        RoundFigures ofJvm = round("1KB-lz4", "wire", 0, 1e6);
        RoundFigures ofProgram = round("1KB", "librdkafka", 1, 1e6);

        assertThat(RoundFigures.ofJson(ofJvm.toJson())).isEqualTo(ofJvm);
        assertThat(RoundFigures.ofJson(ofProgram.toJson())).isEqualTo(ofProgram);
        assertThat(ofProgram.toJson()).contains("\"allocatedBytesPerRecord\":null");
    }

    @Test
    void theRateFromTheFirstRecordOnLeavesOutWhatCameBefore() {
        // A million records in 212.5 ms, of which 12.5 ms were over when the first came.
        assertThat(round("1KB", "surefoot-group-classic", 1, 1e6 / 0.2125).recordsPerSecondFromFirst())
                .isCloseTo(5e6, within(1.0));
    }

    @Test
    void anythingElseIsRefused() {
        assertThatThrownBy(() -> RoundFigures.ofJson("100B, surefoot")).isInstanceOf(IllegalArgumentException.class);
    }
}

package dev.surefoot.bench.throughput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WorkloadTest {

    @Test
    void theNameSaysWhatIsNotPlain() {
        assertThat(Workload.ofValues(100).name()).isEqualTo("100B");
        assertThat(Workload.ofValues(10_240)
                        .withCompression(Compression.ZSTD)
                        .withPartitions(1000)
                        .withHeaders(2)
                        .asStrings()
                        .committed()
                        .withBatchBytes(16_384)
                        .name())
                .isEqualTo("10KB-zstd-1000p-2h-string-committed-batch16KB");
    }

    @ParameterizedTest
    @EnumSource
    void noTwoWorkloadsOfASuiteHaveTheSameName(Suite suite) {
        List<String> names = suite.workloads().stream().map(Workload::name).toList();

        assertThat(names).isNotEmpty().doesNotHaveDuplicates();
    }

    @Test
    void theGoalsAreThreeSizesAndEachCodec() {
        assertThat(Suite.GOALS.workloads())
                .extracting(Workload::name)
                .containsExactly("100B", "1KB", "10KB", "1KB-lz4", "1KB-zstd", "1KB-snappy", "1KB-gzip");
    }

    @Test
    void noRecordsAreNoWorkload() {
        assertThatThrownBy(() -> Workload.ofValues(100).withRecords(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the number of records must be at least 1, got 0");
    }

    @Test
    void textIsTheSameForTheSameSeedAndNeverTwiceInARow() {
        TopicText text = new TopicText(100, 7);
        TopicText again = new TopicText(100, 7);

        byte[] first = text.next();
        assertThat(first).hasSize(100).isEqualTo(again.next());
        assertThat(Arrays.equals(first, text.next())).isFalse();
    }

    @Test
    void valuesOfAnySizeHaveThatSize() {
        for (int bytes : List.of(1, 20, 64, 65, 10_240)) {
            assertThat(new TopicText(bytes, 1).next()).hasSize(bytes);
        }
    }
}

package dev.surefoot.bench.partitions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LayoutTest {

    @Test
    void scatteredChangesComeToEachPartitionOnceInACycle() {
        Layout layout = new Layout(1_000, 10, true);

        int[] changed = IntStream.range(0, layout.fetchesOfACycle())
                .flatMap(fetch -> Arrays.stream(layout.changedBefore(fetch)))
                .sorted()
                .toArray();

        assertThat(changed).isEqualTo(IntStream.range(0, 1_000).toArray());
    }

    @Test
    void otherwiseTheSamePartitionsChangeAlways() {
        Layout layout = new Layout(1_000, 10, false);

        assertThat(layout.changedBefore(7)).isEqualTo(layout.changedBefore(0)).hasSize(10);
    }

    @Test
    void whatChangesTogetherIsInDifferentTopics() {
        Layout layout = new Layout(100, 10, true);

        long topics = Arrays.stream(layout.changedBefore(3))
                .map(number -> number / Layout.PARTITIONS_OF_A_TOPIC)
                .distinct()
                .count();

        assertThat(topics).isEqualTo(10);
    }

    @Test
    void theLastTopicHasWhatIsLeft() {
        Layout layout = new Layout(25, 10, true);

        assertThat(layout.topics()).isEqualTo(3);
        assertThat(layout.partitionsOf(2)).isEqualTo(5);
        assertThat(layout.all()).hasSize(25).doesNotHaveDuplicates();
    }

    @Test
    void moreCannotChangeThanThereAre() {
        assertThatThrownBy(() -> new Layout(9, 10, true)).hasMessageContaining("of 9 partitions 10 cannot change");
    }
}

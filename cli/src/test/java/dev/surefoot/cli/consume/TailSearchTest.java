package dev.surefoot.cli.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TailSearchTest {

    private static final TopicPartition FIRST = new TopicPartition("orders", 0);
    private static final TopicPartition SECOND = new TopicPartition("orders", 1);

    @ParameterizedTest
    @CsvSource({"0, 2000", "1, 1000", "2, 7", "3, 6", "4, 5"})
    void recordsAreCountedAndNotOffsets(long records, long start) {
        LogConsumer consumer = new LogConsumer();
        consumer.hold(FIRST, 5, 2000, Map.of(6L, 0L, 7L, 0L, 1000L, 0L));

        assertThat(find(consumer, records, FIRST)).containsExactly(Map.entry(FIRST, start));
    }

    @Test
    void eachPartitionHasItsOwnTail() {
        LogConsumer consumer = new LogConsumer();
        consumer.hold(FIRST, 0, 100, Map.of(10L, 0L, 20L, 0L, 30L, 0L));
        consumer.hold(SECOND, 0, 100, Map.of(97L, 0L, 98L, 0L, 99L, 0L));

        assertThat(find(consumer, 2, FIRST, SECOND))
                .containsExactlyInAnyOrderEntriesOf(Map.of(FIRST, 20L, SECOND, 98L));
        assertThat(consumer.paused()).isEmpty();
    }

    @Test
    void whatFollowsTheStartAreTheLastRecordsInEveryLog() {
        for (long seed = 0; seed < 300; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            long begin = random.nextLong(50);
            long end = begin + random.nextLong(3000);
            int sparseness = random.nextInt(1, 200);
            Map<Long, Long> timestamps = new TreeMap<>();
            for (long offset = begin; offset < end; offset++) {
                if (random.nextInt(sparseness) == 0) {
                    timestamps.put(offset, offset);
                }
            }
            NavigableSet<Long> offsets = new TreeSet<>(timestamps.keySet());
            int records = random.nextInt(1, 40);
            LogConsumer consumer = new LogConsumer();
            consumer.hold(FIRST, begin, end, timestamps);

            long start = find(consumer, records, FIRST).get(FIRST);

            assertThat(start).as("seed %d", seed).isGreaterThanOrEqualTo(begin);
            assertThat(offsets.tailSet(start)).as("seed %d", seed).hasSize(Math.min(records, offsets.size()));
        }
    }

    @Test
    void aClusterThatNoLongerAnswersIsNotWaitedForForEver() {
        LogConsumer stuck = new LogConsumer() {
            @Override
            public synchronized long position(TopicPartition partition, Duration timeout) {
                return 50;
            }
        };
        stuck.hold(FIRST, 0, 100, Map.of());

        assertThatThrownBy(() -> find(stuck, 10, FIRST))
                .isInstanceOf(TimeoutException.class)
                .hasMessageContaining("orders-0");
    }

    private static Map<TopicPartition, Long> find(LogConsumer consumer, long records, TopicPartition... partitions) {
        consumer.assign(List.of(partitions));
        return new TailSearch(consumer, records)
                .find(new LogBounds(consumer, List.of(partitions), Duration.ofMillis(200)));
    }
}

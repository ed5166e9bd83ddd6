package dev.surefoot.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.cli.consumer.Consumers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** What is read of partitions that stand, and how many at once. */
class NextRecordLookTest {

    private final AtomicLong clockMs = new AtomicLong();
    private final NotSeen missing = new NotSeen(List.of());
    private final List<Integer> assigned = new ArrayList<>();
    private final List<Object> isolations = new ArrayList<>();
    private final Stop stop = new Stop();

    /** A cluster whose logs end where they are read; partition {@code bad} cannot be read. */
    private final class Cluster extends MockConsumer<byte[], byte[]> {
        private final int bad;

        Cluster(int partitions, int bad) {
            super("none");
            this.bad = bad;
            Map<TopicPartition, Long> ends = new HashMap<>();
            for (int i = 0; i < partitions; i++) {
                ends.put(Story.partition(i), 30L);
            }
            updateEndOffsets(ends);
            updateBeginningOffsets(ends);
        }

        @Override
        public synchronized ConsumerRecords<byte[], byte[]> poll(java.time.Duration timeout) {
            assigned.add(assignment().size());
            clockMs.addAndGet(timeout.toMillis());
            if (assignment().contains(Story.partition(bad))) {
                throw new KafkaException("the record is corrupt");
            }
            return super.poll(timeout);
        }
    }

    private Map<TopicPartition, NextRecord> look(int partitions, int bad) {
        Consumers.Opening opening = config -> {
            isolations.add(config.get("isolation.level"));
            Consumer<byte[], byte[]> consumer = new Cluster(partitions, bad);
            return consumer;
        };
        Map<TopicPartition, Long> offsets = new HashMap<>();
        for (int i = 0; i < partitions; i++) {
            offsets.put(Story.partition(i), 30L);
        }
        return new NextRecordLook(opening, Map.of(), 10_000, stop, clockMs::get).at(offsets, false, missing);
    }

    @Test
    void manyPartitionsAreReadAHundredAtOnce() {
        Map<TopicPartition, NextRecord> found = look(250, -1);

        assertThat(found)
                .hasSize(250)
                .allSatisfy((partition, next) -> assertThat(next.exists()).isFalse());
        assertThat(assigned).allMatch(each -> each <= 100);
        assertThat(isolations).containsExactly("read_committed");
        assertThat(missing.take()).isEmpty();
    }

    @Test
    void onePartitionThatCannotBeReadSpoilsNoOther() {
        Map<TopicPartition, NextRecord> found = look(120, 17);

        assertThat(found).hasSize(119).doesNotContainKey(Story.partition(17));
        assertThat(missing.take()).containsExactly("the next record of t-17: the record is corrupt");
    }

    @Test
    void aConfigurationThatDoesNotOpenIsNamed() {
        Consumers.Opening opening = config -> {
            throw new IllegalStateException("no such plug-in");
        };

        assertThat(new NextRecordLook(opening, Map.of(), 10_000, stop, clockMs::get)
                        .at(Map.of(Story.partition(0), 1L), true, missing))
                .isEmpty();
        assertThat(missing.take()).anyMatch(each -> each.contains("no such plug-in"));
    }

    @Test
    void whoAsksForTheEndDoesNotWaitForIt() {
        stop.ask();

        assertThat(look(10, -1)).isEmpty();
        assertThat(assigned).isEmpty();
    }
}

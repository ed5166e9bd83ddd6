package dev.surefoot.testkit.consumer;

import static dev.surefoot.testkit.consumer.Visiting.RECORDS;
import static dev.surefoot.testkit.consumer.Visiting.each;
import static dev.surefoot.testkit.consumer.Visiting.reader;
import static dev.surefoot.testkit.consumer.Visiting.until;
import static dev.surefoot.testkit.consumer.Visiting.written;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.surefoot.RecordVisitor;
import dev.surefoot.RecordVisitor.Result;
import dev.surefoot.SurefootConsumer;
import dev.surefoot.testkit.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A visitor that stops has consumed the record after which it stopped, and nothing behind it. */
class VisitorStopTest {
    private static TopicPartition partition;

    private final List<String> shown = new ArrayList<>();

    @BeforeAll
    static void write() {
        partition = written("lz4");
    }

    /** Notes each record, does something with its offset, and stops after this offset. */
    private RecordVisitor stoppingAfter(long offset, Consumer<Long> meanwhile) {
        return record -> {
            long at = record.offset(); // not valid any more once the partition has moved
            meanwhile.accept(at);
            shown.add(record.topic() + at);
            return at == offset ? Result.STOP : Result.CONTINUE;
        };
    }

    private RecordVisitor stoppingAfter(long offset) {
        return stoppingAfter(offset, at -> {});
    }

    private RecordVisitor stoppingAfter(long offset, Runnable meanwhile) {
        return stoppingAfter(offset, at -> {
            if (at == offset) {
                meanwhile.run();
            }
        });
    }

    private static List<String> named(long... offsets) {
        List<String> names = new ArrayList<>();
        for (long offset : offsets) {
            names.add(partition.topic() + offset);
        }
        return names;
    }

    @Test
    void itIsShownTheNextRecordByTheNextPoll() {
        try (SurefootConsumer<byte[], byte[]> consumer = reader(partition)) {
            until(3, consumer, stoppingAfter(2));
            assertThat(consumer.position(partition)).isEqualTo(3);
            until(1, consumer, stoppingAfter(3));
            assertThat(shown).isEqualTo(named(0, 1, 2, 3));
            assertThat(consumer.poll(Reading.PATIENCE).iterator().next().offset())
                    .isEqualTo(4);
        }
    }

    @Test
    void stoppingAfterEachRecordLosesNoneAndRepeatsNone() {
        List<Long> offsets = new ArrayList<>();
        try (SurefootConsumer<byte[], byte[]> consumer = reader(partition)) {
            Await.until("all records, one by one", Reading.PATIENCE, () -> {
                int count = consumer.poll(Reading.SHORT, record -> {
                    offsets.add(record.offset());
                    return Result.STOP;
                });
                assertThat(count).isLessThanOrEqualTo(1);
                return offsets.size() >= RECORDS;
            });
            assertThat(consumer.position(partition)).isEqualTo(RECORDS);
            assertThat(consumer.poll(Duration.ZERO, each(record -> offsets.add(record.offset()))))
                    .isZero();
        }

        assertThat(offsets).hasSize(RECORDS).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void otherPartitionsAreShownToTheNextPoll() {
        TopicPartition other = written("uncompressed");
        List<TopicPartition> order = new ArrayList<>();
        try (SurefootConsumer<byte[], byte[]> consumer = reader(partition, other)) {
            until(1, consumer, record -> {
                order.add(record.topicPartition());
                return Result.STOP;
            });
            until(2 * RECORDS - 1, consumer, each(record -> order.add(record.topicPartition())));
            assertThat(consumer.position(partition) + consumer.position(other)).isEqualTo(2 * RECORDS);
        }

        assertThat(order).hasSize(2 * RECORDS).contains(partition, other);
    }

    @Test
    void whatTheVisitorThrowsAfterAStopLeavesThePositionBehindTheStop() {
        try (SurefootConsumer<byte[], byte[]> consumer = reader(partition)) {
            until(3, consumer, stoppingAfter(2));
            RecordVisitor refusing = stoppingAfter(10, at -> {
                throw new IllegalArgumentException("refused at " + at);
            });
            assertThatThrownBy(() -> until(1, consumer, refusing)).hasMessage("refused at 3");
            assertThat(consumer.position(partition)).isEqualTo(3);
            until(1, consumer, stoppingAfter(3));
        }

        assertThat(shown).isEqualTo(named(0, 1, 2, 3));
    }

    @Test
    void aVisitorThatReturnsNullIsToldAndItsRecordComesAgain() {
        try (SurefootConsumer<byte[], byte[]> consumer = reader(partition)) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> until(2, consumer, record -> record.offset() == 1 ? null : Result.CONTINUE))
                    .withMessageContaining("CONTINUE or STOP");
            assertThat(consumer.position(partition)).isEqualTo(1);
            until(1, consumer, stoppingAfter(1));
        }

        assertThat(shown).isEqualTo(named(1));
    }

    @Test
    void aPollWithinTheVisitDoesNotDisturbTheStop() {
        try (SurefootConsumer<byte[], byte[]> consumer = reader(partition)) {
            until(2, consumer, stoppingAfter(1, () -> {
                assertThatIllegalStateException().isThrownBy(() -> consumer.poll(Duration.ZERO));
                assertThatIllegalStateException().isThrownBy(() -> consumer.poll(Duration.ZERO, stoppingAfter(9)));
            }));
            assertThat(consumer.position(partition)).isEqualTo(2);
        }

        assertThat(shown).isEqualTo(named(0, 1));
    }

    @Test
    void aWakeUpWithinTheVisitEndsTheNextPollAndLosesNothing() {
        try (SurefootConsumer<byte[], byte[]> consumer = reader(partition)) {
            until(2, consumer, stoppingAfter(1, consumer::wakeup));
            assertThatExceptionOfType(WakeupException.class)
                    .isThrownBy(() -> consumer.poll(Reading.PATIENCE, stoppingAfter(2)));
            assertThat(consumer.position(partition)).isEqualTo(2);
            until(1, consumer, stoppingAfter(2));
        }

        assertThat(shown).isEqualTo(named(0, 1, 2));
    }

    @Test
    void aSeekWithinTheVisitHolds() {
        try (SurefootConsumer<byte[], byte[]> consumer = reader(partition)) {
            until(2, consumer, stoppingAfter(1, () -> consumer.seek(partition, 1000)));
            assertThat(consumer.position(partition)).isEqualTo(1000);
            until(1, consumer, stoppingAfter(1000));
        }

        assertThat(shown).hasSize(3).endsWith(partition.topic() + 1000);
    }

    @Test
    void aPauseWithinTheVisitHolds() {
        try (SurefootConsumer<byte[], byte[]> consumer = reader(partition)) {
            until(2, consumer, stoppingAfter(1, () -> consumer.pause(List.of(partition))));
            assertThat(consumer.poll(Reading.SHORT, stoppingAfter(2))).isZero();
            assertThat(consumer.position(partition)).isEqualTo(2);
            consumer.resume(List.of(partition));
            until(1, consumer, stoppingAfter(2));
        }

        assertThat(shown).isEqualTo(named(0, 1, 2));
    }

    @Test
    void anAssignmentWithinTheVisitHolds() {
        TopicPartition other = written("uncompressed");
        try (SurefootConsumer<byte[], byte[]> consumer = reader(partition)) {
            until(2, consumer, stoppingAfter(1, () -> consumer.assign(List.of(other))));
            assertThat(consumer.assignment()).containsExactly(other);
            until(1, consumer, stoppingAfter(0));
            assertThat(consumer.position(other)).isEqualTo(1);
        }

        assertThat(shown).containsExactly(partition.topic() + 0, partition.topic() + 1, other.topic() + 0);
    }
}

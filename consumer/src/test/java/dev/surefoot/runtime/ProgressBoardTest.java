package dev.surefoot.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.delivery.LaneReadiness;
import dev.surefoot.core.delivery.LaneView;
import dev.surefoot.core.delivery.LastRecord;
import dev.surefoot.core.guard.ApplicationView.Reading;
import dev.surefoot.core.guard.Finding;
import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.core.handover.Watermarks;
import dev.surefoot.progress.Severity;
import dev.surefoot.progress.StallCause;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Any thread reads the board while the loop's and the application's write it (W20). */
class ProgressBoardTest {
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);
    private static final int READERS = 3;
    private static final long WRITES = 100_000;
    private static final int READS_LEAST = 1_000;

    private final ProgressBoard board = new ProgressBoard(new PollTimes());
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    /** Every number in it follows from one. */
    private static Finding finding(long number) {
        return new Finding(
                PARTITION,
                number,
                number,
                2 * number,
                new Watermarks(3 * number, 4 * number, 5 * number),
                (int) number,
                false,
                number,
                number,
                number,
                number,
                number,
                (int) number,
                number,
                number,
                number,
                number,
                StallCause.PROGRESSING,
                Severity.FINE,
                number,
                null,
                null,
                null);
    }

    private static LaneView lane(long number) {
        return new LaneView(
                PARTITION,
                number,
                FetchPosition.at(number),
                LaneReadiness.EMPTY,
                null,
                new LastRecord(number, TimestampType.CREATE_TIME));
    }

    /** Reads until both writers have ended, and a number of times at least. */
    private void read(AtomicInteger writing) {
        long found = 0;
        long read = 0;
        for (int reads = 0; writing.get() > 0 || reads < READS_LEAST; reads++) {
            ProgressBoard.Cell cell = board.of(PARTITION);
            Finding finding = cell == null ? null : cell.finding();
            Reading reading = cell == null ? null : cell.reading();
            if (finding != null) {
                assertThat(finding).isEqualTo(finding(finding.generation()));
                assertThat(finding.generation()).isGreaterThanOrEqualTo(found);
                found = finding.generation();
            }
            if (reading != null) {
                assertThat(reading.offset()).isEqualTo(reading.generation());
                assertThat(reading.lastRecord().timestampMs()).isEqualTo(reading.generation());
                assertThat(reading.generation()).isGreaterThanOrEqualTo(read);
                read = reading.generation();
            }
            assertThat(board.assignment()).containsExactly(PARTITION);
        }
    }

    private Future<?> writes(AtomicInteger writing, LongConsumer write) {
        return threads.submit(() -> {
            for (long number = 1; number <= WRITES; number++) {
                write.accept(number);
            }
            writing.decrementAndGet();
        });
    }

    @Test
    void eachHalfIsSeenWholeAndNeverAnEarlierOneAfterALaterOne() throws Exception {
        board.assigned(Set.of(PARTITION));
        AtomicInteger writing = new AtomicInteger(2);
        List<Future<?>> ends = new ArrayList<>();
        for (int reader = 0; reader < READERS; reader++) {
            ends.add(threads.submit(() -> read(writing)));
        }
        ends.add(writes(writing, number -> board.publish(finding(number))));
        ends.add(writes(writing, number -> board.read(lane(number), true)));
        for (Future<?> end : ends) {
            end.get(60, TimeUnit.SECONDS);
        }
        ProgressBoard.Cell cell = board.of(PARTITION);
        assertThat(cell.finding().generation()).isEqualTo(WRITES);
        assertThat(cell.reading().generation()).isEqualTo(WRITES);
    }

    @Test
    void nobodyWaitsForWhoHoldsTheBoard() throws Exception {
        board.assigned(Set.of(PARTITION));
        board.publish(finding(7));
        ProgressBoard.Cell cell = board.of(PARTITION);
        synchronized (board) {
            synchronized (cell) {
                Future<Long> asked = threads.submit(() -> {
                    board.steps();
                    board.consumer();
                    return board.of(PARTITION).finding().generation();
                });
                assertThat(asked.get(60, TimeUnit.SECONDS)).isEqualTo(7);
            }
        }
    }
}

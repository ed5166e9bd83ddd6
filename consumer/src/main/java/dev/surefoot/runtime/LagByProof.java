package dev.surefoot.runtime;

import dev.surefoot.core.guard.ApplicationView.Reading;
import dev.surefoot.core.guard.Finding;
import dev.surefoot.net.Clock;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;

/**
 * The lag as of now, where the guard knows more than the application's last poll: the end may have moved since, or
 * what was told of it may not hold any more. Safe from any thread.
 */
final class LagByProof {
    private final ProgressBoard board;
    private final Clock clock;
    private final boolean readCommitted;

    LagByProof(ProgressBoard board, Clock clock, boolean readCommitted) {
        this.board = board;
        this.clock = clock;
        this.readCommitted = readCommitted;
    }

    /**
     * Returns the lag in records; NaN if what was told of the end does not hold any more.
     *
     * @param lag as of the application's last poll, or NaN
     */
    double of(TopicPartition partition, double lag) {
        ProgressBoard.Cell cell = board.of(partition);
        Finding finding = cell == null ? null : cell.finding();
        Reading reading = cell == null ? null : cell.reading();
        if (finding == null
                || reading == null
                || finding.generation() != reading.generation()
                || finding.toldNanos() == Long.MIN_VALUE) {
            return lag;
        }
        if (!finding.stands(clock.nanos())) {
            return Double.NaN;
        }
        OptionalLong told = finding.watermarks().lag(reading.offset(), readCommitted);
        if (told.isEmpty()) {
            return lag;
        }
        double toldNow = (double) told.getAsLong();
        return Double.isNaN(lag) ? toldNow : Math.max(lag, toldNow);
    }
}

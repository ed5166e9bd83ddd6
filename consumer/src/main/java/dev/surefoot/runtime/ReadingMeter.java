package dev.surefoot.runtime;

import dev.surefoot.core.delivery.LaneView;
import dev.surefoot.core.delivery.ReadingListener;
import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.core.handover.FetchedAnswer;
import dev.surefoot.core.handover.Watermarks;
import dev.surefoot.net.Clock;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;

/**
 * Records what the lanes report of the application's reading, in the metrics and on the board. Owned by the
 * application's thread.
 */
final class ReadingMeter implements ReadingListener {
    private final ConsumptionMeter consumption;
    private final LagMeter lags;
    private final ProgressBoard board;
    private final boolean readCommitted;
    private final Clock clock;

    ReadingMeter(ConsumptionMeter consumption, LagMeter lags, ProgressBoard board, boolean readCommitted, Clock clock) {
        this.consumption = consumption;
        this.lags = lags;
        this.board = board;
        this.readCommitted = readCommitted;
        this.clock = clock;
    }

    @Override
    public void recordsTaken(TopicPartition partition, int records, long bytes) {
        board.taken(partition, records);
        consumption.taken(partition.topic(), records, bytes, clock.epochMillis());
    }

    @Override
    public void answerRead(FetchedAnswer answer) {
        consumption.answerRead(answer, clock.epochMillis());
    }

    @Override
    public void changed(LaneView lane, Watermarks watermarks, boolean read) {
        board.read(lane, read);
        FetchPosition position = lane.position();
        OptionalLong lag = position == null ? OptionalLong.empty() : watermarks.lag(position, readCommitted);
        OptionalLong lead = position == null ? OptionalLong.empty() : watermarks.lead(position);
        lags.record(lane.partition(), orNaN(lag), orNaN(lead), read, clock.epochMillis());
    }

    private static double orNaN(OptionalLong value) {
        return value.isPresent() ? (double) value.getAsLong() : Double.NaN;
    }
}

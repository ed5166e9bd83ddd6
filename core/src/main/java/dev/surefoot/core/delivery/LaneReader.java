package dev.surefoot.core.delivery;

import dev.surefoot.core.error.Thrown;
import dev.surefoot.core.records.Decompressor;
import dev.surefoot.core.records.RecordCursor;
import org.apache.kafka.common.errors.RecordDeserializationException;
import org.jspecify.annotations.Nullable;

/** Reads the records of one lane at a time, and counts them. Owned by the application's thread. */
final class LaneReader {
    private final boolean readCommitted;
    private final boolean checkCrcs;
    private final Decompressor decompressor;
    private final BadUnits badUnits;
    private final ReadingListener listener;
    private long recordsTaken;

    LaneReader(
            boolean readCommitted,
            boolean checkCrcs,
            Decompressor decompressor,
            BadUnits badUnits,
            ReadingListener listener) {
        this.readCommitted = readCommitted;
        this.checkCrcs = checkCrcs;
        this.decompressor = decompressor;
        this.badUnits = badUnits;
        this.listener = listener;
    }

    /** The records read from a lane in one go, and why reading ended before the requested number, if it did. */
    static final class Reading {
        private int records;
        private long bytes;
        private boolean hasPaused;
        private boolean hasMovedOn;
        private @Nullable Throwable trouble;

        int records() {
            return records;
        }

        /** Whether the cursor has passed over many bytes without a record. */
        boolean hasPaused() {
            return hasPaused;
        }

        /** Whether a delivery was read to its end, reading has paused, or a unit was passed over. */
        boolean hasMovedOn() {
            return hasMovedOn;
        }

        /** What was thrown, or null. */
        @Nullable Throwable trouble() {
            return trouble;
        }

        void throwTrouble() {
            if (trouble != null) {
                throw Thrown.asItIs(trouble);
            }
        }
    }

    /** Reads up to {@code most} records of a lane that may be read. What is thrown is in the result. */
    Reading read(Lane lane, int most, Lanes.RecordTaker taker) {
        Reading reading = new Reading();
        boolean goesOn = true;
        while (goesOn) {
            goesOn = false;
            try {
                boolean isProbing = lane.isProbing();
                boolean isSettled = badUnits.settled(lane, recordsTaken + reading.records);
                reading.hasMovedOn |= isProbing && lane.examination() == null;
                if (isSettled) {
                    read(lane, most, taker, reading);
                }
            } catch (Throwable e) { // a visitor may throw anything
                goesOn = isPassed(lane, e, taker, reading) && reading.records < most && lane.mayBeRead();
            }
        }
        recordsTaken += reading.records;
        if (reading.records > 0) {
            listener.recordsTaken(lane.partition(), reading.records, reading.bytes);
        }
        return reading;
    }

    private void read(Lane lane, int most, Lanes.RecordTaker taker, Reading reading) {
        RecordCursor record = lane.openCursor(readCommitted, checkCrcs, decompressor);
        while (reading.records < most) {
            if (!lane.moveToNext(record)) {
                reading.hasMovedOn = true;
                break;
            }
            int recordBytes = record.sizeBytes();
            taker.take(lane.partition(), record);
            reading.records++;
            reading.bytes += recordBytes;
            if (!lane.take(record, recordBytes) || taker.hasEnough()) {
                break;
            }
        }
        reading.hasMovedOn |= lane.finishIfRead(record);
        reading.hasPaused = record.hasPaused();
    }

    /** Whether a record was passed over, so that the next one may be read. */
    private boolean isPassed(Lane lane, Throwable thrown, Lanes.RecordTaker taker, Reading reading) {
        Throwable outcome = thrown;
        try {
            switch (badUnits.failed(lane, thrown, recordsTaken + reading.records)) {
                case RECORD_PASSED -> {
                    reading.hasMovedOn = true;
                    taker.passedOver(null);
                    return true;
                }
                case BATCH_PASSED -> {
                    reading.hasMovedOn = true;
                    return false;
                }
                case EXAMINING -> {
                    return false;
                }
                case NOT_PASSED -> {}
            }
        } catch (Throwable e) { // a handler may throw anything
            outcome = e;
            if (thrown instanceof RecordDeserializationException) {
                taker.passedOver(e);
            }
        }
        // The position is past the records taken so far, so these must reach the application before the error is
        // thrown.
        lane.keep(outcome);
        reading.trouble = outcome;
        return false;
    }
}

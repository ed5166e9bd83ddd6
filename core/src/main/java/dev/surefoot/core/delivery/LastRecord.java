package dev.surefoot.core.delivery;

import dev.surefoot.core.records.RecordCursor;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * When the last record that was read was written. Immutable.
 *
 * @param timestampMs its timestamp in milliseconds since the epoch, or -1 if it has none or none was read
 * @param type who has set it
 */
public record LastRecord(long timestampMs, TimestampType type) {
    /** None was read in this generation. */
    public static final LastRecord NONE = new LastRecord(-1, TimestampType.NO_TIMESTAMP_TYPE);

    /**
     * The last record after some were taken.
     *
     * @param open where they were read, or null if nothing is being read
     * @param taken how many were taken there
     */
    LastRecord next(@Nullable RecordCursor open, int taken) {
        return open == null || taken == 0 || open.lastTimestamp() == timestampMs
                ? this
                : new LastRecord(open.lastTimestamp(), open.lastTimestampType());
    }
}

package dev.surefoot.core.delivery;

import org.apache.kafka.common.record.TimestampType;

/**
 * When the last record that was read was written. Immutable.
 *
 * @param timestampMs its timestamp in milliseconds since the epoch, or -1 if it has none or none was read
 * @param type who has set it
 */
public record LastRecord(long timestampMs, TimestampType type) {
    /** None was read in this generation. */
    public static final LastRecord NONE = new LastRecord(-1, TimestampType.NO_TIMESTAMP_TYPE);
}

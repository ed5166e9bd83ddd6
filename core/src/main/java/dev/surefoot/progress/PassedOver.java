package dev.surefoot.progress;

import org.apache.kafka.common.TopicPartition;

/**
 * A record that cannot be read, or the rest of a damaged batch, which {@code surefoot.on.bad.record} passes over.
 *
 * @param partition where it is
 * @param fromOffset the first offset that is passed over, 0 or more
 * @param toOffset the last offset that is passed over; {@code fromOffset} for a record
 * @param reason why it cannot be read: {@link StallCause#RECORD_UNDESERIALIZABLE} for a record, {@link
 *     StallCause#BATCH_CORRUPT}, {@link StallCause#BATCH_UNDECOMPRESSABLE} or {@link StallCause#RECORD_TOO_LARGE} for a
 *     batch
 * @param handedOver whether {@code surefoot.on.bad.record.handler} has taken it over; false if it is skipped
 * @param message what is wrong with it, without its content
 */
public record PassedOver(
        TopicPartition partition,
        long fromOffset,
        long toOffset,
        StallCause reason,
        boolean handedOver,
        String message) {}

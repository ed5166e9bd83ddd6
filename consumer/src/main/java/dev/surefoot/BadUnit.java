package dev.surefoot;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * What a consumer cannot read, and passes over as a whole: one record that its deserializers refuse, or the rest of one
 * batch that is damaged. The bytes are copies.
 *
 * @param partition where it is
 * @param fromOffset the first offset that cannot be read, 0 or more
 * @param toOffset the last offset that cannot be read; {@code fromOffset} for a record
 * @param reason why it cannot be read
 * @param timestamp in milliseconds since the epoch, of a batch the largest one that it claims; -1 if there is none
 * @param key the key of the record as it was received; null for a batch, and for a record without a key
 * @param value the value of the record as it was received; null for a batch, and for a record without a value
 * @param headers the headers of the record; null for a batch
 * @param batch the whole batch as it was received, the records before {@code fromOffset} included; null for a record
 * @param batchFacts what is known of the batch; null for a record
 * @param cause what {@code poll} would throw with {@code surefoot.on.bad.record=fail}; of a record a
 *     {@code RecordDeserializationException}
 */
@SuppressWarnings("ArrayRecordComponent") // bytes for the handler to send on, which nobody compares
public record BadUnit(
        TopicPartition partition,
        long fromOffset,
        long toOffset,
        Reason reason,
        long timestamp,
        byte @Nullable [] key,
        byte @Nullable [] value,
        @Nullable Headers headers,
        byte @Nullable [] batch,
        @Nullable BatchFacts batchFacts,
        KafkaException cause) {

    /** Why a unit cannot be read. A later release may add reasons. */
    public enum Reason {
        /** A deserializer throws, or a {@link RecordVisitor} throws a {@code RecordDeserializationException}. */
        RECORD_UNDESERIALIZABLE,
        /** The batch fails its checksum, or its records are malformed. */
        BATCH_CORRUPT,
        /** The batch cannot be decompressed, or its codec is not known. */
        BATCH_UNDECOMPRESSABLE,
        /** A record of the batch claims more bytes than {@code surefoot.decompressed.batch.max.bytes}. */
        RECORD_TOO_LARGE
    }

    /**
     * What is known of a batch. Where the checksums differ, the rest may be wrong.
     *
     * @param baseOffset the first offset, as the batch says
     * @param lastOffset the last offset, as the batch says
     * @param magic the format, from 0 to 2
     * @param codecId the number of the codec: 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd
     * @param checksumExpected the checksum, as the batch says
     * @param checksumFound the checksum of its bytes
     */
    public record BatchFacts(
            long baseOffset, long lastOffset, int magic, int codecId, int checksumExpected, int checksumFound) {}

    /** Returns the place and the reason as text, without any bytes. */
    @Override
    public String toString() {
        return "BadUnit(" + partition + ", offsets " + fromOffset + " to " + toOffset + ", " + reason + ")";
    }
}

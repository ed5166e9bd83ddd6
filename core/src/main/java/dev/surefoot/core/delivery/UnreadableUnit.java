package dev.surefoot.core.delivery;

import dev.surefoot.core.handover.Delivery;
import dev.surefoot.core.records.BatchFault;
import dev.surefoot.core.records.RecordCursor;
import java.nio.ByteBuffer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordDeserializationException;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * What the application cannot read and may pass over as a whole: one record, or the rest of one batch. Its bytes are
 * copies.
 */
public final class UnreadableUnit {
    /** Why it cannot be read. */
    public enum Reason {
        /** A deserializer refuses the record. */
        RECORD_UNDESERIALIZABLE,
        /** The batch fails its checksum, or its records are malformed. */
        BATCH_CORRUPT,
        /** The batch cannot be decompressed. */
        BATCH_UNDECOMPRESSABLE,
        /** The batch has a record that is larger than allowed. */
        RECORD_TOO_LARGE;

        static Reason of(BatchFault.Kind kind) {
            return switch (kind) {
                case CORRUPT -> BATCH_CORRUPT;
                case UNDECOMPRESSABLE -> BATCH_UNDECOMPRESSABLE;
                case TOO_LARGE -> RECORD_TOO_LARGE;
            };
        }
    }

    private final TopicPartition partition;
    private final long fromOffset;
    private final long toOffset;
    private final Reason reason;
    private final long timestamp;
    private final byte @Nullable [] key;
    private final byte @Nullable [] value;
    private final @Nullable Headers headers;
    private final byte @Nullable [] batch;
    private final @Nullable BatchFault fault;
    private final KafkaException cause;

    private UnreadableUnit(TopicPartition partition, RecordCursor record, RecordDeserializationException cause) {
        this.partition = partition;
        this.fromOffset = record.offset();
        this.toOffset = record.offset();
        this.reason = Reason.RECORD_UNDESERIALIZABLE;
        this.timestamp = record.timestamp();
        this.key = record.keyBytes();
        this.value = record.valueBytes();
        this.headers = record.headers().decode();
        this.batch = null;
        this.fault = null;
        this.cause = cause;
    }

    private UnreadableUnit(Delivery.Records records, BatchFault fault, KafkaException cause) {
        ByteBuffer fetched = records.records();
        byte[] copy = new byte[fault.bytes()];
        fetched.get(fetched.position() + fault.start(), copy);
        this.partition = records.partition();
        this.fromOffset = fault.failingOffset();
        this.toOffset = fault.lastOffset();
        this.reason = Reason.of(fault.kind());
        this.timestamp = fault.maxTimestamp();
        this.key = null;
        this.value = null;
        this.headers = null;
        this.batch = copy;
        this.fault = fault;
        this.cause = cause;
    }

    /** The record that the cursor is at. */
    static UnreadableUnit record(TopicPartition partition, RecordCursor record, RecordDeserializationException cause) {
        return new UnreadableUnit(partition, record, cause);
    }

    /** The rest of a batch, which is in these records. */
    static UnreadableUnit batch(Delivery.Records records, BatchFault fault, KafkaException cause) {
        return new UnreadableUnit(records, fault, cause);
    }

    public TopicPartition partition() {
        return partition;
    }

    /** The first offset that cannot be read. */
    public long fromOffset() {
        return fromOffset;
    }

    /** The last offset that cannot be read. */
    public long toOffset() {
        return toOffset;
    }

    public Reason reason() {
        return reason;
    }

    /** In milliseconds since the epoch, of a batch the largest of its records; -1 if there is none. */
    public long timestamp() {
        return timestamp;
    }

    /** The record's key; null for a batch, and for a record without one. */
    public byte @Nullable [] key() {
        return key;
    }

    /** The record's value; null for a batch, and for a record without one. */
    public byte @Nullable [] value() {
        return value;
    }

    /** The record's headers; null for a batch. */
    public @Nullable Headers headers() {
        return headers;
    }

    /** The whole batch as it was received; null for a record. */
    public byte @Nullable [] batch() {
        return batch;
    }

    /** What is known of the batch; null for a record. */
    public @Nullable BatchFault fault() {
        return fault;
    }

    /** What poll throws if the unit is not passed over. */
    public KafkaException cause() {
        return cause;
    }
}

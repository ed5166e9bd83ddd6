package dev.surefoot;

import dev.surefoot.core.records.RecordCursor;
import java.nio.ByteBuffer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * A record where it lies: in the buffer that it was received in, or in the one that its batch was decompressed into. Nothing is
 * copied and no object is made for it.
 *
 * <p>It is valid until the {@link RecordVisitor} that it is shown to returns. The same object then stands for the next record,
 * and the memory may be used again. What is to be kept has to be copied:
 *
 * <pre>{@code
 * ByteBuffer value = record.value();
 * byte[] copy = new byte[value.remaining()];
 * value.get(copy);
 * }</pre>
 *
 * <p>Buffers are windows: the bytes are those from position to limit, and {@link #key}, {@link #value} move the same window anew
 * with each record. They are read-only and big-endian. Belongs to the thread that polls.
 */
public final class ReceivedRecord {
    private @Nullable TopicPartition partition;
    private @Nullable RecordCursor cursor;

    ReceivedRecord() {}

    void at(TopicPartition ofPartition, RecordCursor atRecord) {
        partition = ofPartition;
        cursor = atRecord;
    }

    void leave() {
        cursor = null;
    }

    private RecordCursor cursor() {
        RecordCursor at = cursor;
        if (at == null) {
            throw new IllegalStateException("A received record is valid only until the visitor that it was shown to"
                    + " returns; copy what is to be kept.");
        }
        return at;
    }

    /** The partition that the record is from; it may be kept. */
    public TopicPartition partition() {
        TopicPartition of = partition;
        if (of == null) {
            throw new IllegalStateException("This record has not been shown to a visitor.");
        }
        return of;
    }

    public long offset() {
        return cursor().offset();
    }

    /** Milliseconds since the epoch, or -1 if the record has no timestamp. */
    public long timestamp() {
        return cursor().timestamp();
    }

    /** Whose clock {@link #timestamp} is from (KIP-32). */
    public TimestampType timestampType() {
        return cursor().timestampType();
    }

    /** The leader epoch under which the record was written, or -1 if it is not known. */
    public int leaderEpoch() {
        return cursor().leaderEpoch();
    }

    /** The key's bytes, or null if the record has no key. */
    public @Nullable ByteBuffer key() {
        return cursor().key();
    }

    /** How many bytes the key has, or -1 if there is none. */
    public int keySize() {
        return cursor().keySize();
    }

    /** The value's bytes, or null if the record has no value. */
    public @Nullable ByteBuffer value() {
        return cursor().value();
    }

    /** How many bytes the value has, or -1 if there is none. */
    public int valueSize() {
        return cursor().valueSize();
    }

    /** How many headers the record has. */
    public int headerCount() {
        return cursor().headerCount();
    }

    /** Shows the headers in the order in which they were written. */
    public void forEachHeader(HeaderVisitor visitor) {
        cursor().eachHeader(visitor::visit);
    }

    /** Where the record is from and how large it is; its bytes are left out. */
    @Override
    public String toString() {
        RecordCursor at = cursor;
        return at == null
                ? "ReceivedRecord(not valid outside of its visitor)"
                : "ReceivedRecord(topic = " + partition().topic()
                        + ", partition = " + partition().partition()
                        + ", leaderEpoch = " + at.leaderEpoch()
                        + ", offset = " + at.offset()
                        + ", " + at.timestampType() + " = " + at.timestamp()
                        + ", key bytes = " + at.keySize()
                        + ", value bytes = " + at.valueSize()
                        + ", headers = " + at.headerCount() + ")";
    }
}

package dev.surefoot.core.records;

import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.UnsupportedCompressionTypeException;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * Walks the records of one partition's fetched batches, decoding each only when it is reached.
 *
 * <p>The cursor passes over control batches, over records below the offset that it was opened at and, under {@code
 * read_committed}, over aborted transactions. An uncompressed batch is read where it lies, a compressed one from the
 * decompressor's memory. Owned by one thread. After {@link #next} the queries are about the current record. Close it to
 * release the decompressor's memory, unless {@link #next} has thrown, or has returned false without a pause.
 */
public final class RecordCursor implements AutoCloseable {

    private static final short ABORT_MARKER = 0;
    private static final int CONTROL_KEY_BYTES = 4;

    /** Bytes of a stream after which {@link #next} pauses: a fraction of a second. */
    private static final long PASSED_OVER_BYTES_MAX = 64L << 20;

    private final TopicPartition partition;
    private final ByteBuffer records;
    private final long fromOffset;
    private final @Nullable AbortedProducers aborted;
    private final boolean checkCrcs;
    private final BatchesAhead ahead;

    private final BatchHeader batch;
    private final BatchChecksum checksum = new BatchChecksum();
    private final OpenBatch content;
    private final RecordView record = new RecordView();
    private final ReadOnlyWindow keyWindow = new ReadOnlyWindow();
    private final ReadOnlyWindow valueWindow = new ReadOnlyWindow();
    private final HeadersInPlace headersInPlace = new HeadersInPlace();

    private RecordReader reader;
    private int batchStart;
    private long nextOffset;
    private int lastEpoch = -1;
    private boolean atRecord;
    private boolean hasPaused;
    private boolean closed;
    private @Nullable KafkaException failure;

    /** Opens a cursor before the first record, with nothing decompressed ahead. */
    public RecordCursor(
            TopicPartition partition,
            ByteBuffer records,
            long fromOffset,
            boolean readCommitted,
            List<AbortedTransaction> abortedTransactions,
            boolean checkCrcs,
            Decompressor decompressor) {
        this(
                partition,
                records,
                fromOffset,
                readCommitted,
                abortedTransactions,
                checkCrcs,
                decompressor,
                BatchesAhead.NONE);
    }

    /**
     * Opens a cursor before the first record.
     *
     * @param records the batches, from position to limit; neither is changed. The bytes must not change until the
     *     cursor is closed
     * @param fromOffset the lowest offset to deliver
     * @param readCommitted whether to pass over aborted transactions
     * @param abortedTransactions the aborted transactions that the broker named for this range, in any order
     * @param checkCrcs whether to verify checksums
     * @param ahead batches that may be decompressed already, with the same choice of {@code checkCrcs}
     */
    public RecordCursor(
            TopicPartition partition,
            ByteBuffer records,
            long fromOffset,
            boolean readCommitted,
            List<AbortedTransaction> abortedTransactions,
            boolean checkCrcs,
            Decompressor decompressor,
            BatchesAhead ahead) {
        this.partition = partition;
        this.records = records.slice();
        this.fromOffset = fromOffset;
        this.aborted = readCommitted ? new AbortedProducers(abortedTransactions) : null;
        this.checkCrcs = checkCrcs;
        this.ahead = ahead;
        this.batch = new BatchHeader(this.records);
        this.content = new OpenBatch(batch, checksum, checkCrcs, decompressor);
        this.reader = content.nothing();
        this.nextOffset = fromOffset;
    }

    /**
     * Moves to the next record for the application.
     *
     * @return false if no complete batch is left that has one, or if the cursor {@link #hasPaused} first
     * @throws CorruptRecordException if a batch or record is malformed or fails its checksum
     * @throws RecordTooLargeException if a record of a large compressed batch claims more than the decompressor allows
     * @throws UnsupportedCompressionTypeException if a batch's codec is unknown, or its library cannot be loaded
     * @throws KafkaException if reading fails otherwise, as when memory runs out. Once thrown, the same exception is
     *     thrown again: a cursor never passes over a record that it cannot read
     * @throws IllegalStateException if the cursor is closed
     */
    public boolean next() {
        if (failure != null) {
            throw failure;
        }
        if (closed) {
            throw new IllegalStateException("The cursor over " + partition + " is closed");
        }
        atRecord = false;
        try {
            atRecord = advance();
            return atRecord;
        } catch (RuntimeException | Error e) {
            // An exception such as that of exhausted memory leaves the cursor past a batch that it has not opened.
            // Going on would skip that batch.
            closeBatch();
            failure = located(e);
            throw failure;
        }
    }

    private boolean advance() {
        hasPaused = false;
        long passingFrom = -1; // set only when a record is passed over: most calls pass over none
        do {
            while (reader.hasNext()) {
                reader.next(record);
                nextOffset = Math.max(nextOffset, reader.hasNext() ? record.offset + 1 : batch.lastOffset() + 1);
                if (record.offset >= fromOffset) {
                    return true;
                }
                passingFrom = passingFrom < 0 ? content.streamedBytes() : passingFrom;
                if (content.streamedBytes() - passingFrom > PASSED_OVER_BYTES_MAX && reader.hasNext()) {
                    hasPaused = true;
                    return false;
                }
            }
            closeBatch();
        } while (moveToNextBatch());
        return false;
    }

    /** Moves to the next batch and opens it if it holds records for the application; otherwise passes over it. */
    private boolean moveToNextBatch() {
        long previousOffset = batch.lastOffset();
        batchStart = batch.end();
        if (!batch.moveToNext()) {
            return false;
        }
        content.take(ahead.take(batchStart));
        if (checkCrcs && !content.isDecompressed()) {
            checksum.verify(batch);
        }
        boolean isWanted = isCommitted() && !batch.isControl() && batch.lastOffset() >= fromOffset;
        if (isWanted) {
            reader = content.open(previousOffset);
        } else {
            closeBatch();
        }
        lastEpoch = batch.leaderEpoch();
        if (!reader.hasNext()) {
            nextOffset = Math.max(nextOffset, batch.lastOffset() + 1);
        }
        return true;
    }

    /** Whether the batch belongs to no aborted transaction. It also tracks where such transactions start and end. */
    private boolean isCommitted() {
        if (aborted == null) {
            return true;
        }
        aborted.advanceTo(batch.lastOffset());
        long producerId = batch.producerId();
        if (!aborted.contains(producerId)) {
            return true;
        }
        if (batch.isControl() && isAbortMarker()) {
            aborted.close(producerId);
        }
        return !batch.isTransactional();
    }

    /** Whether the control batch is an abort marker; its one record says so (KIP-98). */
    private boolean isAbortMarker() {
        RecordReader marker = content.open(batch.baseOffset() - 1);
        boolean isAbort = false;
        if (marker.hasNext()) {
            marker.next(record);
            if (record.keySize < CONTROL_KEY_BYTES) {
                throw new InvalidRecordException(
                        "a control record's key is shorter than " + CONTROL_KEY_BYTES + " bytes");
            }
            isAbort = record.buffer.getShort(record.keyPosition + Short.BYTES) == ABORT_MARKER;
        }
        closeBatch();
        return isAbort;
    }

    /** Closes the batch before the next one is opened: two large windows may not fit into the heap. */
    private void closeBatch() {
        content.close();
        reader = content.nothing();
        record.clear();
        keyWindow.clear();
        valueWindow.clear();
        headersInPlace.release();
    }

    private KafkaException located(Throwable cause) {
        String message = "Cannot read " + partition + " at offset " + nextOffset + ", in the batch at byte "
                + batchStart + " of the fetched records: "
                + (cause instanceof KafkaException ? cause.getMessage() : cause);
        if (batch.end() > batchStart) {
            message += ". To go on without this batch, seek past its last offset " + batch.lastOffset();
            BatchFault fault = BatchFault.of(cause, batch, checksum, nextOffset);
            if (fault != null) {
                return UnreadableBatch.of(message, cause, fault);
            }
        }
        return cause instanceof InvalidRecordException
                ? new CorruptRecordException(message, cause)
                : new KafkaException(message, cause);
    }

    /** Whether {@link #next} has moved to a record that is still valid. */
    public boolean isAtRecord() {
        return atRecord;
    }

    /** The current record's offset, never below the one the cursor was opened at. */
    public long offset() {
        requireRecord();
        return record.offset;
    }

    /** The current record's timestamp in milliseconds since the epoch, or -1 if its format has none (v0). */
    public long timestamp() {
        requireRecord();
        return record.timestamp;
    }

    /** The timestamp of the record that was read last, also when it is not valid any more. */
    public long lastTimestamp() {
        return record.timestamp;
    }

    /** Who set the timestamp of the record that was read last. */
    public TimestampType lastTimestampType() {
        return record.timestampType;
    }

    /** Who set the current record's timestamp; {@code NO_TIMESTAMP_TYPE} if its format has none. */
    public TimestampType timestampType() {
        requireRecord();
        return record.timestampType;
    }

    /** The partition leader epoch under which the current record was written, or -1 if unknown (v0 and v1). */
    public int leaderEpoch() {
        requireRecord();
        return lastEpoch;
    }

    /** The current record's key where it lies, or null; read-only, valid until this or {@link #next} is called. */
    public @Nullable ByteBuffer key() {
        requireRecord();
        return record.keySize < 0 ? null : keyWindow.at(record.buffer, record.keyPosition, record.keySize);
    }

    /** The current record's value where it lies, or null; read-only, valid until this or {@link #next} is called. */
    public @Nullable ByteBuffer value() {
        requireRecord();
        return record.valueSize < 0 ? null : valueWindow.at(record.buffer, record.valuePosition, record.valueSize);
    }

    /** The current record's key, which it must have, in an array; valid until the window's next use. */
    public ByteBuffer key(ArrayWindow window) {
        requireRecord();
        return window.at(record.buffer, record.keyPosition, record.keySize);
    }

    /** The current record's value, which it must have, in an array; valid until the window's next use. */
    public ByteBuffer value(ArrayWindow window) {
        requireRecord();
        return window.at(record.buffer, record.valuePosition, record.valueSize);
    }

    /** The current record's key as a new array, or null if it has none. */
    public byte @Nullable [] keyBytes() {
        requireRecord();
        return record.keyBytes();
    }

    /** The current record's value as a new array, or null if it has none. */
    public byte @Nullable [] valueBytes() {
        requireRecord();
        return record.valueBytes();
    }

    /** The size of the current record's key in bytes, or -1 if it has none. */
    public int keySize() {
        requireRecord();
        return record.keySize;
    }

    /** The size of the current record's value in bytes, or -1 if it has none. */
    public int valueSize() {
        requireRecord();
        return record.valueSize;
    }

    /**
     * The size of the current record in its decompressed batch, in bytes: key, value, headers and their framing.
     * Kafka's consumer counts consumed bytes in the same way.
     */
    public int sizeBytes() {
        requireRecord();
        int body = record.end - record.start;
        return batch.isLegacy() ? body : body + VarintReader.sizeOf(body);
    }

    /** The number of headers of the current record. */
    public int headerCount() {
        requireRecord();
        return record.headerCount;
    }

    /** The current record's headers where they lie; valid until the next call of {@link #next}. */
    public HeadersInPlace headersInPlace() {
        requireRecord();
        return headersInPlace.at(record.buffer, record.headersPosition, record.headerCount);
    }

    /** The current record's headers, as a copy that stays valid. */
    public RawHeaders headers() {
        requireRecord();
        return record.headers();
    }

    private void requireRecord() {
        if (!atRecord) {
            throw new IllegalStateException("The cursor over " + partition + " is not at a record");
        }
    }

    /**
     * The offset after all records that {@link #next} has returned or passed over. With the last record of a batch it
     * moves past the batch's end, so that offsets removed by compaction are not fetched again. It never decreases and
     * is never below the offset that the cursor was opened at.
     */
    public long nextOffset() {
        return nextOffset;
    }

    /** The partition leader epoch of the last batch that {@link #next} has entered or passed over, or -1 if unknown. */
    public int lastEpoch() {
        return lastEpoch;
    }

    /**
     * Whether {@link #next} has returned false within a large batch, after it passed over many bytes. The next call
     * continues there.
     */
    public boolean hasPaused() {
        return hasPaused;
    }

    /** Whether {@link #next} may find more: false once all bytes have been read. */
    public boolean mayHaveMore() {
        return reader.hasNext() || batch.end() < records.limit();
    }

    /** The number of records that the current batch claims to have left; some may not be for the application. */
    public int remainingInBatch() {
        return reader.remaining();
    }

    /** Releases the decompressor's memory. The current record is no longer valid; {@link #nextOffset} still is. */
    @Override
    public void close() {
        closed = true;
        atRecord = false;
        closeBatch();
    }
}

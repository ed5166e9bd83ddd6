package dev.surefoot.core.records;

import java.nio.ByteBuffer;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.record.TimestampType;

/** Decodes records of format v2 (KIP-98). Owned by its cursor, which opens it for each batch. */
final class DefaultRecordReader implements RecordReader {

    /** A header takes at least a byte for its key's length and one for its value's. */
    private static final int HEADER_BYTES_MIN = 2;

    private final VarintReader in = new VarintReader();
    private int end;
    private boolean isLastStretch;
    private int remaining;
    private long baseOffset;
    private int previousDelta;
    private int lastOffsetDelta;
    private long baseTimestamp;
    private boolean logAppendTime;
    private TimestampType timestampType = TimestampType.NO_TIMESTAMP_TYPE;

    /** Opens the batch under the header, whose records lie in {@code buffer}, uncompressed. */
    void open(BatchHeader header, ByteBuffer buffer, int start, int end) {
        open(header, buffer, start, end, true);
    }

    /**
     * Opens the batch under the header, whose records arrive a stretch at a time. This is the first stretch; {@link
     * #moveTo} gives the next ones.
     */
    void open(BatchHeader header, ByteBuffer buffer, int start, int end, boolean isLastStretch) {
        moveTo(buffer, start, end, isLastStretch);
        remaining = header.recordsCount();
        baseOffset = header.baseOffset();
        previousDelta = -1;
        lastOffsetDelta = (int) (header.lastOffset() - baseOffset);
        logAppendTime = header.hasLogAppendTime();
        baseTimestamp = logAppendTime ? header.maxTimestamp() : header.baseTimestamp();
        timestampType = logAppendTime ? TimestampType.LOG_APPEND_TIME : TimestampType.CREATE_TIME;
        if (remaining == 0) {
            checkNothingIsLeft();
        }
    }

    /**
     * Moves to the stretch in which the next record starts. Unless it is the last stretch, it holds the whole record.
     * The stretch of the last record has one more byte if the batch has one.
     */
    void moveTo(ByteBuffer buffer, int start, int end, boolean isLastStretch) {
        in.open(buffer, start, end);
        this.end = end;
        this.isLastStretch = isLastStretch;
    }

    @Override
    public boolean hasNext() {
        return remaining > 0;
    }

    @Override
    public int remaining() {
        return remaining;
    }

    // This method and what it calls for a sound record are small enough for the JIT to inline them into the loop over
    // records (325 bytes of byte code). RecordDecodeBenchmark gets slower when they are not.
    @Override
    public void next(RecordView record) {
        int recordEnd = openRecord();
        record.start = in.position();
        in.skip(1); // attributes, all unused
        long timestampDelta = in.varlong();
        record.timestamp = logAppendTime ? baseTimestamp : baseTimestamp + timestampDelta;
        record.timestampType = timestampType;
        int delta = in.varint();
        if (delta <= previousDelta || delta > lastOffsetDelta) {
            throw misplaced(delta);
        }
        previousDelta = delta;
        record.offset = baseOffset + delta;
        record.buffer = in.buffer();
        record.keySize = in.nullableLength("a record's key");
        record.keyPosition = in.position();
        in.skip(Math.max(0, record.keySize));
        record.valueSize = in.nullableLength("a record's value");
        record.valuePosition = in.position();
        in.skip(Math.max(0, record.valueSize));
        record.headerCount = in.varint();
        record.headersPosition = in.position();
        record.end = recordEnd;
        if (record.headerCount != 0) {
            skipHeaders(record.headerCount);
        }
        closeRecord(recordEnd);
    }

    /** Reads the length of the next record and returns the index at which the record ends. */
    private int openRecord() {
        in.limit(end);
        if (in.remaining() == 0) {
            throw new InvalidRecordException("the batch ends " + remaining + " records short of its record count");
        }
        int length = in.varint();
        if (length < 0 || length > in.remaining()) {
            throw new InvalidRecordException(
                    "a record claims " + length + " bytes where the batch has " + in.remaining() + " left");
        }
        int recordEnd = in.position() + length;
        in.limit(recordEnd);
        return recordEnd;
    }

    private void closeRecord(int recordEnd) {
        if (in.position() != recordEnd) {
            throw new InvalidRecordException("a record's content ends " + in.remaining() + " bytes before the record");
        }
        if (--remaining == 0) {
            in.limit(end);
            checkNothingIsLeft();
        }
    }

    private InvalidRecordException misplaced(int delta) {
        return new InvalidRecordException("a record has the offset delta " + delta + ", which must be above "
                + previousDelta + " and at most " + lastOffsetDelta);
    }

    private void checkNothingIsLeft() {
        if (in.remaining() > 0) {
            throw new InvalidRecordException(
                    (isLastStretch ? "" : "at least ") + in.remaining() + " bytes follow the last record of the batch");
        }
    }

    private void skipHeaders(int count) {
        if (count < 0 || count > in.remaining() / HEADER_BYTES_MIN) {
            throw new InvalidRecordException("a record claims " + count + " headers in " + in.remaining() + " bytes");
        }
        for (int i = 0; i < count; i++) {
            int keySize = in.varint();
            if (keySize < 0) {
                throw new InvalidRecordException("a header's key has the negative length " + keySize);
            }
            in.skip(keySize);
            in.skip(Math.max(0, in.nullableLength("a header's value")));
        }
    }
}

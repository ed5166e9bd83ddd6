package dev.surefoot.core.records;

import java.nio.ByteBuffer;
import org.apache.kafka.common.InvalidRecordException;

/**
 * The header of one record batch, or of one message of a v0 or v1 message set, read where it lies. {@link #moveToNext}
 * moves it from batch to batch without allocating. Owned by one cursor or scan.
 *
 * <p>The constants are the byte offsets of the record batch layout (KIP-98) and of the older message format (KIP-32).
 */
final class BatchHeader {

    private static final int LENGTH = 8;
    private static final int LOG_OVERHEAD = 12;
    private static final int MAGIC = 16;

    private static final int LEGACY_CHECKSUM = 12;
    private static final int LEGACY_ATTRIBUTES = 17;
    private static final int LEGACY_TIMESTAMP = 18;
    private static final int LENGTH_MIN_V0 = 14;
    private static final int LENGTH_MIN_V1 = 22;

    private static final int LEADER_EPOCH = 12;
    private static final int CHECKSUM = 17;
    private static final int ATTRIBUTES = 21;
    private static final int LAST_OFFSET_DELTA = 23;
    private static final int BASE_TIMESTAMP = 27;
    private static final int MAX_TIMESTAMP = 35;
    private static final int PRODUCER_ID = 43;
    private static final int RECORDS_COUNT = 57;
    private static final int RECORDS = 61;
    private static final int LENGTH_MIN_V2 = RECORDS - LOG_OVERHEAD;

    private static final int CODEC_MASK = 0x07;
    private static final int LOG_APPEND_TIME_FLAG = 0x08;
    private static final int TRANSACTIONAL_FLAG = 0x10;
    private static final int CONTROL_FLAG = 0x20;

    private final ByteBuffer records;
    private int start;
    private int end;
    private byte magic;
    private long baseOffset;
    private long lastOffset = -1;

    /** @param records batches from index 0 to the limit */
    BatchHeader(ByteBuffer records) {
        this.records = records;
    }

    /**
     * Moves to the batch after this one; the first call moves to the first batch.
     *
     * @return false, without having moved, if the next batch is missing or cut short
     * @throws InvalidRecordException if the header is malformed, or its offset is not above that of this batch
     */
    boolean moveToNext() {
        int position = end;
        int remaining = records.limit() - position;
        if (remaining < LOG_OVERHEAD) {
            return false;
        }
        long offset = records.getLong(position);
        if (offset <= lastOffset) {
            throw outOfOrder(offset);
        }
        int length = records.getInt(position + LENGTH);
        if (length < LENGTH_MIN_V0) {
            throw new InvalidRecordException(
                    "the batch claims a length of " + length + " bytes, less than any batch has");
        }
        if (remaining <= MAGIC) {
            return false;
        }
        byte format = records.get(position + MAGIC);
        checkLength(format, length);
        if (length > remaining - LOG_OVERHEAD) {
            return false;
        }
        long last = format == 2 ? lastOffsetOf(position, offset) : offset;
        if (last == Long.MAX_VALUE) {
            throw new InvalidRecordException(
                    "the batch ends at the largest possible offset, so that none could follow it");
        }
        start = position;
        end = position + LOG_OVERHEAD + length;
        magic = format;
        baseOffset = offset;
        lastOffset = last;
        return true;
    }

    private InvalidRecordException outOfOrder(long offset) {
        return new InvalidRecordException(
                offset < 0
                        ? "the batch has the negative base offset " + offset
                        : "the batch has the base offset " + offset + " but follows a batch that ends at offset "
                                + lastOffset);
    }

    private static void checkLength(byte format, int length) {
        int minimum =
                switch (format) {
                    case 0 -> LENGTH_MIN_V0;
                    case 1 -> LENGTH_MIN_V1;
                    case 2 -> LENGTH_MIN_V2;
                    default ->
                        throw new InvalidRecordException(
                                "the batch has the magic number " + format + ", but only 0, 1 and 2 are known");
                };
        if (length < minimum) {
            throw new InvalidRecordException("the batch claims a length of " + length + " bytes, but its format "
                    + format + " needs at least " + minimum);
        }
    }

    private long lastOffsetOf(int position, long offset) {
        int delta = records.getInt(position + LAST_OFFSET_DELTA);
        if (delta < 0) {
            throw new InvalidRecordException("the batch has the negative last offset delta " + delta);
        }
        int count = records.getInt(position + RECORDS_COUNT);
        if (count < 0) {
            throw new InvalidRecordException("the batch has the negative record count " + count);
        }
        if (offset > Long.MAX_VALUE - delta) {
            throw new InvalidRecordException("the batch's base offset " + offset + " and last offset delta " + delta
                    + " add up to more than an offset can be");
        }
        return offset + delta;
    }

    ByteBuffer records() {
        return records;
    }

    /** Index of the batch's first byte. */
    int start() {
        return start;
    }

    /** Index after the batch's last byte; before the first move, 0. */
    int end() {
        return end;
    }

    byte magic() {
        return magic;
    }

    boolean isLegacy() {
        return magic < 2;
    }

    /** The offset in the header; for v0 and v1 it is also the last offset. */
    long baseOffset() {
        return baseOffset;
    }

    /** The last offset of the batch, or -1 before the first move. */
    long lastOffset() {
        return lastOffset;
    }

    /** The partition leader epoch, or -1 if there is none (v0 and v1). */
    int leaderEpoch() {
        return isLegacy() ? -1 : records.getInt(start + LEADER_EPOCH);
    }

    int checksum() {
        return records.getInt(start + (isLegacy() ? LEGACY_CHECKSUM : CHECKSUM));
    }

    /** Index of the first byte that the checksum covers. It covers the bytes from there to {@link #end}. */
    int checksumStart() {
        return start + (isLegacy() ? MAGIC : ATTRIBUTES);
    }

    /** The number of the codec, as {@link Codec#of} takes it. */
    int codecId() {
        return attributes() & CODEC_MASK;
    }

    /** Whether the broker has replaced the timestamps by the time of appending (KIP-32). */
    boolean hasLogAppendTime() {
        return magic > 0 && (attributes() & LOG_APPEND_TIME_FLAG) != 0;
    }

    boolean isTransactional() {
        return !isLegacy() && (attributes() & TRANSACTIONAL_FLAG) != 0;
    }

    boolean isControl() {
        return !isLegacy() && (attributes() & CONTROL_FLAG) != 0;
    }

    private int attributes() {
        return isLegacy() ? records.get(start + LEGACY_ATTRIBUTES) : records.getShort(start + ATTRIBUTES);
    }

    /** Timestamp of a message of format v1, in milliseconds since the epoch. */
    long legacyTimestamp() {
        return records.getLong(start + LEGACY_TIMESTAMP);
    }

    /**
     * The timestamp that the deltas of a v2 batch are added to, in milliseconds since the epoch. Compaction may put its
     * delete horizon here. It then rewrites the deltas, so that each sum stays the same.
     */
    long baseTimestamp() {
        return records.getLong(start + BASE_TIMESTAMP);
    }

    /** Largest timestamp in a v2 batch, in milliseconds since the epoch. */
    long maxTimestamp() {
        return records.getLong(start + MAX_TIMESTAMP);
    }

    /** The producer id, or -1 if there is none. */
    long producerId() {
        return isLegacy() ? -1 : records.getLong(start + PRODUCER_ID);
    }

    /** The number of records that a v2 header claims; 0 or more. */
    int recordsCount() {
        return records.getInt(start + RECORDS_COUNT);
    }

    /** Index of the first byte after a v2 header. */
    int recordsStart() {
        return start + RECORDS;
    }
}

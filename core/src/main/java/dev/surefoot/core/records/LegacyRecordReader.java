package dev.surefoot.core.records;

import java.nio.ByteBuffer;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.record.TimestampType;

/**
 * Decodes messages of the formats v0 and v1 (KIP-31, KIP-32): one uncompressed message, or the messages inside a
 * compressed wrapper. Owned by its cursor, which opens it for each message or wrapper.
 *
 * <p>Offsets inside a v0 wrapper are absolute. Inside a v1 wrapper they are relative, and the wrapper carries the
 * absolute offset of its last message.
 */
final class LegacyRecordReader implements RecordReader {

    private static final int SIZE = 8;
    private static final int CHECKSUM = 12;

    /** The bytes of a message up to the end of its size field; the size does not count them. */
    static final int SIZE_END = CHECKSUM;

    private static final int MAGIC = 16;
    private static final int ATTRIBUTES = 17;
    private static final int CONTENT = 18;
    private static final int TIMESTAMP_BYTES = 8;

    /** Checksum, magic, attributes, and the lengths of an absent key and an absent value. */
    private static final int SIZE_MIN = 14;

    static final int WRAPPED_BYTES_MIN = SIZE_END + SIZE_MIN;

    private static final int CODEC_MASK = 0x07;
    private static final long NO_TIMESTAMP = -1;

    private final BatchChecksum checksum;
    private final RecordView wrapper = new RecordView();

    private ByteBuffer buffer = ByteBuffer.allocate(0);
    private int position;
    private int end;
    private long offsetShift;
    private long previousOffset;
    private long lastOffset;
    private boolean isWrapped;
    private boolean isRelative;
    private boolean checkCrcs;
    private TimestampType timestampType = TimestampType.NO_TIMESTAMP_TYPE;
    private long logAppendTime;

    LegacyRecordReader(BatchChecksum checksum) {
        this.checksum = checksum;
    }

    /** Opens the uncompressed message under the header. */
    void open(BatchHeader header, long previousOffset) {
        openAt(header, previousOffset, header.records(), header.start(), header.end());
        isWrapped = false;
        offsetShift = 0;
        checkCrcs = false; // the batch's checksum is this message's own
    }

    /**
     * Returns the compressed content of the wrapper under the header.
     *
     * @throws InvalidRecordException if the wrapper is malformed or empty
     */
    ByteBuffer compressedContent(BatchHeader header) {
        readContent(header.records(), header.start(), header.end(), wrapper);
        ByteBuffer content = wrapper.value();
        if (content == null) {
            throw new InvalidRecordException("a compressed message set has no content");
        }
        return content;
    }

    /** Opens the wrapper under the header, whose decompressed messages fill {@code buffer}. */
    void openWrapper(BatchHeader header, long previousOffset, ByteBuffer buffer, boolean checkCrcs) {
        openStream(header, previousOffset, checkCrcs);
        moveTo(buffer, 0, buffer.limit());
        endAt(lastInnerOffset());
    }

    /** Opens the wrapper under the header, whose messages arrive a stretch at a time: {@link #moveTo} gives each. */
    void openStream(BatchHeader header, long previousOffset, boolean checkCrcs) {
        openAt(header, previousOffset, buffer, 0, 0);
        isWrapped = true;
        isRelative = header.magic() > 0;
        offsetShift = 0;
        this.checkCrcs = checkCrcs;
    }

    /** Moves to the stretch from index {@code start} to {@code end} in which the next message starts. */
    void moveTo(ByteBuffer buffer, int start, int end) {
        this.buffer = buffer;
        this.position = start;
        this.end = end;
    }

    /** Sets the inner offset of the wrapper's last message, from which the others count back. */
    void endAt(long lastInnerOffset) {
        if (lastInnerOffset < 0 || lastInnerOffset > lastOffset) {
            throw new InvalidRecordException("a compressed message set with the offset " + lastOffset
                    + " ends with a message of the inner offset " + lastInnerOffset);
        }
        offsetShift = isRelative ? lastOffset - lastInnerOffset : 0;
    }

    private void openAt(BatchHeader header, long previousOffset, ByteBuffer buffer, int start, int end) {
        this.buffer = buffer;
        this.position = start;
        this.end = end;
        this.previousOffset = previousOffset;
        lastOffset = header.lastOffset();
        timestampType = timestampType(header);
        logAppendTime = header.hasLogAppendTime() ? header.legacyTimestamp() : NO_TIMESTAMP;
    }

    private static TimestampType timestampType(BatchHeader header) {
        if (header.magic() == 0) {
            return TimestampType.NO_TIMESTAMP_TYPE;
        }
        return header.hasLogAppendTime() ? TimestampType.LOG_APPEND_TIME : TimestampType.CREATE_TIME;
    }

    private long lastInnerOffset() {
        int last = position;
        for (int next = position; next < end; next = endOf(next)) {
            last = next;
        }
        if (last == end) {
            throw empty();
        }
        return buffer.getLong(last);
    }

    private int endOf(int start) {
        int size = wrappedSize(buffer, start, end - start);
        int available = end - start - SIZE_END;
        if (size > available) {
            throw tooLong(size, available);
        }
        return start + SIZE_END + size;
    }

    /**
     * Returns the size of the message that starts at {@code start}, in bytes. The size is what the message claims, and
     * may exceed the available bytes.
     *
     * @param available bytes from the start of the message, or at least {@link #WRAPPED_BYTES_MIN}
     */
    static int wrappedSize(ByteBuffer buffer, int start, int available) {
        if (available < WRAPPED_BYTES_MIN) {
            throw new InvalidRecordException(available + " bytes, too few for a message, end a compressed message set");
        }
        int size = buffer.getInt(start + SIZE);
        if (size < SIZE_MIN) {
            throw tooLong(size, available - SIZE_END);
        }
        return size;
    }

    static InvalidRecordException empty() {
        return new InvalidRecordException("a compressed message set holds no message");
    }

    static InvalidRecordException tooLong(long size, long available) {
        return new InvalidRecordException(
                "a compressed message claims " + size + " bytes where its set has " + available + " left");
    }

    @Override
    public boolean hasNext() {
        return position < end;
    }

    @Override
    public int remaining() {
        return 0;
    }

    @Override
    public void next(RecordView record) {
        int messageEnd = isWrapped ? endOf(position) : end;
        long offset = buffer.getLong(position) + offsetShift;
        if (offset <= previousOffset || offset > lastOffset) {
            throw new InvalidRecordException("a message has the offset " + offset + ", which must be above "
                    + previousOffset + " and at most " + lastOffset);
        }
        if (isWrapped) {
            checkInner(messageEnd);
        }
        readContent(buffer, position, messageEnd, record);
        record.offset = offset;
        record.headerCount = 0;
        record.start = position;
        record.end = messageEnd;
        previousOffset = offset;
        position = messageEnd;
    }

    private void checkInner(int messageEnd) {
        if (checkCrcs) {
            checksum.verifyLegacy(buffer, position + MAGIC, messageEnd, buffer.getInt(position + CHECKSUM));
        }
        byte magic = buffer.get(position + MAGIC);
        if (magic < 0 || magic > 1) {
            throw new InvalidRecordException("a compressed message has the magic number " + magic + ", not 0 or 1");
        }
        if ((buffer.get(position + ATTRIBUTES) & CODEC_MASK) != 0) {
            throw new InvalidRecordException("a compressed message is itself compressed");
        }
    }

    /** Reads timestamp, key and value of the message whose header starts at {@code start}. */
    private void readContent(ByteBuffer from, int start, int messageEnd, RecordView record) {
        record.buffer = from;
        int at = start + CONTENT;
        if (from.get(start + MAGIC) == 0) {
            record.timestamp = NO_TIMESTAMP;
            record.timestampType = TimestampType.NO_TIMESTAMP_TYPE;
        } else {
            requireLeft("timestamp", TIMESTAMP_BYTES, messageEnd - at);
            record.timestampType = timestampType;
            record.timestamp = timestampType == TimestampType.LOG_APPEND_TIME ? logAppendTime : from.getLong(at);
            at += TIMESTAMP_BYTES;
        }
        record.keySize = length(from, "key", at, messageEnd);
        record.keyPosition = at + Integer.BYTES;
        at = record.keyPosition + Math.max(0, record.keySize);
        record.valueSize = length(from, "value", at, messageEnd);
        record.valuePosition = at + Integer.BYTES;
        at = record.valuePosition + Math.max(0, record.valueSize);
        if (at != messageEnd) {
            throw new InvalidRecordException(
                    "a message's content ends " + (messageEnd - at) + " bytes before the message");
        }
    }

    private static int length(ByteBuffer from, String what, int at, int messageEnd) {
        requireLeft(what, Integer.BYTES, messageEnd - at);
        int length = from.getInt(at);
        if (length < -1) {
            throw new InvalidRecordException("a message's " + what + " has the negative length " + length);
        }
        requireLeft(what, length, messageEnd - at - Integer.BYTES);
        return length;
    }

    private static void requireLeft(String what, int needed, int left) {
        if (needed > left) {
            throw new InvalidRecordException(
                    "a message's " + what + " claims " + needed + " bytes where the message has " + left + " left");
        }
    }
}

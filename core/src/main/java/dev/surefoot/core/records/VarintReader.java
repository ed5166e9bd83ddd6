package dev.surefoot.core.records;

import java.nio.ByteBuffer;
import org.apache.kafka.common.InvalidRecordException;

/**
 * Reads the zig-zag varints of record format v2 from a stretch of a buffer and never beyond that stretch. One object is
 * used again from record to record. Owned by one reader. A number that is cut short or too long throws {@link
 * InvalidRecordException}.
 */
final class VarintReader {

    private static final int VARINT_BITS = 35;
    private static final int VARLONG_BITS = 70;

    private ByteBuffer buffer = ByteBuffer.allocate(0);
    private int position;
    private int limit;

    /** The size in bytes of a number, which is 0 or more, as a varint. */
    static int sizeOf(int number) {
        int bits = Integer.SIZE - Integer.numberOfLeadingZeros(number << 1 | 1);
        return (bits + 6) / 7;
    }

    /** Moves to a stretch, from index {@code position} to {@code limit}. */
    void open(ByteBuffer buffer, int position, int limit) {
        this.buffer = buffer;
        this.position = position;
        this.limit = limit;
    }

    /** Sets the index at which the stretch ends. */
    void limit(int limit) {
        this.limit = limit;
    }

    ByteBuffer buffer() {
        return buffer;
    }

    int position() {
        return position;
    }

    int remaining() {
        return limit - position;
    }

    /** @throws InvalidRecordException if there are not that many bytes left */
    void skip(int bytes) {
        if (bytes > limit - position) {
            throw cut();
        }
        position += bytes;
    }

    // Nearly all numbers have one or two bytes (lengths up to 8 KiB, deltas within a batch). Decoding them without the
    // loop saves a quarter of the time for a small record (RecordDecodeBenchmark).

    int varint() {
        int raw = shortVarint();
        return unzigzag(raw >= 0 ? raw : (int) rawVarint(VARINT_BITS));
    }

    long varlong() {
        int raw = shortVarint();
        return unzigzag(raw >= 0 ? raw : rawVarint(VARLONG_BITS));
    }

    /** Reads the raw number at the position if it has one or two bytes; otherwise returns -1 and does not move. */
    private int shortVarint() {
        int at = position;
        if (limit - at < 2) {
            return at < limit && buffer.get(at) >= 0 ? buffer.get(position++) : -1;
        }
        byte first = buffer.get(at);
        if (first >= 0) {
            position = at + 1;
            return first;
        }
        byte second = buffer.get(at + 1);
        if (second >= 0) {
            position = at + 2;
            return (first & 0x7f) | (second << 7);
        }
        return -1;
    }

    static int unzigzag(int raw) {
        return (raw >>> 1) ^ -(raw & 1);
    }

    private static long unzigzag(long raw) {
        return (raw >>> 1) ^ -(raw & 1);
    }

    /** Reads a length, -1 for null. */
    int nullableLength(String what) {
        int length = varint();
        if (length < -1) {
            throw new InvalidRecordException(what + " has the negative length " + length);
        }
        return length;
    }

    private long rawVarint(int bits) {
        long value = 0;
        for (int shift = 0; shift < bits; shift += 7) {
            if (position == limit) {
                throw cut();
            }
            byte next = buffer.get(position++);
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new InvalidRecordException("a variable-length number is longer than " + bits / 7 + " bytes");
    }

    private static InvalidRecordException cut() {
        return new InvalidRecordException("a record's content is longer than the record");
    }
}

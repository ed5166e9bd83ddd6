package dev.surefoot.core.records;

import static dev.surefoot.core.records.BatchBytes.bytes;
import static dev.surefoot.core.records.BatchBytes.int32;
import static dev.surefoot.core.records.BatchBytes.joined;
import static dev.surefoot.core.records.BatchBytes.message;
import static dev.surefoot.core.records.BatchBytes.sized;
import static dev.surefoot.core.records.BatchBytes.varint;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** Bytes of records whose values have a given size. */
final class SizedRecords {

    private SizedRecords() {}

    static byte[] recordOf(int offsetDelta, int valueBytes) {
        byte[] value = new byte[valueBytes];
        Arrays.fill(value, (byte) offsetDelta);
        return sized(bytes(0), varint(0), varint(offsetDelta), varint(-1), varint(valueBytes), value, varint(0));
    }

    static byte[] messageOf(int magic, long offset, int valueBytes) {
        return message(magic, 0, offset, joined(int32(-1), int32(valueBytes), new byte[valueBytes]));
    }

    /** Many records of a kilobyte, which are quick to make and to pass over. */
    static byte[] kilobytes(int count, int magic) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            out.writeBytes(magic == 2 ? recordOf(i, 1000) : messageOf(magic, i, 1000));
        }
        return out.toByteArray();
    }
}

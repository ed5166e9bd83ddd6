package dev.surefoot.cli.demo;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Record values that contain their own place, so that records can be checked by content as well as by offset. */
final class SequencedRecord {

    /** The length of every value, in bytes. */
    static final int SIZE = 200;

    private SequencedRecord() {}

    /** Returns the value of the record with this place in its partition, counted from 0. */
    static byte[] encode(int partition, long sequence) {
        byte[] value = new byte[SIZE];
        Arrays.fill(value, filler(partition, sequence));
        ByteBuffer.wrap(value).putInt(partition).putLong(sequence);
        return value;
    }

    /** Returns whether these bytes equal what {@link #encode} made for this place. */
    static boolean matches(byte[] value, int partition, long sequence) {
        return Arrays.equals(value, encode(partition, sequence));
    }

    private static byte filler(int partition, long sequence) {
        return (byte) (partition * 31L + sequence);
    }
}

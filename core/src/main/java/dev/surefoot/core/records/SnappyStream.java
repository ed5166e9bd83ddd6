package dev.surefoot.core.records;

import java.io.IOException;
import org.apache.kafka.common.InvalidRecordException;
import org.xerial.snappy.Snappy;

/** Decompresses Snappy data: blocks in the framing of snappy-java, as Kafka writes it, or a single bare block. */
final class SnappyStream {

    private static final byte[] MAGIC = {(byte) 0x82, 'S', 'N', 'A', 'P', 'P', 'Y', 0};

    /** The magic bytes, the version, and the lowest version that can read it. */
    private static final int HEADER_BYTES = MAGIC.length + 2 * Integer.BYTES;

    /** The densest element of the format copies 64 bytes and takes 3; a claim of more cannot be true. */
    private static final int RATIO_MAX = 22;

    void decompress(byte[] in, int start, int size, Scratch out) throws IOException {
        int end = start + size;
        if (!isHeader(in, start, end)) {
            block(in, start, size, out);
            return;
        }
        int at = start;
        while (at < end) {
            // Streams may follow one another, each with its header.
            if (isHeader(in, at, end)) {
                at += HEADER_BYTES;
                continue;
            }
            if (end - at < Integer.BYTES) {
                throw new InvalidRecordException("its snappy data ends within a block's length");
            }
            int blockSize = bigEndianInt(in, at);
            at += Integer.BYTES;
            if (blockSize < 0 || blockSize > end - at) {
                throw new InvalidRecordException(
                        "its snappy data claims a block of " + blockSize + " bytes where " + (end - at) + " are left");
            }
            block(in, at, blockSize, out);
            at += blockSize;
        }
    }

    private static void block(byte[] in, int start, int size, Scratch out) throws IOException {
        int claimed = Snappy.uncompressedLength(in, start, size);
        if (claimed < 0 || claimed > (long) size * RATIO_MAX) {
            throw new InvalidRecordException("its snappy data claims that " + size + " bytes decompress to "
                    + Integer.toUnsignedString(claimed));
        }
        if (!out.reserve(claimed)) {
            throw out.tooLarge();
        }
        out.length(out.length() + Snappy.uncompress(in, start, size, out.bytes(), out.length()));
    }

    private static boolean isHeader(byte[] in, int start, int end) {
        if (end - start < HEADER_BYTES) {
            return false;
        }
        for (int i = 0; i < MAGIC.length; i++) {
            if (in[start + i] != MAGIC[i]) {
                return false;
            }
        }
        return true;
    }

    private static int bigEndianInt(byte[] in, int at) {
        return (in[at] << 24) | (in[at + 1] & 0xff) << 16 | (in[at + 2] & 0xff) << 8 | (in[at + 3] & 0xff);
    }
}

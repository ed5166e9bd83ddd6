package dev.surefoot.core.records;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.InvalidRecordException;
import org.xerial.snappy.Snappy;

/**
 * Decompresses Snappy data: blocks in the framing of snappy-java, which Kafka writes, or one block without framing. Not
 * safe for use by several threads.
 */
final class SnappyStream implements CompressedBlocks {

    private static final byte[] MAGIC = {(byte) 0x82, 'S', 'N', 'A', 'P', 'P', 'Y', 0};

    /** The magic bytes, the version, and the lowest compatible version. */
    private static final int HEADER_BYTES = MAGIC.length + 2 * Integer.BYTES;

    /**
     * The most bytes that one compressed byte can decompress to, rounded up: the densest element of the format
     * copies 64 bytes and takes 3.
     */
    private static final int RATIO_MAX = 22;

    /**
     * The largest block. A block without framing may be a whole batch, and the library decompresses a block in one
     * call. A claimed size above {@link #RATIO_MAX} times the compressed bytes is refused, which bounds the memory that
     * a false claim can cost.
     */
    static final int BLOCK_BYTES_MAX = Integer.MAX_VALUE - 8;

    private ByteBuffer in = ByteBuffer.allocate(0);
    private byte[] copy = new byte[0];
    private boolean isBare;

    /**
     * Opens a batch's data.
     *
     * @param compressed the data from position to limit, in an array or in direct memory; neither index is changed
     */
    SnappyStream open(ByteBuffer compressed) {
        in = compressed.duplicate();
        isBare = !isAtHeader();
        return this;
    }

    @Override
    public boolean next(Scratch out) {
        if (isBare) {
            isBare = false;
            block(in.remaining(), out);
            return true;
        }
        if (!in.hasRemaining()) {
            return false;
        }
        // Several streams may follow one another, each with a header.
        if (isAtHeader()) {
            in.position(in.position() + HEADER_BYTES);
            return true;
        }
        if (in.remaining() < Integer.BYTES) {
            throw new InvalidRecordException("its snappy data ends within a block's length");
        }
        int blockSize = in.getInt();
        if (blockSize < 0 || blockSize > in.remaining()) {
            throw new InvalidRecordException(
                    "its snappy data claims a block of " + blockSize + " bytes where " + in.remaining() + " are left");
        }
        block(blockSize, out);
        return true;
    }

    private void block(int size, Scratch out) {
        int start = in.position();
        in.position(start + size);
        if (in.hasArray()) {
            block(in.array(), in.arrayOffset() + start, size, out);
            return;
        }
        // The library takes either two arrays or two direct buffers. The compressed side is the
        // smaller one and is copied.
        if (copy.length < size) {
            copy = new byte[size];
        }
        in.get(start, copy, 0, size);
        block(copy, 0, size, out);
    }

    private static void block(byte[] from, int start, int size, Scratch out) {
        try {
            int claimed = Snappy.uncompressedLength(from, start, size);
            if (claimed < 0 || claimed > (long) size * RATIO_MAX) {
                throw new InvalidRecordException("its snappy data claims that " + size + " bytes decompress to "
                        + Integer.toUnsignedString(claimed));
            }
            if (!out.reserve(claimed)) {
                throw out.tooLarge();
            }
            out.length(out.length() + Snappy.uncompress(from, start, size, out.bytes(), out.length()));
        } catch (IOException e) {
            throw new InvalidRecordException("its SNAPPY data cannot be decompressed: " + e.getMessage(), e);
        }
    }

    private boolean isAtHeader() {
        if (in.remaining() < HEADER_BYTES) {
            return false;
        }
        for (int i = 0; i < MAGIC.length; i++) {
            if (in.get(in.position() + i) != MAGIC[i]) {
                return false;
            }
        }
        return true;
    }
}

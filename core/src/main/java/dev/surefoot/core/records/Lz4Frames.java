package dev.surefoot.core.records;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;
import net.jpountz.xxhash.XXHash32;
import net.jpountz.xxhash.XXHashFactory;
import org.apache.kafka.common.InvalidRecordException;

/**
 * Decompresses the LZ4 frames that Kafka accepts: version 1 with independent blocks. It verifies the checksums of
 * headers and blocks. Like Kafka it ignores the checksum of a frame's whole content, which the batch's own checksum
 * covers. Not safe for use by several threads.
 */
final class Lz4Frames implements CompressedBlocks {

    private static final int FRAME_MAGIC = 0x184D2204;

    private static final int VERSION_MASK = 0xC0;
    private static final int VERSION_1 = 0x40;
    private static final int INDEPENDENT_BLOCKS = 0x20;
    private static final int BLOCK_CHECKSUMS = 0x10;
    private static final int CONTENT_SIZE = 0x08;
    private static final int CONTENT_CHECKSUM = 0x04;
    private static final int RESERVED_FLAGS = 0x03;

    private static final int BLOCK_SIZE_ID_MIN = 4;
    private static final int BLOCK_SIZE_RESERVED = 0x8F;
    private static final int UNCOMPRESSED_BLOCK = 0x80000000;

    /** The largest block of the format, decompressed. */
    static final int BLOCK_BYTES_MAX = 4 * 1024 * 1024;

    /**
     * The most bytes that one byte of a block can decompress to: each further byte lengthens a match by at most 255.
     */
    private static final int RATIO_MAX = 255;

    private final LZ4SafeDecompressor blocks = LZ4Factory.fastestInstance().safeDecompressor();
    private final XXHash32 hash = XXHashFactory.fastestInstance().hash32();

    private ByteBuffer in = ByteBuffer.allocate(0);
    private boolean checkHeader;
    private boolean isBeforeFirst;
    private boolean isInFrame;
    private int blockSizeMax;
    private boolean hasBlockChecksums;
    private boolean hasContentChecksum;

    /**
     * Opens a batch's data.
     *
     * @param compressed frames from position to limit, in an array or in direct memory; neither index is changed
     * @param checkHeader whether to verify the checksum of the frame header, which v0 writers computed wrongly
     *     (KAFKA-3160)
     */
    Lz4Frames open(ByteBuffer compressed, boolean checkHeader) {
        in = compressed.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        this.checkHeader = checkHeader;
        isBeforeFirst = true;
        isInFrame = false;
        return this;
    }

    @Override
    public boolean next(Scratch out) {
        if (!isInFrame) {
            if (!isBeforeFirst && !in.hasRemaining()) {
                return false;
            }
            header(out);
            isBeforeFirst = false;
            isInFrame = true;
        }
        if (!block(out)) {
            isInFrame = false;
            if (hasContentChecksum) {
                require(Integer.BYTES, "a frame's checksum");
                in.getInt();
            }
        }
        return true;
    }

    private void header(Scratch out) {
        require(Integer.BYTES + 3, "a frame's header");
        if (in.getInt() != FRAME_MAGIC) {
            throw new InvalidRecordException("its lz4 data does not start with a frame's magic number");
        }
        int descriptor = in.position();
        int flags = in.get();
        blockSizeMax = blockSizeMax(flags, in.get());
        if ((flags & CONTENT_SIZE) != 0) {
            require(Long.BYTES + 1, "a frame's header");
            out.expect(Math.max(0, in.getLong()));
        }
        int checksum = hash.hash(in, descriptor, in.position() - descriptor, 0) >> 8 & 0xff;
        if ((in.get() & 0xff) != checksum && checkHeader) {
            throw new InvalidRecordException("its lz4 frame header does not match its checksum");
        }
        hasBlockChecksums = (flags & BLOCK_CHECKSUMS) != 0;
        hasContentChecksum = (flags & CONTENT_CHECKSUM) != 0;
    }

    private static int blockSizeMax(int flags, int blockSize) {
        int id = blockSize >> 4 & 0x7;
        if ((flags & VERSION_MASK) != VERSION_1
                || (flags & RESERVED_FLAGS) != 0
                || (blockSize & BLOCK_SIZE_RESERVED) != 0
                || id < BLOCK_SIZE_ID_MIN) {
            throw new InvalidRecordException(String.format(
                    "its lz4 frame header has the flags %02x and the block size %02x, which do not fit a version 1"
                            + " frame",
                    flags & 0xff, blockSize & 0xff));
        }
        if ((flags & INDEPENDENT_BLOCKS) == 0) {
            throw new InvalidRecordException("its lz4 frame links its blocks, which Kafka does not allow");
        }
        return 1 << (2 * id + 8);
    }

    /**
     * Decompresses one block.
     *
     * @return false if the end mark of the frame was found instead
     */
    private boolean block(Scratch out) {
        require(Integer.BYTES, "a block's size");
        int header = in.getInt();
        if (header == 0) {
            return false;
        }
        int size = header & ~UNCOMPRESSED_BLOCK;
        if (size > blockSizeMax) {
            throw new InvalidRecordException(
                    "its lz4 data has a block of " + size + " bytes where at most " + blockSizeMax + " are allowed");
        }
        require(size, "a block");
        int start = in.position();
        in.position(start + size);
        if (hasBlockChecksums) {
            require(Integer.BYTES, "a block's checksum");
            if (in.getInt() != hash.hash(in, start, size, 0)) {
                throw new InvalidRecordException("an lz4 block does not match its checksum");
            }
        }
        if ((header & UNCOMPRESSED_BLOCK) == 0) {
            expand(start, size, out);
        } else {
            if (!out.reserve(size)) {
                throw out.tooLarge();
            }
            in.get(start, out.bytes(), out.length(), size);
            out.length(out.length() + size);
        }
        return true;
    }

    private void expand(int start, int size, Scratch out) {
        int expandedMax = (int) Math.min(blockSizeMax, (long) size * RATIO_MAX);
        boolean fits = out.reserve(expandedMax);
        int room = Math.min(expandedMax, out.room());
        try {
            ByteBuffer target = ByteBuffer.wrap(out.bytes());
            out.length(out.length() + blocks.decompress(in, start, size, target, out.length(), room));
        } catch (LZ4Exception e) {
            if (!fits) {
                throw out.tooLarge();
            }
            throw new InvalidRecordException("its lz4 data cannot be decompressed: " + e.getMessage(), e);
        }
    }

    private void require(int bytes, String what) {
        if (in.remaining() < bytes) {
            throw new InvalidRecordException("its lz4 data ends within " + what);
        }
    }
}

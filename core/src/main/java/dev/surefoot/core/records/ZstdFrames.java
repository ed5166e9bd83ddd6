package dev.surefoot.core.records;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import org.apache.kafka.common.InvalidRecordException;

/**
 * Decompresses Zstandard frames in one pass, and starts again with more room if the room does not suffice. A {@link
 * ZstdStream} never starts again, but allocates the window that the frame claims, and copies. Not safe for use by
 * several threads.
 */
final class ZstdFrames implements AutoCloseable {

    /**
     * The first guess for the decompressed size, as a multiple of the compressed size. Most writers do not give the
     * size of a batch, and texts shrink to about a quarter. A guess that is too low costs a whole pass.
     */
    private static final int LIKELY_RATIO = 4;

    private final ZstdDecompressCtx context = new ZstdDecompressCtx();

    /** @throws InvalidRecordException if the bytes are not what the codec produces */
    void decompress(byte[] in, int start, int size, Scratch out) {
        try {
            decompressWhole(in, start, size, out);
        } catch (ZstdException e) {
            throw new InvalidRecordException("its ZSTD data cannot be decompressed: " + e.getMessage(), e);
        }
    }

    private void decompressWhole(byte[] in, int start, int size, Scratch out) {
        long claimed = size == 0 ? 0 : Zstd.getFrameContentSize(in, start, size);
        out.expect(Math.max(claimed, (long) size * LIKELY_RATIO));
        while (true) {
            try {
                out.length(context.decompressByteArray(out.bytes(), 0, out.capacity(), in, start, size));
                return;
            } catch (ZstdException e) {
                if (e.getErrorCode() != Zstd.errDstSizeTooSmall()) {
                    throw e;
                }
            }
            out.grow();
        }
    }

    @Override
    public void close() {
        context.close();
    }
}

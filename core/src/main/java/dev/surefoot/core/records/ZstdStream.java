package dev.surefoot.core.records;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.apache.kafka.common.InvalidRecordException;

/**
 * Decompresses Zstandard frames a piece at a time. Outside of the heap it holds the window that the frame was written
 * with: up to 8 MiB at the usual levels, and never more than 128 MiB. Close it to free that window. Not safe for use by
 * several threads.
 */
final class ZstdStream implements DecompressedStream {

    private final ZstdInputStreamNoFinalizer frames;

    /** @param compressed frames from position to limit; neither is changed */
    ZstdStream(ByteBuffer compressed) {
        try {
            frames = new ZstdInputStreamNoFinalizer(new Compressed(compressed.duplicate()));
        } catch (IOException e) {
            throw damaged(e);
        }
    }

    @Override
    public int read(byte[] to, int start, int size) {
        try {
            return frames.read(to, start, size);
        } catch (IOException e) {
            throw damaged(e);
        }
    }

    private static InvalidRecordException damaged(IOException e) {
        return new InvalidRecordException("its ZSTD data cannot be decompressed: " + e.getMessage(), e);
    }

    @Override
    public void close() {
        try {
            frames.close();
        } catch (IOException e) {
            throw new IllegalStateException("A stream over memory cannot fail to close", e);
        }
    }

    /** The compressed bytes as the input stream that the library takes. */
    private static final class Compressed extends InputStream {
        private final ByteBuffer in;

        Compressed(ByteBuffer in) {
            this.in = in;
        }

        @Override
        public int read() {
            return in.hasRemaining() ? in.get() & 0xff : -1;
        }

        @Override
        public int read(byte[] to, int start, int size) {
            if (!in.hasRemaining()) {
                return -1;
            }
            int read = Math.min(size, in.remaining());
            in.get(to, start, read);
            return read;
        }

        @Override
        public int available() {
            return in.remaining();
        }
    }
}

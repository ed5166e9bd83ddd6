package dev.surefoot.core.records;

import org.apache.kafka.common.InvalidRecordException;

/**
 * The content of one compressed batch, decompressed a piece at a time from where it lies. Close it to free the memory
 * that its codec holds outside of the heap. Not safe for use by several threads.
 */
interface DecompressedStream extends AutoCloseable {

    /**
     * Decompresses the next bytes.
     *
     * @param to gets the bytes, from index {@code start} on
     * @param size the most bytes to write, at least 1
     * @return the bytes written, at least 1; or -1 if the stream has ended
     * @throws InvalidRecordException if the compressed bytes are not what the codec produces
     */
    int read(byte[] to, int start, int size);

    @Override
    void close();
}

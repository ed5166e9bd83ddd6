package dev.surefoot.core.records;

import org.apache.kafka.common.InvalidRecordException;

/**
 * The content of one compressed batch, decompressed a piece at a time from where it lies. Close it to free what its
 * codec holds outside of the heap. Not safe for use by several threads.
 */
interface DecompressedStream extends AutoCloseable {

    /**
     * Decompresses the next bytes.
     *
     * @param size how many bytes there is room for, at least 1
     * @return how many were written, at least 1; or -1 when there are no more
     * @throws InvalidRecordException if the compressed bytes are not what the codec produces
     */
    int read(byte[] to, int start, int size);

    @Override
    void close();
}

package dev.surefoot.core.records;

import org.apache.kafka.common.InvalidRecordException;

/** Compressed data that consists of blocks, each of which is decompressed by itself. */
interface CompressedBlocks {

    /**
     * Appends the content of the next block, if the next piece of the data has any.
     *
     * @return false when there are no more
     * @throws InvalidRecordException if the compressed bytes are not what the codec produces
     */
    boolean next(Scratch out);
}

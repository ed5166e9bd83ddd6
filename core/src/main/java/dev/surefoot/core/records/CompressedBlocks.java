package dev.surefoot.core.records;

import org.apache.kafka.common.InvalidRecordException;

/** Compressed data that consists of blocks, each of which is decompressed by itself. */
interface CompressedBlocks {

    /**
     * Appends the content of the next block. A piece of the data without content, such as an end mark, appends nothing.
     *
     * @return false if the data has ended
     * @throws InvalidRecordException if the compressed bytes are not what the codec produces
     */
    boolean next(Scratch out);
}

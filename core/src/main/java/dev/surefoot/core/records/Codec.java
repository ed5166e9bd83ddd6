package dev.surefoot.core.records;

import org.apache.kafka.common.errors.UnsupportedCompressionTypeException;

/** How a batch's records are compressed, in the order of the numbers in the batch's attributes. */
enum Codec {
    NONE,
    GZIP,
    SNAPPY,
    LZ4,
    ZSTD;

    private static final Codec[] BY_ID = values();

    /** @throws UnsupportedCompressionTypeException if no codec has this number */
    static Codec of(int id) {
        if (id < 0 || id >= BY_ID.length) {
            throw new UnsupportedCompressionTypeException("the batch is compressed with the codec number " + id
                    + ", but only 0 (none), 1 (gzip), 2 (snappy), 3 (lz4) and 4 (zstd) are known");
        }
        return BY_ID[id];
    }
}

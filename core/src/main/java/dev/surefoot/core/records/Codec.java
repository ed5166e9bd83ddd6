package dev.surefoot.core.records;

import org.apache.kafka.common.errors.UnsupportedCompressionTypeException;

/** The compression of a batch's records, in the order of their numbers in a batch's attributes. */
enum Codec {
    NONE("nothing"),
    GZIP("the JDK"),
    SNAPPY("org.xerial.snappy:snappy-java"),
    LZ4("at.yawk.lz4:lz4-java"),
    ZSTD("com.github.luben:zstd-jni");

    private static final Codec[] BY_ID = values();

    private final String library;

    Codec(String library) {
        this.library = library;
    }

    /** Returns an exception that names the library which is missing or cannot be loaded. */
    UnsupportedCompressionTypeException unavailable(LinkageError cause) {
        return new UnsupportedCompressionTypeException(
                "the batch is compressed with " + this + ", which takes " + library
                        + " on the class path or module path; loading it failed with " + cause,
                cause);
    }

    /** @throws UnsupportedCompressionTypeException if no codec has this number */
    static Codec of(int id) {
        if (id < 0 || id >= BY_ID.length) {
            throw new UnsupportedCompressionTypeException("the batch is compressed with the codec number " + id
                    + ", but only 0 (none), 1 (gzip), 2 (snappy), 3 (lz4) and 4 (zstd) are known");
        }
        return BY_ID[id];
    }
}

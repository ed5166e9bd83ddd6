package dev.surefoot.bench.throughput;

import java.util.Locale;

/** The codecs of record batches. */
public enum Compression {
    NONE,
    LZ4,
    ZSTD,
    SNAPPY,
    GZIP;

    /** Returns the value of a producer's {@code compression.type}. */
    public String configValue() {
        return name().toLowerCase(Locale.ROOT);
    }
}

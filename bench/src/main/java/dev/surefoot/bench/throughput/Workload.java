package dev.surefoot.bench.throughput;

/**
 * The topic of one measurement, and how it is read. Immutable.
 *
 * @param valueBytes bytes of each value, at least 1; keys are null
 * @param records how many records are to be read, at least 1
 * @param compression how the producer compresses batches
 * @param partitions at least 1; the records are spread over them evenly
 * @param headers how many headers each record has, 0 or more
 * @param strings whether values are read as {@code String}; as {@code byte[]} otherwise
 * @param readCommitted whether the topic is written in transactions, one in ten of them aborted, and read with
 *     {@code isolation.level=read_committed}; {@code records} counts the committed ones
 * @param batchBytes the producer's {@code batch.size}
 */
public record Workload(
        int valueBytes,
        long records,
        Compression compression,
        int partitions,
        int headers,
        boolean strings,
        boolean readCommitted,
        int batchBytes) {

    /** The partitions of a workload unless it says otherwise. */
    public static final int DEFAULT_PARTITIONS = 6;

    /** The {@code batch.size} of a producer that is tuned for throughput; Kafka's default is 16384. */
    public static final int DEFAULT_BATCH_BYTES = 131_072;

    private static final long DEFAULT_RECORDS_MAX = 10_000_000;
    private static final long DEFAULT_VALUE_BYTES_IN_ALL = 2_000_000_000;

    public Workload {
        requireAtLeast(1, valueBytes, "the bytes of a value");
        requireAtLeast(1, records, "the number of records");
        requireAtLeast(1, partitions, "the number of partitions");
        requireAtLeast(0, headers, "the number of headers");
        requireAtLeast(1, batchBytes, "the bytes of a batch");
    }

    /**
     * Returns an uncompressed workload of six partitions with as many records as a client reads in about a second or
     * more.
     */
    public static Workload ofValues(int valueBytes) {
        requireAtLeast(1, valueBytes, "the bytes of a value");
        long records = Math.max(1, Math.min(DEFAULT_RECORDS_MAX, DEFAULT_VALUE_BYTES_IN_ALL / valueBytes));
        return new Workload(
                valueBytes, records, Compression.NONE, DEFAULT_PARTITIONS, 0, false, false, DEFAULT_BATCH_BYTES);
    }

    /** Returns this workload with so many records. */
    public Workload withRecords(long count) {
        return new Workload(valueBytes, count, compression, partitions, headers, strings, readCommitted, batchBytes);
    }

    /** Returns this workload, compressed. */
    public Workload withCompression(Compression codec) {
        return new Workload(valueBytes, records, codec, partitions, headers, strings, readCommitted, batchBytes);
    }

    /** Returns this workload with so many partitions. */
    public Workload withPartitions(int count) {
        return new Workload(valueBytes, records, compression, count, headers, strings, readCommitted, batchBytes);
    }

    /** Returns this workload with so many headers on each record. */
    public Workload withHeaders(int count) {
        return new Workload(valueBytes, records, compression, partitions, count, strings, readCommitted, batchBytes);
    }

    /** Returns this workload, read as strings. */
    public Workload asStrings() {
        return new Workload(valueBytes, records, compression, partitions, headers, true, readCommitted, batchBytes);
    }

    /** Returns this workload, written in transactions and read committed. */
    public Workload committed() {
        return new Workload(valueBytes, records, compression, partitions, headers, strings, true, batchBytes);
    }

    /** Returns this workload with batches of this size in bytes. */
    public Workload withBatchBytes(int bytes) {
        return new Workload(valueBytes, records, compression, partitions, headers, strings, readCommitted, bytes);
    }

    /** Returns the bytes of values in all records that are to be read. */
    public long bytes() {
        return records * valueBytes;
    }

    /**
     * Returns a short name that differs from those of other workloads: the size of a value, and what is not the
     * default.
     */
    public String name() {
        StringBuilder name = new StringBuilder(sizeName(valueBytes));
        append(name, compression != Compression.NONE, compression.configValue());
        append(name, partitions != DEFAULT_PARTITIONS, partitions + "p");
        append(name, headers > 0, headers + "h");
        append(name, strings, "string");
        append(name, readCommitted, "committed");
        append(name, batchBytes != DEFAULT_BATCH_BYTES, "batch" + sizeName(batchBytes));
        return name.toString();
    }

    private static void append(StringBuilder name, boolean applies, String word) {
        if (applies) {
            name.append('-').append(word);
        }
    }

    private static String sizeName(int bytes) {
        return bytes % 1024 == 0 ? bytes / 1024 + "KB" : bytes + "B";
    }

    private static void requireAtLeast(long least, long value, String what) {
        if (value < least) {
            throw new IllegalArgumentException(what + " must be at least " + least + ", got " + value);
        }
    }
}

package dev.surefoot.bench.jmh;

import dev.surefoot.core.records.Decompressor;
import dev.surefoot.core.records.RecordCursor;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.internal.CompressionType;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Time to open 1 MiB of values in batches of one codec up to the first record, and to read all of them. NONE is the
 * baseline.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class CodecBenchmark {
    private static final int MIB = 1024 * 1024;
    private static final int VALUE_BYTES = 1024;
    private static final TopicPartition PARTITION = new TopicPartition("orders", 0);

    /** The codec of the batches. */
    @Param({"NONE", "GZIP", "SNAPPY", "LZ4", "ZSTD"})
    public CompressionType codec = CompressionType.NONE;

    /** Bytes of values in one batch. */
    @Param({"16384", "1048576"})
    public int batchBytes;

    private final Decompressor decompressor = new Decompressor(4 * MIB);
    private ByteBuffer records = ByteBuffer.allocate(0);

    /** Writes the batches. */
    @Setup
    public void write() {
        records = RecordBytes.batches(codec, MIB, batchBytes, VALUE_BYTES);
    }

    /** Reads all records. */
    @Benchmark
    public long walk() {
        RecordCursor cursor = new RecordCursor(PARTITION, records, 0, false, List.of(), false, decompressor);
        long offsets = 0;
        while (cursor.next()) {
            offsets += cursor.offset();
        }
        return offsets;
    }
}

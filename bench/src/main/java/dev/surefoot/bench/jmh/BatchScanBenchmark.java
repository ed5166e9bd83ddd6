package dev.surefoot.bench.jmh;

import dev.surefoot.core.records.BatchScanner;
import dev.surefoot.core.records.ScannedBatches;
import java.nio.ByteBuffer;
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

/** Time to find the next offset by the headers of 1 MiB of batches. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class BatchScanBenchmark {
    private static final int MIB = 1024 * 1024;
    private static final TopicPartition PARTITION = new TopicPartition("orders", 0);

    /** Bytes of values in one batch. */
    @Param({"1024", "16384", "262144"})
    public int batchBytes;

    private ByteBuffer records = ByteBuffer.allocate(0);

    /** Writes the batches. */
    @Setup
    public void write() {
        records = RecordBytes.batches(CompressionType.NONE, MIB, batchBytes, 100);
    }

    /** Scans the headers of all batches. */
    @Benchmark
    public ScannedBatches scan() {
        return BatchScanner.scan(PARTITION, records, 0);
    }
}

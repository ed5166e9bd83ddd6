package dev.surefoot.bench.jmh;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Time for the checksum of a batch in direct memory, where receive buffers are, and on the heap, where
 * decompressed batches would be.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ChecksumBenchmark {
    /** Bytes of the batch. */
    @Param({"1024", "16384", "1048576"})
    public int bytes;

    private final CRC32C checksum = new CRC32C();
    private ByteBuffer direct = ByteBuffer.allocate(0);
    private ByteBuffer heap = ByteBuffer.allocate(0);

    /** Fills both buffers with the same bytes. */
    @Setup
    public void fill() {
        direct = ByteBuffer.allocateDirect(bytes);
        heap = ByteBuffer.allocate(bytes);
        for (int i = 0; i < bytes; i++) {
            direct.put(i, (byte) i);
            heap.put(i, (byte) i);
        }
    }

    /** Computes the checksum in direct memory. */
    @Benchmark
    public long direct() {
        return crc32c(direct);
    }

    /** Computes the checksum on the heap. */
    @Benchmark
    public long heap() {
        return crc32c(heap);
    }

    private long crc32c(ByteBuffer buffer) {
        checksum.reset();
        checksum.update(buffer.duplicate());
        return checksum.getValue();
    }
}

package dev.surefoot.bench.jmh;

import dev.surefoot.net.DirectBufferPool;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * Time to take the memory for one response from the pool and to release it, beside allocating a new array each time, as
 * Kafka's clients do.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class BufferPoolBenchmark {
    private static final long POOLED_BYTES_MOST = 64L * 1024 * 1024;

    /** Bytes of the response. */
    @Param({"16384", "1048576"})
    public int bytes;

    private final DirectBufferPool pool = new DirectBufferPool(POOLED_BYTES_MOST);

    /** Takes a buffer from the pool and releases it. */
    @Benchmark
    public long pooled() {
        ByteBuffer buffer = pool.tryAllocate(bytes);
        pool.release(buffer);
        return pool.freeBytes();
    }

    /** Allocates an array. */
    @Benchmark
    public ByteBuffer allocated() {
        return ByteBuffer.allocate(bytes);
    }
}

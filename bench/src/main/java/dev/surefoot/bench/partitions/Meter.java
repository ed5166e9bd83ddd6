package dev.surefoot.bench.partitions;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/**
 * Measures the nanoseconds between {@link #start} and {@link #stop}, and the bytes that this thread allocates in
 * between. Used by one thread.
 */
final class Meter {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private long startNanos;
    private long startBytes;
    private long nanos;
    private long bytes;

    /** Starts, or continues, to count until {@link #stop}. */
    void start() {
        startBytes = THREADS.getCurrentThreadAllocatedBytes();
        startNanos = System.nanoTime();
    }

    void stop() {
        nanos += System.nanoTime() - startNanos;
        bytes += THREADS.getCurrentThreadAllocatedBytes() - startBytes;
    }

    /** Returns the nanoseconds counted since the last call. */
    long takeNanos() {
        long taken = nanos;
        nanos = 0;
        return taken;
    }

    /** Returns the bytes counted since the last call. */
    long takeBytes() {
        long taken = bytes;
        bytes = 0;
        return taken;
    }
}

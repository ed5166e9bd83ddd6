package dev.surefoot.bench.partitions;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Measures the time between {@link #start} and {@link #stop}, and the bytes that this thread allocates in it. */
final class Meter {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private long startNanos;
    private long startBytes;
    private long nanos;
    private long bytes;

    /** Starts, or goes on; what happens before {@link #stop} counts. */
    void start() {
        startBytes = THREADS.getCurrentThreadAllocatedBytes();
        startNanos = System.nanoTime();
    }

    void stop() {
        nanos += System.nanoTime() - startNanos;
        bytes += THREADS.getCurrentThreadAllocatedBytes() - startBytes;
    }

    /** Nanoseconds counted since the last call. */
    long takeNanos() {
        long taken = nanos;
        nanos = 0;
        return taken;
    }

    /** Bytes counted since the last call. */
    long takeBytes() {
        long taken = bytes;
        bytes = 0;
        return taken;
    }
}

package dev.surefoot.bench.memory;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Samples the memory of a consumer many times a second, from a thread of its own, and keeps the peaks. {@link #start}
 * is called first, {@link #stop} last.
 */
final class MemorySampler implements AutoCloseable {
    /** The time between two samples. An answer takes longer to arrive, so no level that lasts is missed. */
    private static final long INTERVAL_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    /** Time for the thread that frees direct memory after a garbage collection. */
    private static final long COLLECTION_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /**
     * The peaks.
     *
     * @param samples how many samples there were
     */
    record Peaks(long heldBytes, long directBytes, long samples) {}

    private final LongSupplier heldBytes;
    private final BufferPoolMXBean direct = directPool();
    private final Thread thread = new Thread(this::sample, "memory-sampler");
    private volatile boolean closing;

    // Written by the sampling thread, read after it has ended.
    private long peakHeldBytes;
    private long peakDirectBytes;
    private long samples;

    private MemorySampler(LongSupplier heldBytes) {
        this.heldBytes = heldBytes;
    }

    /** Begins to sample. */
    static MemorySampler start(LongSupplier heldBytes) {
        MemorySampler sampler = new MemorySampler(heldBytes);
        sampler.thread.setDaemon(true);
        sampler.thread.start();
        return sampler;
    }

    /** Runs the garbage collector, so that the direct memory of earlier consumers does not count as used. */
    static void forgetEarlier() {
        BufferPoolMXBean direct = directPool();
        long before = Long.MAX_VALUE;
        for (long used = direct.getMemoryUsed(); used < before; used = direct.getMemoryUsed()) {
            before = used;
            System.gc();
            LockSupport.parkNanos(COLLECTION_NANOS);
        }
    }

    private static BufferPoolMXBean directPool() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("This JVM does not tell how much direct memory it uses"));
    }

    private void sample() {
        while (!closing) {
            peakHeldBytes = Math.max(peakHeldBytes, heldBytes.getAsLong());
            peakDirectBytes = Math.max(peakDirectBytes, direct.getMemoryUsed());
            samples++;
            LockSupport.parkNanos(this, INTERVAL_NANOS);
        }
    }

    /** Stops sampling and returns the peaks. */
    Peaks stop() {
        closing = true;
        LockSupport.unpark(thread);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new Peaks(peakHeldBytes, peakDirectBytes, samples);
    }

    @Override
    public void close() {
        stop();
    }
}

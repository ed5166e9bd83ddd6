package dev.surefoot.net;

import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.helpers.NOPLogger;

/**
 * Direct memory with a limit of its own, which a test takes and frees as a neighbour would. Garbage is
 * collected when a test says so.
 */
final class FakeDirectMemory implements DirectMemory {
    final ManualClock clock = new ManualClock();
    final long limitBytes;
    /** Whether the figures are withheld, as on a JVM that has none. */
    volatile boolean figuresUnknown;

    private long usedBytes;
    private long peakBytes;
    private int failures;
    private long collectedBytes;
    private int collections;

    FakeDirectMemory(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** A share of so many bytes, of a memory in which there is room for it. */
    static MemoryShare share(long bytes) {
        return new FakeDirectMemory(1L << 40).ledger(NOPLogger.NOP_LOGGER).open(bytes);
    }

    MemoryShare share() {
        return ledger(NOPLogger.NOP_LOGGER).open(limitBytes);
    }

    DirectMemoryLedger ledger(Logger log) {
        return new DirectMemoryLedger(this, 1L << 40, clock, log);
    }

    DirectMemoryLedger ledger() {
        return ledger(NOPLogger.NOP_LOGGER);
    }

    @Override
    public long limitBytes() {
        return limitBytes;
    }

    /** Has so much be in use. */
    synchronized void use(long bytes) {
        usedBytes = bytes;
    }

    /** Has the collector have found so much. */
    synchronized void collected(long bytes) {
        collectedBytes += bytes;
        usedBytes -= bytes;
    }

    /** How often the collector was asked to look. */
    synchronized int collections() {
        return collections;
    }

    @Override
    public synchronized long takeCollectedBytes() {
        long bytes = collectedBytes;
        collectedBytes = 0;
        return bytes;
    }

    @Override
    public synchronized void collect() {
        collections++;
    }

    /** How many allocations have run into the limit. */
    synchronized int failures() {
        return failures;
    }

    /** The most that was ever in use. */
    synchronized long peakBytes() {
        return peakBytes;
    }

    @Override
    public synchronized long usedBytes() {
        return figuresUnknown ? 0 : usedBytes;
    }

    @Override
    public synchronized ByteBuffer allocate(int bytes) {
        if (usedBytes + bytes > limitBytes) {
            failures++;
            throw new OutOfMemoryError("no direct memory, on purpose");
        }
        usedBytes += bytes;
        peakBytes = Math.max(peakBytes, usedBytes);
        return ByteBuffer.allocateDirect(bytes);
    }
}

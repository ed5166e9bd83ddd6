package dev.surefoot.runtime;

import dev.surefoot.core.records.Scratch;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The memory of batches that are decompressed ahead, bounded in bytes. A batch counts with the most bytes that it may
 * decompress to until {@link #end}, and with the bytes that it occupies until {@link #release}. Not safe for use by
 * several threads.
 */
final class ScratchPool {
    private final long capacity;
    private final int batchMaxBytes;
    private final LongSupplier capacityNow;
    private final Consumer<Scratch> home;
    private final ArrayDeque<Scratch> free = new ArrayDeque<>();
    private long freeBytes;
    private long usedBytes;

    /**
     * @param capacity the bound in bytes, free memory that is kept included
     * @param capacityNow the bound at the moment, if that is less: others may need memory too
     * @param batchMaxBytes the most bytes that one batch may decompress to, no more than the capacity
     * @param home receives the scratch memory when its last owner releases it
     */
    ScratchPool(long capacity, LongSupplier capacityNow, int batchMaxBytes, Consumer<Scratch> home) {
        this.capacity = capacity;
        this.capacityNow = capacityNow;
        this.batchMaxBytes = batchMaxBytes;
        this.home = home;
    }

    /** Returns empty memory to decompress a batch into, or null if there is no room for the largest one. */
    @Nullable Scratch begin() {
        long bound = Math.min(capacity, capacityNow.getAsLong());
        if (usedBytes + batchMaxBytes > bound) {
            releaseFree(bound - usedBytes);
            return null;
        }
        Scratch scratch = free.poll();
        if (scratch == null) {
            scratch = new Scratch(batchMaxBytes, home);
        } else {
            freeBytes -= scratch.capacity();
            scratch.clear();
        }
        usedBytes += batchMaxBytes;
        releaseFree(bound - usedBytes);
        return scratch;
    }

    /** Releases free memory beyond {@code mostBytes}. */
    private void releaseFree(long mostBytes) {
        while (freeBytes > Math.max(0, mostBytes)) {
            freeBytes -= free.removeLast().capacity();
        }
    }

    /** Ends decompression: from here on the memory counts with the bytes that it occupies. */
    void end(Scratch scratch) {
        usedBytes += scratch.capacity() - batchMaxBytes;
    }

    /** Takes memory back when its last owner has released it. {@link #end} was called before. */
    void release(Scratch scratch) {
        usedBytes -= scratch.capacity();
        freeBytes += scratch.capacity();
        free.push(scratch);
    }

    /** Whether half of the room is free: enough to be worth waking a worker. */
    boolean halfFree() {
        return usedBytes <= capacity / 2;
    }

    /** Bytes of memory in use, no more than the capacity. */
    long usedBytes() {
        return usedBytes;
    }

    /** Bytes of free memory that is kept for reuse. */
    long freeBytes() {
        return freeBytes;
    }
}

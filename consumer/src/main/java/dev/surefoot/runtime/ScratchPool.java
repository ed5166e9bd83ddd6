package dev.surefoot.runtime;

import dev.surefoot.core.records.Scratch;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The memory of batches that are decompressed ahead, bounded in bytes. While a batch is being decompressed it counts
 * with the most that it may come to, then with what it occupies until it is given back. Not safe for use by several
 * threads.
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
     * @param capacity the bound, free memory that is kept included
     * @param capacityNow a lower bound of this moment, where others need memory too
     * @param batchMaxBytes the most that one batch may come to, no more than the capacity
     * @param home what scratch memory is given back through
     */
    ScratchPool(long capacity, LongSupplier capacityNow, int batchMaxBytes, Consumer<Scratch> home) {
        this.capacity = capacity;
        this.capacityNow = capacityNow;
        this.batchMaxBytes = batchMaxBytes;
        this.home = home;
    }

    /** Empty memory to decompress a batch into, or null if there is no room for the largest one. */
    @Nullable Scratch begin() {
        long bound = Math.min(capacity, capacityNow.getAsLong());
        if (usedBytes + batchMaxBytes > bound) {
            dropFree(bound - usedBytes);
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
        dropFree(bound - usedBytes);
        return scratch;
    }

    /** Keeps no more free memory than that. */
    private void dropFree(long mostBytes) {
        while (freeBytes > Math.max(0, mostBytes)) {
            freeBytes -= free.removeLast().capacity();
        }
    }

    /** From here on the memory counts with what it occupies. */
    void end(Scratch scratch) {
        usedBytes += scratch.capacity() - batchMaxBytes;
    }

    /** Takes back memory from its last owner; it has been ended before. */
    void giveBack(Scratch scratch) {
        usedBytes -= scratch.capacity();
        freeBytes += scratch.capacity();
        free.push(scratch);
    }

    /** Whether half of the room is free, so that it is worth waking someone up to fill it. */
    boolean halfFree() {
        return usedBytes <= capacity / 2;
    }

    /** Bytes of memory in use, no more than the capacity. */
    long usedBytes() {
        return usedBytes;
    }

    /** Bytes of memory that is kept for reuse. */
    long freeBytes() {
        return freeBytes;
    }
}

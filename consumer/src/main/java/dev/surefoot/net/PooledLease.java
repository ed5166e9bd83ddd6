package dev.surefoot.net;

import dev.surefoot.core.records.Lease;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A lease on a receive buffer, which returns to its pool with the last release. Safe from any thread. */
final class PooledLease implements Lease {
    private final DirectBufferPool pool;
    private final @Nullable ByteBuffer pooled;
    private final int bytes;
    private final AtomicInteger holds = new AtomicInteger(1);

    /** @param pooled the buffer that returns to the pool, or null for memory that the garbage collector frees */
    PooledLease(DirectBufferPool pool, @Nullable ByteBuffer pooled, int bytes) {
        this.pool = pool;
        this.pooled = pooled;
        this.bytes = bytes;
    }

    @Override
    public void retain() {
        holds.updateAndGet(before -> requireHeld(before) + 1);
    }

    @Override
    public void release() {
        int before = holds.getAndUpdate(held -> requireHeld(held) - 1);
        if (before > 1) {
            return;
        }
        if (pooled != null) {
            pool.takeBack(pooled);
        } else {
            pool.letGo(bytes);
        }
    }

    private static int requireHeld(int holds) {
        if (holds < 1) {
            throw new IllegalStateException("the receive buffer was released before");
        }
        return holds;
    }

    @Override
    public boolean held() {
        return holds.get() > 0;
    }

    @Override
    public int bytes() {
        return bytes;
    }
}

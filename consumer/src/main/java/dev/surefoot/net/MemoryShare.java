package dev.surefoot.net;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One consumer's part of the direct memory that a {@link DirectMemoryLedger} divides. Safe from any thread. */
final class MemoryShare {
    private static final long GROWTH_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** After this many doublings the bound exceeds every share. */
    private static final int GROWTHS_MAX = 30;

    private final DirectMemoryLedger ledger;
    final long wantedBytes;
    private volatile Runnable changed = () -> {};

    // Guarded by the ledger's lock.
    long takenBytes;
    long claimedBytes;
    long committedBytes;
    long usedAtNanos;
    long capacityBytes;
    boolean closed;
    private long shrunkBytes = Long.MAX_VALUE;
    private long shrunkAtNanos;

    MemoryShare(DirectMemoryLedger ledger, long wantedBytes) {
        this.ledger = ledger;
        this.wantedBytes = wantedBytes;
        this.capacityBytes = wantedBytes;
    }

    /** Sets the action that runs, on any thread, whenever another consumer changes what this one may have. */
    void whenChanged(Runnable action) {
        changed = action;
    }

    void changed() {
        changed.run();
    }

    /** Notes how many bytes the consumer holds and waits for. */
    void hold(long bytes) {
        ledger.hold(this, bytes);
    }

    /**
     * Lets the consumer hold and wait for so many bytes in all, if that is no more than it may have now.
     *
     * @return false if other consumers have left it less since it asked
     */
    boolean claim(long bytes) {
        return ledger.claim(this, bytes);
    }

    /** Returns the most bytes that the consumer may hold now, and request from brokers. */
    long capacityBytes() {
        return ledger.capacityBytes(this);
    }

    /** Whether the consumer has a share now. */
    boolean fetching() {
        return ledger.isFetching(this);
    }

    /** Returns a direct buffer for data, or null if there is none now. */
    @Nullable ByteBuffer allocate(int bytes) {
        return ledger.allocate(this, bytes, false);
    }

    /** Returns a direct buffer that input and output cannot work without, or null if there is none now. */
    @Nullable ByteBuffer allocateEssential(int bytes) {
        return ledger.allocate(this, bytes, true);
    }

    /** Notes that a buffer of this share is left to the garbage collector. */
    void free(long bytes) {
        ledger.free(this, bytes);
    }

    /**
     * Notes that there was no memory for what was requested. The consumer may request half as much from now on, and
     * twice as much again after each second.
     *
     * @param what names what there was no memory for, for the warning
     */
    void shrink(String what) {
        ledger.shrink(this, what);
    }

    /** Releases the whole share at once, even if buffers of it are still in use. */
    void close() {
        ledger.close(this);
    }

    // Called with the ledger's lock held.

    void shrink(long nowNanos) {
        shrunkBytes =
                Math.max(DirectMemoryLedger.LEAST_SHARE_BYTES, Math.min(capacityBytes, ceilingBytes(nowNanos)) / 2);
        shrunkAtNanos = nowNanos;
    }

    long ceilingBytes(long nowNanos) {
        long growths = (nowNanos - shrunkAtNanos) / GROWTH_NANOS;
        if (shrunkBytes == Long.MAX_VALUE || growths > GROWTHS_MAX) {
            return Long.MAX_VALUE;
        }
        return shrunkBytes << growths;
    }
}

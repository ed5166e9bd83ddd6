package dev.surefoot.net;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What one consumer has of the direct memory that a {@link DirectMemoryLedger} divides. Safe from any thread. */
final class MemoryShare {
    private static final long GROWTH_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** So many times twice as much is beyond every share. */
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

    /** Has this run, on any thread, whenever another consumer changes what this one may have. */
    void whenChanged(Runnable action) {
        changed = action;
    }

    void changed() {
        changed.run();
    }

    /** Takes note of how many bytes the consumer holds and waits for. */
    void hold(long bytes) {
        ledger.hold(this, bytes);
    }

    /**
     * Lets the consumer hold and wait for so many bytes in all, if that is no more than it may have at this moment.
     *
     * @return false if others have left it less since it asked
     */
    boolean claim(long bytes) {
        return ledger.claim(this, bytes);
    }

    /** The most bytes that the consumer is to hold now, and to ask brokers for. */
    long capacityBytes() {
        return ledger.capacityBytes(this);
    }

    /** Whether the consumer has a share now. */
    boolean fetching() {
        return ledger.isFetching(this);
    }

    /** A direct buffer for data, or null if there is none to be had now. */
    @Nullable ByteBuffer allocate(int bytes) {
        return ledger.allocate(this, bytes, false);
    }

    /** A direct buffer that input and output cannot do without, or null if there is none to be had now. */
    @Nullable ByteBuffer allocateEssential(int bytes) {
        return ledger.allocate(this, bytes, true);
    }

    /** Takes note that a buffer of this share is left to the garbage collector. */
    void free(long bytes) {
        ledger.free(this, bytes);
    }

    /**
     * Takes note that there was no memory for what had been asked for: half as much is asked for from now on, and twice
     * as much again with each second that passes.
     *
     * @param what what there was no memory for, as a warning says it
     */
    void shrink(String what) {
        ledger.shrink(this, what);
    }

    /** Gives the whole share back at once, whatever is still held of it. */
    void close() {
        ledger.close(this);
    }

    // With the ledger's lock held.

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

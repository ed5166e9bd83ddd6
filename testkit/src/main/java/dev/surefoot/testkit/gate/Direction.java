package dev.surefoot.testkit.gate;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The faults of one direction, shared by all connections through a gate, and the count of forwarded bytes. Safe from
 * any thread.
 */
final class Direction {

    private static final long UNLIMITED = Long.MAX_VALUE;

    /**
     * Permission for a stream to forward bytes.
     *
     * @param bytes how many bytes may be forwarded
     * @param last whether the connection ends right after them
     */
    record Turn(int bytes, boolean last) {}

    /** A throttled stream is forwarded in this many pieces a second, so that it does not come in bursts. */
    private static final int PIECES_A_SECOND = 50;

    private long delayNanos;
    private long bytesPerSecond = UNLIMITED;
    private long freeAtNanos = System.nanoTime();
    private long bytesLeft = UNLIMITED;
    private boolean held;
    private long forwarded;

    synchronized void clear() {
        delayNanos = 0;
        bytesPerSecond = UNLIMITED;
        bytesLeft = UNLIMITED;
        held = false;
        notifyAll();
    }

    synchronized void delay(Duration delay) {
        if (delay.isNegative()) {
            throw new IllegalArgumentException("A delay must not be negative: " + delay);
        }
        delayNanos = delay.toNanos();
        notifyAll();
    }

    synchronized void throttle(long bytesPerSecond) {
        if (bytesPerSecond <= 0) {
            throw new IllegalArgumentException("A limit must be positive: " + bytesPerSecond + " bytes a second");
        }
        this.bytesPerSecond = bytesPerSecond;
        freeAtNanos = System.nanoTime();
        notifyAll();
    }

    synchronized void endAfter(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("A count of bytes must not be negative: " + bytes);
        }
        bytesLeft = bytes;
    }

    synchronized void hold() {
        held = true;
    }

    synchronized long forwarded() {
        return forwarded;
    }

    /** Counts bytes that were forwarded. */
    synchronized void handedOn(int bytes) {
        forwarded += bytes;
    }

    /**
     * Waits until bytes that arrived at the given time may be forwarded, and takes as many as may be forwarded now;
     * none once the connection has ended.
     */
    synchronized Turn take(GatedConnection connection, long arrivedNanos, int wanted) throws InterruptedException {
        awaitTurn(connection, arrivedNanos);
        if (connection.isOver()) {
            return new Turn(0, false);
        }
        long allowed = Math.min(wanted, bytesLeft);
        if (bytesPerSecond != UNLIMITED) {
            allowed = Math.min(allowed, Math.max(1, bytesPerSecond / PIECES_A_SECOND));
            long costNanos = allowed * TimeUnit.SECONDS.toNanos(1) / bytesPerSecond;
            freeAtNanos = Math.max(freeAtNanos, System.nanoTime()) + costNanos;
        }
        if (bytesLeft == UNLIMITED) {
            return new Turn((int) allowed, false);
        }
        bytesLeft -= allowed;
        boolean last = bytesLeft == 0;
        if (last) {
            bytesLeft = UNLIMITED;
        }
        return new Turn((int) allowed, last);
    }

    /** Waits until the end of a stream that arrived at the given time may be forwarded. */
    synchronized void awaitTurn(GatedConnection connection, long arrivedNanos) throws InterruptedException {
        while (!connection.isOver()) {
            long dueNanos = arrivedNanos + delayNanos;
            if (bytesPerSecond != UNLIMITED && freeAtNanos - dueNanos > 0) {
                dueNanos = freeAtNanos;
            }
            long leftNanos = dueNanos - System.nanoTime();
            if (held) {
                wait();
            } else if (leftNanos > 0) {
                TimeUnit.NANOSECONDS.timedWait(this, leftNanos);
            } else {
                return;
            }
        }
    }
}

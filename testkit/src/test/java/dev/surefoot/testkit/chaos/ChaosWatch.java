package dev.surefoot.testkit.chaos;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** How far a run of chaos has got: first faults, then writing without faults, then reading the rest. Thread-safe. */
final class ChaosWatch {
    final long startNanos = System.nanoTime();
    private final long calmNanos;
    private final long endNanos;
    private volatile boolean over;

    ChaosWatch(long seconds, Duration calmAtTheEnd) {
        this.endNanos = startNanos + TimeUnit.SECONDS.toNanos(seconds);
        this.calmNanos = endNanos - calmAtTheEnd.toNanos();
    }

    /** Whether brokers, connections and members misbehave. */
    boolean isFaulty() {
        return System.nanoTime() < calmNanos;
    }

    /** Whether the writers go on. */
    boolean isWriting() {
        return System.nanoTime() < endNanos;
    }

    /** Whether the members go on. */
    boolean isRunning() {
        return !over;
    }

    /** The members close. */
    void end() {
        over = true;
    }

    /** Lets time pass, less if the faults end meanwhile. */
    void idle(long ms) {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ms);
        while (isFaulty() && System.nanoTime() < until) {
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }
}

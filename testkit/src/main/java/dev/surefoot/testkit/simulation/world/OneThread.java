package dev.surefoot.testkit.simulation.world;

import dev.surefoot.net.Clock;
import dev.surefoot.runtime.Loop;
import dev.surefoot.runtime.Threads;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * Runs both sides of a consumer on one thread: while the application waits or is busy, it turns the loop. A loop that
 * waits for input continues to wait during the application's turn, unless it is woken. So a missing wake-up has the
 * same effect here as with two threads.
 */
public final class OneThread implements Threads, Clock {
    /** A waiting application reads the clock first, and again after its first attempt. */
    private static final int LOOKS_BEFORE_WAITING = 2;

    private final VirtualTime time;
    private final Wire wire;
    private @Nullable Loop loop;
    private boolean unparked;
    private int looksUntilPreempted;
    private long preemptedNanos;

    /** @param world the world whose time and wire the thread uses */
    public OneThread(World world) {
        this.time = world.time();
        this.wire = world.wire();
    }

    @Override
    public LoopOwner owner(Loop started, String name) {
        loop = started;
        return new LoopOwner() {
            @Override
            public void start() {} // the application turns the loop whenever it waits for it

            @Override
            public @Nullable KafkaException death() {
                return null;
            }

            @Override
            public void close(long timeoutNanos) {
                wire.waiting().horizon(Long.MAX_VALUE);
                wire.loopTurns(true);
                started.close(timeoutNanos);
            }
        };
    }

    @Override
    public void park(Object blocker, long nanos) {
        long now = time.nanos();
        run(nanos > Long.MAX_VALUE - now ? Long.MAX_VALUE : now + nanos, () -> unparked);
        unparked = false;
    }

    @Override
    public void unpark(Thread thread) {
        unparked = true;
        // The loop may wait for input again while the woken application runs.
        wire.waiting().horizon(time.nanos());
    }

    /** Returns the virtual time. The application's thread may see it late. */
    @Override
    public long nanos() {
        if (!wire.loopTurns() && looksUntilPreempted > 0 && --looksUntilPreempted == 0) {
            busyUntil(time.nanos() + preemptedNanos);
        }
        return time.nanos();
    }

    @Override
    public long epochMillis() {
        return time.epochMillis();
    }

    /**
     * Stops the application's thread for {@code nanos} after its next look for records and before it waits, while the
     * loop continues.
     */
    public void preempt(long nanos) {
        looksUntilPreempted = LOOKS_BEFORE_WAITING;
        preemptedNanos = nanos;
    }

    /** Keeps the application busy until this time. */
    public void busyUntil(long atNanos) {
        run(atNanos, () -> false);
    }

    private void run(long until, BooleanSupplier enough) {
        wire.waiting().horizon(until);
        while (time.nanos() < until && !enough.getAsBoolean()) {
            if (wire.waiting().isUnderWay()) {
                wire.waiting().goOn();
            } else {
                wire.loopTurns(true);
                Objects.requireNonNull(loop, "no loop was started").turn();
                wire.loopTurns(false);
            }
        }
    }
}

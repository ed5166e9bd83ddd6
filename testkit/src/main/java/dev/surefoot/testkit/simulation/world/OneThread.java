package dev.surefoot.testkit.simulation.world;

import dev.surefoot.net.Clock;
import dev.surefoot.runtime.Loop;
import dev.surefoot.runtime.Threads;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * One thread for both sides of a consumer: while the application waits, or is busy with something else, the loop is
 * turned. A loop that waits for input goes on waiting when the application has its turn, unless it is woken; so a
 * forgotten wake-up costs the same here as with two threads.
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

    public OneThread(World world) {
        this.time = world.time();
        this.wire = world.wire();
    }

    @Override
    public LoopOwner owner(Loop started, String name) {
        loop = started;
        return new LoopOwner() {
            @Override
            public void start() {} // whoever waits for the loop turns it

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
        // The loop may go on to wait for input while the woken application runs.
        wire.waiting().horizon(time.nanos());
    }

    /** The time. The application's thread may see it late. */
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
     * Stops the application's thread for this time when it has looked for something once and is about to
     * wait, while the loop goes on.
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

package dev.surefoot.testkit.simulation.world;

import dev.surefoot.net.Clock;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** A clock that moves only by calls, and the queue of actions by their times. Used by the simulation's thread. */
public final class VirtualTime implements Clock {
    private static final long NANOS_PER_MILLI = 1_000_000L;

    private record Due(long atNanos, long number, Runnable what) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            int byTime = Long.compare(atNanos, other.atNanos);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    private final PriorityQueue<Due> agenda = new PriorityQueue<>();
    private long numbers;
    private long nanos;
    private long wallClockAhead = 1_700_000_000_000L;

    @Override
    public long nanos() {
        return nanos;
    }

    @Override
    public long epochMillis() {
        return wallClockAhead + nanos / NANOS_PER_MILLI;
    }

    /**
     * Runs an action at this time, or at once if that is past. Actions due at the same time run in the order of these
     * calls.
     */
    public void at(long atNanos, Runnable what) {
        agenda.add(new Due(Math.max(nanos, atNanos), numbers++, what));
    }

    /** Returns the time of the next action, or {@link Long#MAX_VALUE}. */
    public long nextDue() {
        Due next = agenda.peek();
        return next == null ? Long.MAX_VALUE : next.atNanos();
    }

    /** Moves to the time of the next action and runs it. */
    public void doNext() {
        @Nullable Due next = agenda.poll();
        if (next == null) {
            throw new IllegalStateException("nothing is due any more");
        }
        nanos = Math.max(nanos, next.atNanos());
        next.what().run();
    }

    /** Moves to this time; actions that were due meanwhile run late. */
    public void moveTo(long atNanos) {
        nanos = Math.max(nanos, atNanos);
    }

    /** Moves the wall clock forwards or backwards by milliseconds; timeouts do not depend on it. */
    public void jumpWallClock(long millis) {
        wallClockAhead += millis;
    }
}

package dev.surefoot.testkit.simulation.world;

import dev.surefoot.net.Clock;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** Time that goes by only when it is told to, with what is going to happen at which moment. */
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
     * Has something done at this moment, or at once if that is past. What is due at the same moment
     * is done in the order given.
     */
    public void at(long atNanos, Runnable what) {
        agenda.add(new Due(Math.max(nanos, atNanos), numbers++, what));
    }

    /** When the next thing is due, or {@link Long#MAX_VALUE}. */
    public long nextDue() {
        Due next = agenda.peek();
        return next == null ? Long.MAX_VALUE : next.atNanos();
    }

    /** Moves to the next thing that is due and does it. */
    public void doNext() {
        @Nullable Due next = agenda.poll();
        if (next == null) {
            throw new IllegalStateException("nothing is due any more");
        }
        nanos = Math.max(nanos, next.atNanos());
        next.what().run();
    }

    /** Moves on; what was due meanwhile is late. */
    public void moveTo(long atNanos) {
        nanos = Math.max(nanos, atNanos);
    }

    /** Sets the wall clock forward or back, which does not touch the time that timeouts go by. */
    public void jumpWallClock(long millis) {
        wallClockAhead += millis;
    }
}

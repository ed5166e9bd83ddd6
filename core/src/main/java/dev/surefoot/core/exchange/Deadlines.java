package dev.surefoot.core.exchange;

import dev.surefoot.core.time.Deadline;
import org.jspecify.annotations.Nullable;

/**
 * The time at which the next turn is due at the latest: the earliest of the times that the requesters enter in each
 * turn. Owned by the loop's thread.
 */
public final class Deadlines {
    /** The name of a deadline, for diagnosis; each requester has an enum of its own names. */
    public interface Name {}

    private long earliestNanos = Deadline.NEVER;
    private @Nullable Name earliest;

    /** Removes the times of the turn before. */
    public void clear() {
        earliestNanos = Deadline.NEVER;
        earliest = null;
    }

    /**
     * Adds a deadline.
     *
     * @param nanos a time in nanoseconds of the loop's clock, or {@link Deadline#NEVER}
     */
    public void enter(Name name, long nanos) {
        if (nanos < earliestNanos) {
            earliestNanos = nanos;
            earliest = name;
        }
    }

    /** The earliest time, in nanoseconds of the loop's clock, or {@link Deadline#NEVER}. */
    public long earliestNanos() {
        return earliestNanos;
    }

    /** The name of the earliest deadline, the first one entered if several are equal; null if there is none. */
    public @Nullable Name earliest() {
        return earliest;
    }
}

package dev.surefoot.core.exchange;

import dev.surefoot.core.time.Deadline;
import org.jspecify.annotations.Nullable;

/**
 * When a turn is due if nothing else happens: the earliest of the moments that all requesters enter, anew in each turn.
 * Owned by the loop's thread.
 */
public final class Deadlines {
    /** What a requester is due for by time alone; each requester has an enum of its own names. */
    public interface Name {}

    private long earliestNanos = Deadline.NEVER;
    private @Nullable Name earliest;

    /** Forgets the moments of the turn before. */
    public void clear() {
        earliestNanos = Deadline.NEVER;
        earliest = null;
    }

    /** @param nanos a value of the clock, or {@link Deadline#NEVER} */
    public void enter(Name name, long nanos) {
        if (nanos < earliestNanos) {
            earliestNanos = nanos;
            earliest = name;
        }
    }

    /** The earliest moment, as a value of the clock, or {@link Deadline#NEVER}. */
    public long earliestNanos() {
        return earliestNanos;
    }

    /** What is due at the earliest moment, the first that was entered if there are several; null if nothing is. */
    public @Nullable Name earliest() {
        return earliest;
    }
}

package dev.surefoot.testkit.simulation.guard;

import dev.surefoot.progress.Change;
import dev.surefoot.progress.Diagnosis;
import dev.surefoot.progress.ProgressListener;
import dev.surefoot.progress.Scope;
import dev.surefoot.progress.Stall;
import dev.surefoot.progress.StallCause;
import dev.surefoot.testkit.simulation.check.Violation;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Hears of each stall, and checks that its end is told soon after no partition, and no consumer without partitions, has
 * its cause any more (W6). Used by the simulation's threads, of which one runs at a time.
 */
final class StallEnds implements ProgressListener {
    private static final long SECOND_NANOS = 1_000_000_000L;

    /**
     * A stall has ended when it has been gone for five seconds. The guard looks once a second, and waits for the loop's
     * next turn, which may be a second later; so does what it has found at the beginning.
     */
    private static final long TOLD_NANOS = 8 * SECOND_NANOS + SECOND_NANOS / 4;

    private static final class Told {
        private final StallCause cause;
        private final Scope scope;
        /** Since when nothing shows the cause, or -1 while something does. */
        private long goneNanos = -1;

        Told(StallCause cause, Scope scope) {
            this.cause = cause;
            this.scope = scope;
        }

        boolean isShownBy(Diagnosis why) {
            return why.cause() == cause && why.scope().equals(scope);
        }
    }

    private final CauseCounts counts;
    private final Map<Long, Told> lasting = new LinkedHashMap<>();
    /** The cause that the last look has shown of a consumer without partitions, or null if it had some. */
    private @Nullable StallCause lastWithout;

    StallEnds(CauseCounts counts) {
        this.counts = counts;
    }

    @Override
    public void stalled(Stall stall) {
        counts.announced(stall.why().cause());
        lasting.put(stall.episode(), new Told(stall.why().cause(), stall.why().scope()));
    }

    /** A stall may begin again between two looks. */
    @Override
    public void changed(Change change) {
        lasting.values().stream().filter(told -> told.isShownBy(change.to())).forEach(told -> told.goneNanos = -1);
    }

    @Override
    public void ended(Stall stall, Duration lasted) {
        lasting.remove(stall.episode());
    }

    /**
     * @param shown what is said of each partition now, or of a consumer without partitions
     * @param without the cause of a consumer without partitions, or null if it has some
     * @param ranNanos for how long the process has run so far
     */
    void look(Collection<Diagnosis> shown, @Nullable StallCause without, long ranNanos) {
        if (without != lastWithout) {
            // No listener hears of its causes, and one of them may have come and gone since the last look.
            lasting.values().forEach(told -> told.goneNanos = -1);
        }
        lastWithout = without;
        if (shown.stream().anyMatch(why -> why.cause() == StallCause.LOOP_STUCK)) {
            return; // it masks all others
        }
        for (Told told : lasting.values()) {
            if (shown.stream().anyMatch(told::isShownBy)) {
                told.goneNanos = -1;
            } else if (told.goneNanos < 0) {
                told.goneNanos = ranNanos;
            } else if (ranNanos - told.goneNanos > TOLD_NANOS) {
                throw new Violation(
                        "W6",
                        "nobody has been told that the stall by " + told.cause + " of " + told.scope
                                + " has ended, which has been gone for "
                                + (ranNanos - told.goneNanos) / SECOND_NANOS + " s");
            }
        }
    }
}

package dev.surefoot.testkit.simulation.check;

import dev.surefoot.testkit.simulation.model.LogBatch.LogRecord;
import dev.surefoot.testkit.simulation.model.ModelPartition;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which records of each log the members of a group were given, together, and which nobody has to get, as somebody has
 * sought past them.
 */
final class GroupProgress {
    private static final class Given {
        private final BitSet given = new BitSet();
        private final BitSet excused = new BitSet();
        /** Below it every record was given or is excused. */
        private long complete;

        private boolean isDisturbed;
    }

    private final Map<ModelPartition, Given> logs = new HashMap<>();
    private final boolean readCommitted;

    GroupProgress(boolean readCommitted) {
        this.readCommitted = readCommitted;
    }

    private Given of(ModelPartition log) {
        return logs.computeIfAbsent(log, any -> new Given());
    }

    void given(ModelPartition log, long offset) {
        of(log).given.set((int) offset);
    }

    /** Nobody has to get what lies from one offset to before the other. */
    void excuse(ModelPartition log, long from, long to) {
        if (from < to) {
            of(log).excused.set((int) Math.max(0, from), (int) to);
        }
    }

    /** An offset of an earlier topic of this name was committed: nobody can tell where reading begins. */
    void disturb(ModelPartition log, long to) {
        of(log).isDisturbed = true;
        excuse(log, 0, to);
    }

    boolean isDisturbed(ModelPartition log) {
        return of(log).isDisturbed;
    }

    @Nullable LogRecord firstVisible(ModelPartition log, long from) {
        return log.log().firstVisible(from, readCommitted);
    }

    /** Returns the first record below this offset that nobody was given and that is not excused, or null. */
    @Nullable LogRecord missing(ModelPartition log, long below) {
        Given of = of(log);
        while (of.complete < below) {
            LogRecord next = firstVisible(log, of.complete);
            if (next == null || next.offset() >= below) {
                // Records of transactions that are open may become visible later.
                return null;
            }
            if (!of.given.get((int) next.offset()) && !of.excused.get((int) next.offset())) {
                return next;
            }
            of.complete = next.offset() + 1;
        }
        return null;
    }

    /** Returns whether no visible record lies from one offset to before the other. */
    boolean isEmptyBetween(ModelPartition log, long from, long to) {
        LogRecord first = firstVisible(log, from);
        return first == null || first.offset() >= to;
    }

    long end(ModelPartition log) {
        return readCommitted ? log.log().lastStableOffset() : log.log().highWatermark();
    }
}

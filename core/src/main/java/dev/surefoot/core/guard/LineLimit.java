package dev.surefoot.core.guard;

import java.util.ArrayDeque;

/** Bounds the lines of one consumer: {@link #LINES_MAX} within any minute. Owned by the loop's thread. */
final class LineLimit {
    static final int LINES_MAX = 10;
    private static final long MINUTE_NANOS = 60_000_000_000L;

    private final ArrayDeque<Long> lineNanos = new ArrayDeque<>(LINES_MAX);
    private long heldBack;

    /** Asks for a line, and notes it if that is granted. */
    boolean grant(long nowNanos) {
        if (lineNanos.size() == LINES_MAX) {
            if (nowNanos - lineNanos.element() <= MINUTE_NANOS) {
                return false;
            }
            lineNanos.remove();
        }
        lineNanos.add(nowNanos);
        return true;
    }

    /** Counts a stall that had no line. */
    void holdBack() {
        heldBack++;
    }

    /** Returns how many stalls have had no line since the last call. */
    long takeHeldBack() {
        long taken = heldBack;
        heldBack = 0;
        return taken;
    }
}

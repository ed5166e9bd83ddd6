package dev.surefoot.bench.memory;

import java.util.concurrent.TimeUnit;

/** How an application continues after a {@code poll}. */
public enum Pace {
    /** Polls again at once. */
    FAST("fast"),
    /** Pauses after each poll. */
    SLOW("slow"),
    /** Begins slow, and changes to fast and back in phases of equal length. */
    PHASES("phases");

    /** How long a phase lasts. */
    static final long PHASE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final String label;

    Pace(String label) {
        this.label = label;
    }

    /** Returns the name in tables and in JSON. */
    public String label() {
        return label;
    }

    /** Returns whether the application pauses after a poll, {@code nanos} after the trial began. */
    boolean restsAt(long nanos) {
        return switch (this) {
            case FAST -> false;
            case SLOW -> true;
            case PHASES -> nanos / PHASE_NANOS % 2 == 0;
        };
    }
}

package dev.surefoot.bench.memory;

import java.util.concurrent.TimeUnit;

/** How fast an application takes what {@code poll} returns. */
public enum Pace {
    /** Polls again at once. */
    FAST("fast"),
    /** Rests after each poll. */
    SLOW("slow"),
    /** Begins slow, and changes to fast and back in phases of equal length. */
    PHASES("phases");

    /** How long a phase lasts. */
    static final long PHASE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final String label;

    Pace(String label) {
        this.label = label;
    }

    /** The name in tables and in JSON. */
    public String label() {
        return label;
    }

    /** Whether the application rests after a poll, {@code nanos} after it began. */
    boolean restsAt(long nanos) {
        return switch (this) {
            case FAST -> false;
            case SLOW -> true;
            case PHASES -> nanos / PHASE_NANOS % 2 == 0;
        };
    }
}

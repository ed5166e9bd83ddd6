package dev.surefoot.core.guard;

import dev.surefoot.progress.RecoveryStep.Action;

/** How far the guard goes to mend what keeps partitions from advancing ({@code surefoot.recovery}). */
public enum RecoveryLevel {
    /** It does nothing; what sessions, positions and connections mend by themselves stays. */
    OFF,
    /** It asks for the end of the log, and mends the fetch session. */
    SESSION,
    /** It also asks for metadata, validates positions and opens connections. */
    CONNECTION,
    /** It also fetches again from the consumed position what it has buffered. */
    RESET;

    /** Whether this may be done. */
    boolean allows(Action action) {
        return switch (action) {
            case VERIFY, REANNOUNCE, REOPEN, REPLACE, LEAVE_SESSIONS -> this != OFF;
            case REFRESH, RECONNECT -> this == CONNECTION || this == RESET;
            case RESET -> this == RESET;
        };
    }
}

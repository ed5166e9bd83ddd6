package dev.surefoot.progress;

import java.time.Duration;
import java.time.Instant;

/**
 * One attempt of the consumer to mend what keeps partitions from advancing.
 *
 * @param scope what it was about: one partition, or all that are fetched from one broker
 * @param cause the cause for which it was made
 * @param action what was done
 * @param attempt the number of the attempt at this action, from 1 on, within one row of actions
 * @param started when it began, by the wall clock
 * @param duration how long it took until the outcome was known
 * @param outcome what came of it
 * @param detail more about the outcome, or an empty text
 */
public record RecoveryStep(
        Scope scope,
        StallCause cause,
        Action action,
        int attempt,
        Instant started,
        Duration duration,
        Outcome outcome,
        String detail) {

    /** What is done, in the order in which it is tried. */
    public enum Action {
        /** Ask the leader where the log ends, to learn whether there is anything to mend. */
        VERIFY,
        /** Remove the partition from the fetch session and add it again. */
        REANNOUNCE,
        /** Replace the fetch session by a full fetch. */
        REOPEN,
        /** Drop all that is known of the fetch session, and begin with a new one. */
        REPLACE,
        /** Fetch without sessions for a while. */
        LEAVE_SESSIONS,
        /** Ask for metadata, read from the leader, and validate the position. */
        REFRESH,
        /** Open another connection for fetches, to the next address of the broker. */
        RECONNECT,
        /** Drop what is buffered and fetch again from the consumed position. */
        RESET
    }

    /** What came of it. */
    public enum Outcome {
        /** Progress followed. */
        HEALED,
        /** No progress followed in time. */
        NO_CHANGE,
        /** There was nothing to read, so nothing to mend. */
        PROVED_FINE,
        /** It was not done, since too many steps were taken at this broker of late. */
        REFUSED,
        /** The trouble ended, or became another one, before the outcome of the step was known. */
        SUPERSEDED,
        /** It could not be done; the detail says why. */
        FAILED
    }
}

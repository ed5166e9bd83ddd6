package dev.surefoot.cli.doctor;

import java.util.List;
import java.util.stream.Stream;

/**
 * A cause with its evidence.
 *
 * @param cause the cause
 * @param severity how bad it is
 * @param certainty whether it was seen, or is inferred from what was seen
 * @param evidence what was seen, in phrases
 * @param neededMs how long a look would decide it, in milliseconds; 0 if it is decided
 */
record Finding(Cause cause, Severity severity, Certainty certainty, List<String> evidence, long neededMs) {

    /** How bad something is, from good to bad. */
    enum Severity {
        /** Nothing is wrong. */
        FINE,
        /** It does not advance, or soon will not, and may get well by itself. */
        WAITING,
        /** It does not advance, and somebody has to act. */
        STALLED
    }

    /** How a cause is known. */
    enum Certainty {
        SEEN,
        SUSPECTED
    }

    Finding {
        evidence = List.copyOf(evidence);
    }

    static Finding fine(Cause cause, String... evidence) {
        return new Finding(cause, Severity.FINE, Certainty.SEEN, List.of(evidence), 0);
    }

    static Finding waiting(Cause cause, String... evidence) {
        return new Finding(cause, Severity.WAITING, Certainty.SEEN, List.of(evidence), 0);
    }

    static Finding stalled(Cause cause, String... evidence) {
        return new Finding(cause, Severity.STALLED, Certainty.SEEN, List.of(evidence), 0);
    }

    /** Returns the same, as inferred. */
    Finding suspected() {
        return new Finding(cause, severity, Certainty.SUSPECTED, evidence, neededMs);
    }

    /** Returns the same, decided only by a look of this many milliseconds. */
    Finding undecidedBefore(long lookMs) {
        return new Finding(cause, severity, certainty, evidence, lookMs);
    }

    /** Returns the same with more evidence. */
    Finding and(List<String> more) {
        return new Finding(
                cause,
                severity,
                certainty,
                Stream.concat(evidence.stream(), more.stream()).toList(),
                neededMs);
    }

    /** Returns whether it is as bad as it gets. */
    boolean isStalled() {
        return severity == Severity.STALLED;
    }
}

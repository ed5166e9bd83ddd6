package dev.surefoot.progress;

import java.time.Instant;
import java.util.Optional;

/**
 * Why a partition, or the consumer as a whole, does not advance, or that it does.
 *
 * @param cause the cause
 * @param severity how much it matters at its present age
 * @param scope what it is about
 * @param since since when the cause holds, by the wall clock
 * @param evidence what it was concluded from
 * @param hidden a further cause that will show when this one ends, if one is known
 */
public record Diagnosis(
        StallCause cause,
        Severity severity,
        Scope scope,
        Instant since,
        Evidence evidence,
        Optional<StallCause> hidden) {

    /** Returns what to do about the cause. */
    public String advice() {
        return cause.advice();
    }

    /** Returns the cause, its evidence and the advice as one line. */
    @Override
    public String toString() {
        String said = evidence.sentence();
        return cause + " (" + scope + ", " + severity + " since " + since + (said.isEmpty() ? "" : "; " + said) + "): "
                + advice();
    }
}

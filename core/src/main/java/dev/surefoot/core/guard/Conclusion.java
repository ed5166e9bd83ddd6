package dev.surefoot.core.guard;

import dev.surefoot.progress.Evidence;
import dev.surefoot.progress.Scope;
import dev.surefoot.progress.Severity;
import dev.surefoot.progress.StallCause;
import org.jspecify.annotations.Nullable;

/**
 * The one cause of a partition at one look. Immutable.
 *
 * @param hidden a further cause that this one masks, or null
 */
record Conclusion(
        StallCause cause,
        Scope scope,
        Evidence evidence,
        @Nullable StallCause hidden,
        Weight weight) {

    /** Whether the cause counts as its patience says. */
    enum Weight {
        /** It does. */
        USUAL,
        /** Too little speaks for it to count as a stall at once, where it would. */
        EARLY,
        /** Reading has ended until the application acts, though the cause is usually none of a stall. */
        FINAL
    }

    Conclusion(StallCause cause, Scope scope, Evidence evidence, @Nullable StallCause hidden) {
        this(cause, scope, evidence, hidden, Weight.USUAL);
    }

    Conclusion(StallCause cause, Scope scope, Evidence evidence) {
        this(cause, scope, evidence, null, Weight.USUAL);
    }

    Conclusion with(Weight other) {
        return new Conclusion(cause, scope, evidence, hidden, other);
    }

    /** Whether it is no trouble, however long it lasts. */
    boolean isFine() {
        return weight != Weight.FINAL && StallLimits.isFine(cause);
    }

    /** Whether the offsets tell all that matters of it: where there is no trouble, nobody looks for evidence. */
    boolean isOffsetsAlone(Severity severity) {
        return severity == Severity.FINE || evidence instanceof Evidence.Offsets;
    }
}

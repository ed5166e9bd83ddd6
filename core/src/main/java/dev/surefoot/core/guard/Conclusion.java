package dev.surefoot.core.guard;

import dev.surefoot.progress.Evidence;
import dev.surefoot.progress.Scope;
import dev.surefoot.progress.StallCause;
import org.jspecify.annotations.Nullable;

/**
 * The one cause of a partition at one look. Immutable.
 *
 * @param hidden a further cause that this one masks, or null
 * @param early whether too little speaks for the cause to count as a stall at once, where it would
 */
record Conclusion(
        StallCause cause,
        Scope scope,
        Evidence evidence,
        @Nullable StallCause hidden,
        boolean early) {
    Conclusion(StallCause cause, Scope scope, Evidence evidence, @Nullable StallCause hidden) {
        this(cause, scope, evidence, hidden, false);
    }

    Conclusion(StallCause cause, Scope scope, Evidence evidence) {
        this(cause, scope, evidence, null, false);
    }

    Conclusion thatIsEarly() {
        return new Conclusion(cause, scope, evidence, hidden, true);
    }
}

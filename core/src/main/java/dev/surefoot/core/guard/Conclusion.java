package dev.surefoot.core.guard;

import dev.surefoot.progress.Evidence;
import dev.surefoot.progress.Scope;
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
        @Nullable StallCause hidden) {
    Conclusion(StallCause cause, Scope scope, Evidence evidence) {
        this(cause, scope, evidence, null);
    }
}

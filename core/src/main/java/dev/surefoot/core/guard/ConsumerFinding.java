package dev.surefoot.core.guard;

import dev.surefoot.progress.Evidence;
import dev.surefoot.progress.Scope;
import dev.surefoot.progress.Severity;
import dev.surefoot.progress.StallCause;
import java.util.List;

/**
 * What holds for the consumer as a whole. Immutable.
 *
 * @param why the cause that holds while the consumer has no partitions
 * @param concerns what is not right beside that, and beside the causes of its partitions
 */
public record ConsumerFinding(Named why, List<Named> concerns) {
    /**
     * A cause by its name.
     *
     * @param sinceNanos since when it holds, in nanoseconds of the loop's clock
     */
    public record Named(StallCause cause, Severity severity, Scope scope, long sinceNanos, Evidence evidence) {}
}

package dev.surefoot.core.group;

import dev.surefoot.core.time.Deadline;
import java.util.function.Consumer;

/** Reports when rebalances of a member begin and end. Owned by the loop's thread. */
final class RebalanceReport {
    private final Consumer<GroupEffect> effects;
    private long startNanos = Deadline.NEVER;

    RebalanceReport(Consumer<GroupEffect> effects) {
        this.effects = effects;
    }

    /** A rebalance begins, unless one is under way. */
    void started(String reason, long nowNanos) {
        if (startNanos == Deadline.NEVER) {
            startNanos = nowNanos;
            effects.accept(new GroupEffect.Report(new GroupEvent.RebalanceStarted(reason)));
        }
    }

    /** The rebalance under way, if there is one, is over. */
    void ended(int epoch, int owned, boolean failed, long nowNanos) {
        if (startNanos != Deadline.NEVER) {
            effects.accept(
                    new GroupEffect.Report(new GroupEvent.RebalanceEnded(epoch, owned, nowNanos - startNanos, failed)));
            startNanos = Deadline.NEVER;
        }
    }
}

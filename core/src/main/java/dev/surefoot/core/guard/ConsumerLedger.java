package dev.surefoot.core.guard;

import dev.surefoot.progress.Severity;
import dev.surefoot.progress.StallCause;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the guard remembers of the consumer as a whole. Owned by the loop's thread. */
final class ConsumerLedger {
    private final GroupCauses causes;
    private final Concerns concerns;
    private final StallLimits limits;

    private @Nullable StallCause cause;
    private long causeNanos;
    /** Since when the causes have been other than fine ones, or {@link PartitionLedger#NEVER}. */
    private long troubleNanos = PartitionLedger.NEVER;

    private @Nullable ConsumerFinding finding;
    /** What the last look has shown, or null before the first, and while the consumer has partitions. */
    private @Nullable Sight sight;

    ConsumerLedger(GroupCauses causes, Concerns concerns, StallLimits limits) {
        this.causes = causes;
        this.concerns = concerns;
        this.limits = limits;
    }

    /** @param owns whether the consumer has partitions, so that their causes count */
    void look(boolean owns, long nowNanos) {
        Conclusion now = causes.ofMember(nowNanos);
        if (now.cause() != cause) {
            cause = now.cause();
            causeNanos = nowNanos;
        }
        if (owns || now.isFine()) {
            troubleNanos = PartitionLedger.NEVER;
        } else if (troubleNanos == PartitionLedger.NEVER) {
            troubleNanos = nowNanos;
        }
        long ageNanos = troubleNanos == PartitionLedger.NEVER ? 0 : nowNanos - troubleNanos;
        Severity severity = limits.severity(now, ageNanos);
        finding = new ConsumerFinding(
                new ConsumerFinding.Named(now.cause(), severity, now.scope(), causeNanos, now.evidence()),
                concerns.present(nowNanos));
        sight = owns
                ? null
                : new Sight(Subject.CONSUMER, now, severity, -1, causeNanos, causeNanos, nowNanos - ageNanos);
    }

    /** Begins to count the time without partitions anew. */
    void restartPatience(long nowNanos) {
        if (troubleNanos != PartitionLedger.NEVER) {
            troubleNanos = nowNanos;
        }
    }

    /** Leaves out time in which the loop could do nothing. */
    void passOver(long nanos) {
        if (troubleNanos != PartitionLedger.NEVER) {
            troubleNanos += nanos;
        }
    }

    /** What concerns the consumer as a whole, as of the last look. */
    List<ConsumerFinding.Named> concerns() {
        return finding == null ? List.of() : finding.concerns();
    }

    /** What the last look at a consumer without partitions has shown; null if it has some. */
    @Nullable Sight sight() {
        return sight;
    }

    /** What the last look has found, or null before the first. */
    @Nullable ConsumerFinding finding() {
        return finding;
    }
}

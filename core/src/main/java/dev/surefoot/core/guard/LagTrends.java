package dev.surefoot.core.guard;

import dev.surefoot.core.delivery.LaneReadiness;
import dev.surefoot.core.guard.ApplicationView.Reading;
import dev.surefoot.progress.Evidence;
import dev.surefoot.progress.Scope;
import dev.surefoot.progress.Severity;
import dev.surefoot.progress.StallCause;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The partitions that are read and whose lag grows nevertheless, and which side is the slower one: the fetching, if the
 * application mostly waits for data, or the application, if data mostly waits for it. Owned by the loop's thread.
 */
final class LagTrends {
    /** In less of the looks data waits if the fetching is slower. */
    private static final int SELDOM_PERCENT = 50;

    /** In as many of the looks data waits if the application is slower. */
    private static final int MOSTLY_PERCENT = 90;

    /** What is read must be less than this share of what comes. */
    private static final double KEEPS_UP = 0.95;

    /** The partitions whose lag grows, each with what was concluded. */
    private final Map<TopicPartition, Growing> growing = new LinkedHashMap<>();

    private record Growing(StallCause cause, long sinceNanos, Evidence.Growth evidence) {}

    /** Takes note of a look at a partition. */
    void look(PartitionLedger ledger, @Nullable Reading reading, boolean readCommitted, long nowNanos) {
        TopicPartition name = ledger.tracked().partition();
        long end = ledger.readableEnd(readCommitted);
        long lag = end < 0 || ledger.consumed() < 0 ? 0 : end - ledger.consumed();
        if (reading == null || lag <= 0 || ledger.tracked().paused()) {
            ledger.lagTrend(null);
            forget(name);
            return;
        }
        LagTrend trend = ledger.lagTrend();
        if (trend == null) {
            trend = new LagTrend(lag, nowNanos);
            ledger.lagTrend(trend);
        }
        boolean dataWaits = reading.readiness() == LaneReadiness.READY || ledger.fetchOffset() > reading.offset();
        trend.look(lag, dataWaits, nowNanos);
        StallCause cause = conclude(ledger, trend);
        if (cause == null) {
            forget(name);
            return;
        }
        Growing before = growing.get(name);
        long since = before != null && before.cause == cause ? before.sinceNanos : nowNanos;
        Evidence.Growth evidence = new Evidence.Growth(
                Look.marks(ledger, nowNanos),
                name.toString(),
                lag,
                Math.round(ledger.pace().in300()),
                Math.round(ledger.pace().out300()),
                trend.waitingPercent());
        growing.put(name, new Growing(cause, since, evidence));
    }

    private static @Nullable StallCause conclude(PartitionLedger ledger, LagTrend trend) {
        boolean isRead = ledger.pace().out300() > 0;
        boolean keepsUp = ledger.pace().out300() >= KEEPS_UP * ledger.pace().in300();
        if (!isRead || keepsUp || !trend.grows()) {
            return null;
        }
        int percent = trend.waitingPercent();
        return percent < SELDOM_PERCENT
                ? StallCause.FETCH_SLOW
                : percent >= MOSTLY_PERCENT ? StallCause.APPLICATION_SLOW : null;
    }

    /** The partition is not assigned any more, or its lag does not grow. */
    void forget(TopicPartition partition) {
        growing.remove(partition);
    }

    /** Passes on each cause that there is, once, with the partition that has it longest. */
    void present(long nowNanos, Consumer<ConsumerFinding.Named> to) {
        Map<StallCause, Growing> firsts = new LinkedHashMap<>();
        growing.values()
                .forEach(each -> firsts.merge(
                        each.cause, each, (first, other) -> other.sinceNanos < first.sinceNanos ? other : first));
        firsts.forEach((cause, first) -> to.accept(
                new ConsumerFinding.Named(cause, Severity.FINE, new Scope.Client(), first.sinceNanos, first.evidence)));
    }
}

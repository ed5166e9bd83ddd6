package dev.surefoot.core.guard;

import dev.surefoot.core.fetch.PartitionRoute;
import dev.surefoot.core.guard.ApplicationView.Reading;
import dev.surefoot.core.position.TrackedPartition;
import dev.surefoot.progress.Evidence;
import dev.surefoot.progress.Marks;
import dev.surefoot.progress.Scope;
import dev.surefoot.progress.StallCause;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** What one look sees of one partition. A query; it changes nothing. Owned by the loop's thread. */
class Look {
    private static final long SECOND_NANOS = 1_000_000_000L;

    /** How long a poll, or what the application does between polls, is short. */
    static final long SHORT_NANOS = 10 * SECOND_NANOS;

    /** After this time without progress, data that would come at once has not come. */
    private static final long SETTLED_NANOS = 2 * SECOND_NANOS;

    final GuardSettings settings;
    final PartitionLedger ledger;
    final @Nullable Reading reading;
    final PartitionRoute route;
    final BrokerLedger broker;
    final BrokerLedger holder;
    /** The broker that is fetched from, else the one that has the answer; -1 if none is known. */
    final int askedId;

    final boolean standing;
    final long nowNanos;
    final TrackedPartition tracked;
    final TopicPartition name;
    private @Nullable Marks marks;

    /**
     * @param reading how far the application has read, or null if that is not known
     * @param standing whether what the broker told that has named the partition last still holds
     */
    Look(
            GuardSettings settings,
            PartitionLedger ledger,
            @Nullable Reading reading,
            FetchSource source,
            boolean standing,
            long nowNanos) {
        this.settings = settings;
        this.ledger = ledger;
        this.reading = reading;
        this.route = source.route();
        this.broker = source.broker();
        this.holder = source.holder();
        this.askedId = source.askedId();
        this.standing = standing;
        this.nowNanos = nowNanos;
        this.tracked = ledger.tracked();
        this.name = tracked.partition();
    }

    /** Whether the partition has moved a short time ago. */
    final boolean isMoving() {
        return recently(
                ledger.movedNanos(), Math.min(SHORT_NANOS, settings.timing().patienceNanos()));
    }

    /** Whether the partition has not moved for so long that what there is would have come. */
    final boolean isSettled() {
        return !recently(ledger.movedNanos(), SETTLED_NANOS);
    }

    /** Whether patience with a lack of progress has begun anew a short time ago. */
    final boolean isNew() {
        return recently(ledger.patienceNanos(), settings.timing().patienceNanos());
    }

    final boolean recently(long thenNanos, long withinNanos) {
        return thenNanos != PartitionLedger.NEVER && nowNanos - thenNanos < withinNanos;
    }

    final Conclusion here(StallCause cause, Evidence evidence) {
        return new Conclusion(cause, new Scope.Partition(name), evidence);
    }

    final Marks marks() {
        if (marks == null) {
            marks = marks(ledger, nowNanos);
        }
        return marks;
    }

    /** The offsets by which a cause is named. */
    static Marks marks(PartitionLedger ledger, long nowNanos) {
        return new Marks(
                ledger.consumed(),
                ledger.fetchOffset(),
                ledger.highWatermark(),
                ledger.lastStableOffset(),
                ledger.logStartOffset(),
                ledger.nodeId(),
                ageMs(ledger.toldNanos(), nowNanos));
    }

    final long ageMs(long thenNanos) {
        return ageMs(thenNanos, nowNanos);
    }

    /** Milliseconds since then, or -1 for a time that has not come. */
    static long ageMs(long thenNanos, long nowNanos) {
        return thenNanos == PartitionLedger.NEVER ? -1 : (nowNanos - thenNanos) / 1_000_000;
    }
}

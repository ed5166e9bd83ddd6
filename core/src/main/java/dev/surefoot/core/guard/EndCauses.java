package dev.surefoot.core.guard;

import dev.surefoot.progress.Evidence;
import dev.surefoot.progress.Marks;
import dev.surefoot.progress.Scope;
import dev.surefoot.progress.StallCause;

/**
 * The causes of a partition that is read to the end of what its broker gives, or lets be read. Queries only. Owned by
 * the loop's thread.
 */
final class EndCauses {
    private final GuardSettings settings;
    private final LeaderQuestions questions;
    private final OpenTransactions transactions;

    EndCauses(GuardSettings settings, LeaderQuestions questions, OpenTransactions transactions) {
        this.settings = settings;
        this.questions = questions;
        this.transactions = transactions;
    }

    /** Why there is no more to read, of a partition that has read all that its broker lets it read. */
    Conclusion conclude(PartitionLedger ledger, Marks marks, long nowNanos) {
        LeaderEnd end = questions.endOf(ledger);
        if (end != null && ledger.follower() && end.isAheadOf(questions.reached(ledger, ledger.consumed()))) {
            return of(
                    StallCause.FOLLOWER_BEHIND,
                    ledger,
                    new Evidence.Follower(marks, ledger.nodeId(), end.end(), Look.ageMs(end.aheadNanos(), nowNanos)));
        }
        if (isPinned(ledger)) {
            return ofTransaction(ledger, marks, nowNanos);
        }
        StallCause cause = isNothingLeft(ledger) ? StallCause.NOTHING_DELIVERABLE : StallCause.CAUGHT_UP;
        return of(cause, ledger, new Evidence.Offsets(marks));
    }

    /** Whether an open transaction keeps records from being read. */
    boolean isPinned(PartitionLedger ledger) {
        return settings.readCommitted()
                && ledger.lastStableOffset() >= 0
                && ledger.highWatermark() > ledger.lastStableOffset();
    }

    /** The conclusion that an open transaction holds the partition. */
    Conclusion ofTransaction(PartitionLedger ledger, Marks marks, long nowNanos) {
        long pinned = marks.highWatermark() - marks.lastStableOffset();
        long sinceMs = Look.ageMs(ledger.pinnedNanos(), nowNanos);
        OpenTransactions.Known known = transactions.of(ledger);
        if (known == null) {
            return of(StallCause.TRANSACTION_OPEN, ledger, new Evidence.Transaction(marks, pinned, sinceMs));
        }
        OpenTransactions.Holder holder = known.holder();
        return of(
                known.hangs() ? StallCause.TRANSACTION_HANGING : StallCause.TRANSACTION_OPEN,
                ledger,
                new Evidence.Holder(
                        marks,
                        pinned,
                        sinceMs,
                        holder.producerId(),
                        holder.epoch(),
                        holder.startOffset(),
                        holder.lastTimestampMs(),
                        known.listing().name(),
                        known.transactionalId()));
    }

    /** Whether the application has read all but what the log does not have any more, below the end that is told. */
    boolean isNothingLeft(PartitionLedger ledger) {
        long end = ledger.readableEnd(settings.readCommitted());
        return ledger.consumed() < end && questions.reached(ledger, ledger.consumed()) >= end;
    }

    /** Whether there is more to read than was fetched, as far as brokers have told. */
    boolean isBehind(PartitionLedger ledger) {
        return questions.reached(ledger, ledger.fetchOffset()) < ledger.readableEnd(settings.readCommitted());
    }

    /** Whether the next record is in remote storage, as far as that is known. */
    boolean isRemote(PartitionLedger ledger, BrokerLedger broker) {
        LogRemainder remainder = questions.remainderOf(ledger);
        // Without an answer since then, the log itself may have begun later: that is an error in the next answer.
        return remainder != null
                && remainder.localStart() > ledger.fetchOffset()
                && broker.lastOrderlyNanos() > remainder.localStartAskedNanos();
    }

    /** The conclusion that the broker does not get the next record from remote storage. */
    Conclusion remote(PartitionLedger ledger, Marks marks, long nowNanos) {
        LogRemainder remainder = questions.remainderOf(ledger);
        long localStart = remainder == null ? -1 : remainder.localStart();
        long sinceMs = Look.ageMs(ledger.patienceNanos(), nowNanos);
        return of(
                StallCause.REMOTE_TIER_SLOW,
                ledger,
                new Evidence.RemoteTier(marks, ledger.nodeId(), localStart, sinceMs));
    }

    private static Conclusion of(StallCause cause, PartitionLedger ledger, Evidence evidence) {
        return new Conclusion(cause, new Scope.Partition(ledger.tracked().partition()), evidence);
    }
}

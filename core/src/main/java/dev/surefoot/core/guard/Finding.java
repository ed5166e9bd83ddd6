package dev.surefoot.core.guard;

import dev.surefoot.core.handover.Watermarks;
import dev.surefoot.progress.Evidence;
import dev.surefoot.progress.Marks;
import dev.surefoot.progress.Scope;
import dev.surefoot.progress.Severity;
import dev.surefoot.progress.StallCause;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The loop's half of what readers see of a partition. Times are nanoseconds of the loop's clock, {@link Long#MIN_VALUE}
 * for one that has not come. Immutable. There is one for each assigned partition, so it is kept small: it is one
 * object, and a partition that does well has none for its scope and evidence.
 *
 * @param generation the application's generation of the partition
 * @param position the consumed position that the look has seen, or -1
 * @param fetchOffset the fetch position, or -1
 * @param watermarks where the log ends, as told last
 * @param toldBy the broker that told it, or -1
 * @param follower whether that is a follower (KIP-392)
 * @param toldNanos when it was told
 * @param standsUntilNanos until when it holds if nothing more is heard; {@link Long#MIN_VALUE} if it does not
 * @param mentionedNanos when a broker has named the partition last
 * @param movedNanos when the partition's patience began anew: by progress, a seek, a new leader and the like
 * @param caughtUpNanos when a look last saw that all was read
 * @param fetchedFrom the broker that it is fetched from, or -1
 * @param in10 offsets per second by which the readable end moves, over about 10 seconds
 * @param out10 offsets per second that the application reads, over about 10 seconds
 * @param in300 as {@code in10}, over about 300 seconds
 * @param out300 as {@code out10}, over about 300 seconds
 * @param causeNanos since when the cause holds
 * @param otherScope what the cause is about, or null if that is this partition
 * @param otherEvidence what the cause was concluded from, or null if that is offsets alone
 * @param hidden a further cause that this one masks, or null
 */
public record Finding(
        TopicPartition partition,
        long generation,
        long position,
        long fetchOffset,
        Watermarks watermarks,
        int toldBy,
        boolean follower,
        long toldNanos,
        long standsUntilNanos,
        long mentionedNanos,
        long movedNanos,
        long caughtUpNanos,
        int fetchedFrom,
        float in10,
        float out10,
        float in300,
        float out300,
        StallCause cause,
        Severity severity,
        long causeNanos,
        @Nullable Scope otherScope,
        @Nullable Evidence otherEvidence,
        @Nullable StallCause hidden) {

    /** The finding of a look at a partition. */
    static Finding of(
            PartitionLedger ledger, Conclusion conclusion, Severity severity, long standsUntilNanos, int fetchedFrom) {
        Pace pace = ledger.pace();
        return new Finding(
                ledger.tracked().partition(),
                ledger.tracked().generation(),
                ledger.consumed(),
                ledger.fetchOffset(),
                ledger.watermarks(),
                ledger.nodeId(),
                ledger.follower(),
                ledger.toldNanos(),
                standsUntilNanos,
                ledger.mentionedNanos(),
                ledger.patienceNanos(),
                ledger.named().caughtUpNanos(),
                fetchedFrom,
                pace.in10(),
                pace.out10(),
                pace.in300(),
                pace.out300(),
                conclusion.cause(),
                severity,
                ledger.named().sinceNanos(),
                conclusion.scope() instanceof Scope.Partition ? null : conclusion.scope(),
                conclusion.isOffsetsAlone(severity) ? null : conclusion.evidence(),
                conclusion.hidden());
    }

    /** Whether what was told of the end holds at this time, if nothing more was heard. */
    public boolean stands(long nowNanos) {
        return nowNanos <= standsUntilNanos;
    }

    /** What the cause is about. */
    public Scope scope() {
        return otherScope == null ? new Scope.Partition(partition) : otherScope;
    }

    /** What the cause was concluded from. */
    public Evidence evidence(long nowNanos) {
        if (otherEvidence != null) {
            return otherEvidence;
        }
        long ageMs = toldNanos == PartitionLedger.NEVER ? -1 : Math.max(0, nowNanos - toldNanos) / 1_000_000;
        return new Evidence.Offsets(new Marks(
                position,
                fetchOffset,
                watermarks.highWatermark(),
                watermarks.lastStableOffset(),
                watermarks.logStartOffset(),
                toldBy,
                ageMs));
    }
}

package dev.surefoot.runtime;

import dev.surefoot.progress.PartitionProgress;
import dev.surefoot.progress.ProgressSnapshot;
import dev.surefoot.progress.Proof;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What metrics say of all partitions together. It is added up anew once a second at most, as a reporter reads many
 * metrics one after the other. Safe from any thread.
 */
final class ProgressTotals {
    private static final long SECOND_NANOS = 1_000_000_000L;

    /**
     * The sums and maxima of one moment.
     *
     * @param timeLagMaxMs NaN if no time lag is known
     * @param unproven partitions of which no broker has told what still holds
     * @param staleProofMaxMs the age of the oldest proof that does not hold any more, or 0
     */
    record Totals(
            long nanos,
            ProgressSnapshot.Summary summary,
            double timeLagMaxMs,
            int unproven,
            double staleProofMaxMs,
            long pinnedMax) {}

    private final Progress progress;
    private volatile @Nullable Totals last;

    ProgressTotals(Progress progress) {
        this.progress = progress;
    }

    Totals now() {
        long nanos = progress.nanos();
        Totals known = last;
        if (known != null && nanos - known.nanos() < SECOND_NANOS) {
            return known;
        }
        Totals fresh = add(progress.snapshot(), nanos);
        last = fresh;
        return fresh;
    }

    private static Totals add(ProgressSnapshot snapshot, long nanos) {
        double timeLagMax = Double.NaN;
        int unproven = 0;
        double staleMax = 0;
        long pinnedMax = 0;
        for (PartitionProgress each : snapshot.partitions().values()) {
            double timeLag = each.timeLag().value().map(ProgressTotals::millis).orElse(Double.NaN);
            timeLagMax = Double.isNaN(timeLagMax) || timeLag > timeLagMax ? timeLag : timeLagMax;
            Proof proof = each.proof();
            unproven += proof.standing() ? 0 : 1;
            boolean stale = !proof.standing() && proof.source() != Proof.Source.NONE;
            staleMax = stale ? Math.max(staleMax, millis(proof.age())) : staleMax;
            pinnedMax = Math.max(pinnedMax, each.pinnedOffsets());
        }
        return new Totals(nanos, snapshot.summary(), timeLagMax, unproven, staleMax, pinnedMax);
    }

    static double millis(Duration duration) {
        return (double) duration.toMillis();
    }
}

package dev.surefoot.cli.doctor;

import dev.surefoot.cli.doctor.OpenTransaction.Hanging;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An open transaction as it was seen last, and since when. It hangs only if no coordinator knows it in two answers, ten
 * seconds apart: the last markers of one that has just ended may still be on their way.
 *
 * @param transaction the transaction
 * @param firstMs when it was seen open first, by a clock that never goes back
 * @param unknownSinceMs since when each answer was that no coordinator knows it; empty if the last was not
 */
record Sighting(OpenTransaction transaction, long firstMs, OptionalLong unknownSinceMs) {

    private static final long APART_MS = 10_000;

    /** Returns what is known of a transaction after one more answer; {@code before} is what was seen last. */
    static Sighting of(OpenTransaction told, Optional<Sighting> before, long nowMs) {
        Optional<Sighting> same = before.filter(each -> each.transaction.isSameAs(told));
        long firstMs = same.map(Sighting::firstMs).orElse(nowMs);
        OptionalLong unknownSinceMs = told.hanging() == Hanging.YES
                ? OptionalLong.of(same.map(Sighting::unknownSinceMs)
                        .orElse(OptionalLong.empty())
                        .orElse(nowMs))
                : OptionalLong.empty();
        boolean toldOnce = unknownSinceMs.isPresent() && nowMs - unknownSinceMs.getAsLong() < APART_MS;
        return new Sighting(
                told.seenFor(nowMs - firstMs, toldOnce ? Hanging.UNKNOWN : told.hanging()), firstMs, unknownSinceMs);
    }
}

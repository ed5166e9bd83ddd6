package dev.surefoot.cli.simulate;

import dev.surefoot.testkit.museum.KnownBad;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The result of an exhibit in all rounds.
 *
 * @param trials one for each round, at least one
 */
record ExhibitResult(KnownBad exhibit, List<ExhibitTrial> trials) {

    /** Returns whether every round caught it. */
    boolean isCaught() {
        return trials.stream().allMatch(each -> each.named() != null);
    }

    /** Returns whether every round caught it for the right reason. */
    boolean isNamedRightly() {
        return trials.stream().allMatch(each -> exhibit.invariant().equals(each.named()));
    }

    /** Returns the property that was named, or a wrong one if a round named a wrong one; null if none was named. */
    @Nullable String named() {
        @Nullable String named = null;
        for (ExhibitTrial trial : trials) {
            String name = trial.named();
            if (name != null && (named == null || !name.equals(exhibit.invariant()))) {
                named = name;
            }
        }
        return named;
    }

    /** Returns the mean number of schedules until it was caught, or until the round ended without. */
    double meanSchedules() {
        return trials.stream().mapToInt(ExhibitTrial::schedules).average().orElse(0);
    }
}

package dev.surefoot.cli.simulate;

import dev.surefoot.testkit.museum.Exhibit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How an exhibit fared in all rounds.
 *
 * @param trials one for each round, at least one
 */
record ExhibitResult(Exhibit exhibit, List<ExhibitTrial> trials) {

    /** Tells whether every round caught it. */
    boolean isCaught() {
        return trials.stream().allMatch(each -> each.caught() != null);
    }

    /** Tells whether every round caught it for the right reason. */
    boolean isNamedRightly() {
        return trials.stream().allMatch(each -> exhibit.invariant().equals(each.named()));
    }

    /** The property that was named, or one of the wrong ones if a round named a wrong one; null if there is none. */
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

    /** After how many schedules it was caught, or given up, on average. */
    double meanSchedules() {
        return trials.stream().mapToInt(ExhibitTrial::schedules).average().orElse(0);
    }
}

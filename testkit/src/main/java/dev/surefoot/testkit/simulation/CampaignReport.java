package dev.surefoot.testkit.simulation;

import dev.surefoot.testkit.simulation.check.GroupStates;
import dev.surefoot.testkit.simulation.guard.CauseCounts;
import dev.surefoot.testkit.simulation.schedule.ActCounts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The result of a campaign.
 *
 * @param schedules how many runs there were
 * @param violations how many of them broke a property
 * @param failures the runs that broke one, by their seeds, the lowest first; not all if there were very many
 * @param seconds how many seconds it took
 * @param happened how often each act happened, over all runs
 * @param verdicts how often sessions came to each verdict, over all runs
 * @param causes how often the guard named each cause, over all looks of all runs
 * @param states how often members of groups were in each state when each answer came, over all runs
 */
public record CampaignReport(
        long schedules,
        long violations,
        List<Outcome> failures,
        double seconds,
        ActCounts happened,
        Verdicts verdicts,
        CauseCounts causes,
        GroupStates states) {

    /** The counts of one thread. */
    static final class Part {
        private static final int FAILURES_KEPT = 100;

        private long schedules;
        private long violations;
        private final List<Outcome> failures = new ArrayList<>();
        private final ActCounts happened = new ActCounts();
        private final Verdicts verdicts = new Verdicts();
        private final CauseCounts causes = new CauseCounts();
        private final GroupStates states = new GroupStates();

        void add(Outcome outcome) {
            schedules++;
            happened.add(outcome.happened());
            verdicts.add(outcome.verdicts());
            causes.add(outcome.causes());
            states.add(outcome.states());
            if (outcome.violation() != null) {
                violations++;
                if (failures.size() < FAILURES_KEPT) {
                    failures.add(outcome);
                }
            }
        }
    }

    static CampaignReport of(List<Part> parts, long nanos) {
        Part whole = new Part();
        for (Part part : parts) {
            whole.schedules += part.schedules;
            whole.violations += part.violations;
            whole.failures.addAll(part.failures);
            whole.happened.add(part.happened);
            whole.verdicts.add(part.verdicts);
            whole.causes.add(part.causes);
            whole.states.add(part.states);
        }
        whole.failures.sort(
                Comparator.comparingLong(outcome -> outcome.schedule().seed()));
        return new CampaignReport(
                whole.schedules,
                whole.violations,
                List.copyOf(whole.failures),
                nanos / 1e9,
                whole.happened,
                whole.verdicts,
                whole.causes,
                whole.states);
    }
}

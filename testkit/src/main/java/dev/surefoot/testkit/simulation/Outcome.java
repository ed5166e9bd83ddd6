package dev.surefoot.testkit.simulation;

import dev.surefoot.testkit.simulation.check.GroupStates;
import dev.surefoot.testkit.simulation.check.Violation;
import dev.surefoot.testkit.simulation.guard.CauseCounts;
import dev.surefoot.testkit.simulation.schedule.ActCounts;
import dev.surefoot.testkit.simulation.schedule.Schedule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The result of one run.
 *
 * @param violation the property that was broken, or null if all held
 * @param happened how often each act happened
 * @param causes how often the guard named each cause
 * @param states how often members of a group were in each state when each answer came
 * @param story the run line by line, empty unless it was asked for
 */
public record Outcome(
        Schedule schedule,
        @Nullable Violation violation,
        ActCounts happened,
        Verdicts verdicts,
        CauseCounts causes,
        GroupStates states,
        List<String> story) {}

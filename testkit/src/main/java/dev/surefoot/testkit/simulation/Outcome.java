package dev.surefoot.testkit.simulation;

import dev.surefoot.testkit.simulation.check.Violation;
import dev.surefoot.testkit.simulation.schedule.ActCounts;
import dev.surefoot.testkit.simulation.schedule.Schedule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The result of one run.
 *
 * @param violation the property that was broken, or null if all held
 * @param happened how often each act happened
 * @param story the run line by line, empty unless it was asked for
 */
public record Outcome(
        Schedule schedule, @Nullable Violation violation, ActCounts happened, Verdicts verdicts, List<String> story) {}

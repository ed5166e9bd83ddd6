package dev.surefoot.testkit.simulation;

import dev.surefoot.testkit.simulation.check.Violation;
import dev.surefoot.testkit.simulation.schedule.ActCounts;
import dev.surefoot.testkit.simulation.schedule.Schedule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of one run.
 *
 * @param violation what did not hold, or null if everything did
 * @param happened what has happened, how often
 * @param story the run line by line, empty unless it was asked for
 */
public record Outcome(
        Schedule schedule, @Nullable Violation violation, ActCounts happened, Verdicts verdicts, List<String> story) {}

package dev.surefoot.testkit.simulation.search;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The result of a search.
 *
 * @param states how many different states were reached
 * @param transitions how many steps were taken, those to known states included
 * @param depth the most steps that a state is away from the start
 * @param exhausted whether every state was tried
 * @param longestRecovery the most that any state needs until all is well once faults have stopped, as {@link
 *     SearchWorld#recover} counts it
 * @param seconds how many seconds it took
 * @param violation the first one found, to which no shorter path leads, or null
 */
public record SearchReport(
        long states,
        long transitions,
        int depth,
        boolean exhausted,
        int longestRecovery,
        double seconds,
        @Nullable Violation violation) {

    /**
     * A path to a state that breaks an invariant.
     *
     * @param invariant the short name of the invariant
     * @param detail what was observed
     * @param path the steps from the start
     * @param story each step with the state that it led to
     */
    public record Violation(String invariant, String detail, List<SearchStep> path, List<String> story) {
        @Override
        public String toString() {
            return detail + "\n" + String.join("\n", story);
        }
    }

    @Override
    public String toString() {
        return String.format(
                "%,d states, %,d transitions, depth %d, %s, longest recovery %d, %.1f s%s",
                states,
                transitions,
                depth,
                exhausted ? "exhausted" : "not exhausted",
                longestRecovery,
                seconds,
                violation == null ? "" : "\n" + violation);
    }
}

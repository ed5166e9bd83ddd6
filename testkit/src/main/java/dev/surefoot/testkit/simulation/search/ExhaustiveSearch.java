package dev.surefoot.testkit.simulation.search;

import dev.surefoot.testkit.simulation.search.SearchReport.Violation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tries every order of events in a small world, breadth first, so that the first violation is one of the shortest. A
 * session cannot be copied, so each state is reached by repeating its steps in a new world. States are compared by
 * their hash. A state that was reached before with at least as many faults left is not searched again: every
 * continuation of this path was possible there. Used by one thread.
 */
public final class ExhaustiveSearch {
    /** The most exchanges that a state may need to read everything once faults have stopped. */
    public static final int RECOVERY_MAX = 24;

    private static final Step[] STEPS = Step.values();
    private static final String BREAKS = "here it breaks";

    /** One state, by the step that led to it. */
    private record Node(@Nullable Node before, @Nullable Step step, FaultBudget left, int depth) {
        List<Step> path() {
            Step[] path = new Step[depth];
            Node node = this;
            for (int i = depth - 1; i >= 0 && node != null; i--) {
                path[i] = Objects.requireNonNull(node.step);
                node = node.before;
            }
            return Arrays.asList(path);
        }
    }

    private final WorldSettings settings;
    private final BooleanSupplier stop;
    private final Map<Fingerprint.Key, FaultBudget[]> known = new HashMap<>();
    private List<Node> front = new ArrayList<>();
    private List<Node> next = new ArrayList<>();
    private long transitions;
    private int longestRecovery;
    private @Nullable Violation violation;

    private ExhaustiveSearch(WorldSettings settings, BooleanSupplier stop) {
        this.settings = settings;
        this.stop = stop;
    }

    /**
     * Searches until every state was tried, a violation is found, or {@code stop} is true.
     *
     * @param budget the faults that may happen
     * @param maxDepth the most steps from the start
     * @param stop called before each state
     */
    public static SearchReport run(WorldSettings settings, FaultBudget budget, int maxDepth, BooleanSupplier stop) {
        long started = System.nanoTime();
        ExhaustiveSearch search = new ExhaustiveSearch(settings, stop);
        int depth = search.search(budget, maxDepth);
        boolean exhausted = search.violation == null && search.front.isEmpty();
        return new SearchReport(
                search.known.size(),
                search.transitions,
                depth,
                exhausted,
                search.longestRecovery,
                (System.nanoTime() - started) / 1e9,
                search.violation);
    }

    private int search(FaultBudget budget, int maxDepth) {
        SmallWorld start = new SmallWorld(settings);
        front.add(new Node(null, null, budget, 0));
        known.put(start.fingerprint(), new FaultBudget[] {budget});
        int depth = 0;
        while (!front.isEmpty() && depth < maxDepth) {
            for (Node node : front) {
                if (stop.getAsBoolean() || violation != null) {
                    return depth;
                }
                goInto(node);
            }
            front = next;
            next = new ArrayList<>();
            depth += front.isEmpty() ? 0 : 1;
        }
        return depth;
    }

    private void goInto(Node node) {
        List<Step> path = node.path();
        SmallWorld world = replay(path);
        List<Step> possible = new ArrayList<>();
        for (Step step : STEPS) {
            Fault fault = step.fault();
            if ((fault == null || node.left.left(fault) > 0) && world.allows(step)) {
                possible.add(step);
            }
        }
        boolean fresh = true;
        for (Step step : possible) {
            SmallWorld here = fresh ? world : replay(path);
            fresh = false;
            if (!tryStep(node, step, here)) {
                return;
            }
        }
    }

    private SmallWorld replay(List<Step> path) {
        SmallWorld world = new SmallWorld(settings);
        path.forEach(world::takeAgain);
        return world;
    }

    /** Takes the step; returns false if it leads to a violation. */
    private boolean tryStep(Node node, Step step, SmallWorld world) {
        transitions++;
        Fault fault = step.fault();
        FaultBudget left = fault == null ? node.left : node.left.without(fault);
        Node reached = new Node(node, step, left, node.depth + 1);
        try {
            world.take(step);
            Fingerprint.Key key = world.fingerprint();
            FaultBudget[] before = known.get(key);
            if (before == null || !isCovered(before, left)) {
                known.put(key, before == null ? new FaultBudget[] {left} : including(before, left));
                next.add(reached);
            }
            if (before == null) {
                longestRecovery = Math.max(longestRecovery, world.recover(RECOVERY_MAX));
            }
            return true;
        } catch (InvariantBroken e) {
            violation =
                    new Violation(e.invariant(), String.valueOf(e.getMessage()), reached.path(), story(reached.path()));
            return false;
        }
    }

    private static boolean isCovered(FaultBudget[] budgets, FaultBudget left) {
        for (FaultBudget budget : budgets) {
            if (budget.covers(left)) {
                return true;
            }
        }
        return false;
    }

    private static FaultBudget[] including(FaultBudget[] budgets, FaultBudget added) {
        List<FaultBudget> kept = new ArrayList<>();
        for (FaultBudget budget : budgets) {
            if (!added.covers(budget)) {
                kept.add(budget);
            }
        }
        kept.add(added);
        return kept.toArray(FaultBudget[]::new);
    }

    private List<String> story(List<Step> path) {
        List<String> story = new ArrayList<>();
        SmallWorld world = new SmallWorld(settings);
        String after = "";
        for (Step step : path) {
            try {
                world.take(step);
                after = world.toString();
            } catch (InvariantBroken e) {
                after = BREAKS;
            }
            story.add(String.format("%3d. %s (%s)", story.size() + 1, step.told(), after));
        }
        if (!after.equals(BREAKS)) {
            story.add("     then nothing goes wrong any more, and still it breaks");
        }
        return story;
    }
}

package dev.surefoot.testkit.simulation.search;

import dev.surefoot.testkit.simulation.search.SearchReport.Violation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tries every order of events in a small world, breadth first, so that the first violation is one of the shortest. The
 * code under test cannot be copied, so each state is reached by repeating its steps in a new world. States are compared
 * by their hash. A state that was reached before with at least as many faults left is not searched again: every
 * continuation of this path was possible there. Used by one thread.
 *
 * @param <S> the steps of the world
 */
public final class ExhaustiveSearch<S extends SearchStep> {
    /** The most exchanges that a state of a session may need to read everything once faults have stopped. */
    public static final int RECOVERY_MAX = 24;

    private static final String BREAKS = "here it breaks";

    /** One state, by the step that led to it. */
    private record Node<S>(
            @Nullable Node<S> before, @Nullable S step, FaultBudget left, int depth) {
        List<S> path() {
            List<S> path = new ArrayList<>(depth);
            for (Node<S> node = this; node != null && node.step != null; node = node.before) {
                path.add(node.step);
            }
            Collections.reverse(path);
            return path;
        }
    }

    private final List<S> steps;
    private final Supplier<? extends SearchWorld<S>> worlds;
    private final int recoveryMax;
    private final BooleanSupplier stop;
    private final Map<Fingerprint.Key, FaultBudget[]> known = new HashMap<>();
    private List<Node<S>> front = new ArrayList<>();
    private List<Node<S>> next = new ArrayList<>();
    private long transitions;
    private int longestRecovery;
    private @Nullable Violation violation;

    private ExhaustiveSearch(
            List<S> steps, Supplier<? extends SearchWorld<S>> worlds, int recoveryMax, BooleanSupplier stop) {
        this.steps = steps;
        this.worlds = worlds;
        this.recoveryMax = recoveryMax;
        this.stop = stop;
    }

    /**
     * Searches the worlds of a session until every state was tried, a violation is found, or {@code stop} is true.
     *
     * @param budget the faults that may happen
     * @param maxDepth the most steps from the start
     * @param stop called before each state
     */
    public static SearchReport run(WorldSettings settings, FaultBudget budget, int maxDepth, BooleanSupplier stop) {
        return run(List.of(Step.values()), () -> new SmallWorld(settings), RECOVERY_MAX, budget, maxDepth, stop);
    }

    /**
     * Searches until every state was tried, a violation is found, or {@code stop} is true.
     *
     * @param steps all that can happen
     * @param worlds makes equal worlds, as they are at the start
     * @param recoveryMax how much a state may need until all is well once faults have stopped
     * @param budget the faults that may happen
     * @param maxDepth the most steps from the start
     * @param stop called before each state
     */
    public static <S extends SearchStep> SearchReport run(
            List<S> steps,
            Supplier<? extends SearchWorld<S>> worlds,
            int recoveryMax,
            FaultBudget budget,
            int maxDepth,
            BooleanSupplier stop) {
        long started = System.nanoTime();
        ExhaustiveSearch<S> search = new ExhaustiveSearch<>(steps, worlds, recoveryMax, stop);
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
        SearchWorld<S> start = worlds.get();
        front.add(new Node<>(null, null, budget, 0));
        known.put(start.fingerprint(), new FaultBudget[] {budget});
        int depth = 0;
        while (!front.isEmpty() && depth < maxDepth) {
            for (Node<S> node : front) {
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

    private void goInto(Node<S> node) {
        List<S> path = node.path();
        SearchWorld<S> world = replay(path);
        List<S> possible = new ArrayList<>();
        for (S step : steps) {
            Enum<?> fault = step.fault();
            if ((fault == null || node.left.left(fault) > 0) && world.allows(step)) {
                possible.add(step);
            }
        }
        boolean fresh = true;
        for (S step : possible) {
            SearchWorld<S> here = fresh ? world : replay(path);
            fresh = false;
            if (!tryStep(node, step, here)) {
                return;
            }
        }
    }

    private SearchWorld<S> replay(List<S> path) {
        SearchWorld<S> world = worlds.get();
        path.forEach(world::takeAgain);
        return world;
    }

    /** Takes the step; returns false if it leads to a violation. */
    private boolean tryStep(Node<S> node, S step, SearchWorld<S> world) {
        transitions++;
        Enum<?> fault = step.fault();
        FaultBudget left = fault == null ? node.left : node.left.without(fault);
        Node<S> reached = new Node<>(node, step, left, node.depth + 1);
        try {
            world.take(step);
            Fingerprint.Key key = world.fingerprint();
            FaultBudget[] before = known.get(key);
            if (before == null || !isCovered(before, left)) {
                known.put(key, before == null ? new FaultBudget[] {left} : including(before, left));
                next.add(reached);
            }
            if (before == null) {
                longestRecovery = Math.max(longestRecovery, world.recover(recoveryMax));
            }
            return true;
        } catch (InvariantBroken e) {
            violation = new Violation(
                    e.invariant(), String.valueOf(e.getMessage()), List.copyOf(reached.path()), story(reached.path()));
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

    private List<String> story(List<S> path) {
        List<String> story = new ArrayList<>();
        SearchWorld<S> world = worlds.get();
        String after = "";
        for (S step : path) {
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

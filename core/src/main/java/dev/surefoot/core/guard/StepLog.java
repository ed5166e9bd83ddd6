package dev.surefoot.core.guard;

import dev.surefoot.progress.RecoveryStep;
import dev.surefoot.progress.RecoveryStep.Action;
import dev.surefoot.progress.RecoveryStep.Outcome;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The steps that were taken, and what came of them. Owned by the loop's thread. */
final class StepLog {
    /** How many steps are remembered. */
    static final int REMEMBERED = 256;

    private final ArrayDeque<RecoveryStep> recent = new ArrayDeque<>();
    private final ArrayDeque<RecoveryStep> news = new ArrayDeque<>();
    private final Map<Action, Map<Outcome, Long>> counts = new EnumMap<>(Action.class);

    void add(RecoveryStep step) {
        addTo(recent, step);
        addTo(news, step);
        counts.computeIfAbsent(step.action(), action -> new EnumMap<>(Outcome.class))
                .merge(step.outcome(), 1L, Long::sum);
    }

    private static void addTo(ArrayDeque<RecoveryStep> steps, RecoveryStep step) {
        if (steps.size() == REMEMBERED) {
            steps.remove();
        }
        steps.add(step);
    }

    /** The last steps, the earliest first. */
    List<RecoveryStep> recent() {
        return List.copyOf(recent);
    }

    /** How many steps of this action had this outcome. */
    long count(Action action, Outcome outcome) {
        return counts.getOrDefault(action, Map.of()).getOrDefault(outcome, 0L);
    }

    /** Returns and clears the steps that have ended since the last call. */
    List<RecoveryStep> take() {
        if (news.isEmpty()) {
            return List.of();
        }
        List<RecoveryStep> taken = List.copyOf(news);
        news.clear();
        return taken;
    }
}

package dev.surefoot.core.guard;

import dev.surefoot.progress.RecoveryStep.Action;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Watches whether a step makes things worse: the broker sent records shortly before it, and none for a minute after it.
 * What does so twice is not done any more by this consumer. Owned by the loop's thread.
 */
final class StepTrials {
    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final long BEFORE_NANOS = 10 * SECOND_NANOS;
    private static final long AFTER_NANOS = 60 * SECOND_NANOS;
    private static final int STRUCK_AT = 2;

    private record Trial(Action action, int nodeId, long begunNanos) {}

    private final Set<Action> struck;
    private final Map<Integer, Long> servedNanos = new HashMap<>();
    private final ArrayDeque<Trial> trials = new ArrayDeque<>();
    private final Map<Action, Integer> worse = new EnumMap<>(Action.class);

    /** @param struck where actions are added that are not to be taken any more */
    StepTrials(Set<Action> struck) {
        this.struck = struck;
    }

    /** Takes note that a broker has sent records. */
    void served(int nodeId, long nowNanos) {
        servedNanos.put(nodeId, nowNanos);
    }

    /** Takes note of a step that begins. */
    void begun(Wish wish, long nowNanos) {
        Action action =
                switch (wish.kind()) {
                    case REANNOUNCE -> Action.REANNOUNCE;
                    case REOPEN -> Action.REOPEN;
                    case REPLACE -> Action.REPLACE;
                    case LEAVE_SESSIONS -> Action.LEAVE_SESSIONS;
                    case REFRESH -> Action.REFRESH;
                    case RECONNECT -> Action.RECONNECT;
                    case RESET -> Action.RESET;
                    case VERIFY, USE_SESSIONS -> null;
                };
        Long served = servedNanos.get(wish.nodeId());
        if (action != null && served != null && nowNanos - served <= BEFORE_NANOS) {
            trials.add(new Trial(action, wish.nodeId(), nowNanos));
        }
    }

    /** Judges the steps that are a minute old. */
    void judge(long nowNanos) {
        while (!trials.isEmpty() && nowNanos - trials.element().begunNanos() >= AFTER_NANOS) {
            Trial trial = trials.remove();
            long served = Objects.requireNonNull(servedNanos.get(trial.nodeId()));
            if (served <= trial.begunNanos() && worse.merge(trial.action(), 1, Integer::sum) >= STRUCK_AT) {
                struck.add(trial.action());
            }
        }
    }
}

package dev.surefoot.core.guard;

import dev.surefoot.progress.RecoveryStep.Action;
import dev.surefoot.progress.RecoveryStep.Outcome;
import dev.surefoot.progress.Scope;
import dev.surefoot.progress.Severity;
import dev.surefoot.progress.StallCause;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What is tried, one step after the other, for the partitions of one broker that do not advance. At most one step is
 * under way. Each is given time to help before the next one; the first progress ends the row. Partitions that become
 * suspects meanwhile wait for the next row, which begins when this one has ended. Owned by the loop's thread.
 */
final class Ladder {
    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final long MINUTE_NANOS = 60 * SECOND_NANOS;

    /** For so long a suspect may have another trouble, against which nothing helps, before it leaves. */
    static final long HELPLESS_NANOS = MINUTE_NANOS;

    /** The least time between two questions to a broker for the ends of logs. */
    static final long VERIFY_PACE_NANOS = 5 * SECOND_NANOS;

    /**
     * What a leader answers comes to all clients at once; their first steps are spread over so many nanoseconds, so
     * that a broker is not sent them together.
     */
    private static final long ANSWER_SPREAD_NANOS = 5 * SECOND_NANOS;

    private static final long RECONNECT_PACE_NANOS = 10 * MINUTE_NANOS;
    private static final long RESET_PACE_NANOS = 30 * MINUTE_NANOS;
    private static final long QUARANTINE_NANOS = MINUTE_NANOS;
    private static final long QUARANTINE_MAX_NANOS = 15 * MINUTE_NANOS;

    /** What the session is spared when it is known that only leaving it helps. */
    private static final Set<Action> TRIED_BEFORE = EnumSet.of(Action.REANNOUNCE, Action.REOPEN, Action.REPLACE);

    private static final Set<Action> IN_A_SESSION =
            EnumSet.of(Action.REANNOUNCE, Action.REOPEN, Action.REPLACE, Action.LEAVE_SESSIONS);
    /** What a session that sends nothing any more cannot do. */
    private static final Set<Action> BY_SENDING = EnumSet.of(Action.REANNOUNCE, Action.REOPEN);

    /**
     * A step.
     *
     * @param answeredNanos when another may follow although this one was answered, if it is a question
     * @param judgedNanos when it has had its time to help
     */
    private record Step(
            Action action,
            int attempt,
            StallCause cause,
            Scope scope,
            long startedNanos,
            long answeredNanos,
            long judgedNanos) {}

    /** What a turn of the ladder is told. */
    record Now(long nanos, boolean sessionIsStuck) {}

    /** Where outcomes go. */
    interface Journal {
        /** @param startedNanos when the step began, in nanoseconds of the loop's clock */
        void ended(
                Scope scope,
                StallCause cause,
                Action action,
                int attempt,
                long startedNanos,
                Outcome outcome,
                String detail);
    }

    private final int nodeId;
    private final RecoveryLevel level;
    private final SplittableRandom random;
    private final Journal journal;
    private final Set<Action> struck;
    private final StepBudget budget = new StepBudget();
    private final Map<TopicPartition, Suspect> suspects = new LinkedHashMap<>();
    private final Map<TopicPartition, Suspect> waiting = new LinkedHashMap<>();
    private final Map<Action, Long> lastNanos = new EnumMap<>(Action.class);

    private @Nullable Step underWay;
    private @Nullable Action last;
    private int attempts;
    private @Nullable Action refused;
    private int healed;
    private int proved;
    private long rowNanos;

    private long quarantineNanos;
    private long quarantinedUntil = Long.MIN_VALUE;
    private boolean quarantined;

    /**
     * @param nodeId the broker, or -1 for partitions of which none is known
     * @param struck actions that are not taken any more
     */
    Ladder(int nodeId, RecoveryLevel level, Set<Action> struck, SplittableRandom random, Journal journal) {
        this.nodeId = nodeId;
        this.level = level;
        this.struck = struck;
        this.random = random;
        this.journal = journal;
    }

    // Suspects.

    /** Takes note of a partition that may be made to advance. */
    void suspect(PartitionLedger ledger, StallCause cause, Severity severity, long nowNanos) {
        Suspect suspect = new Suspect(ledger, cause, severity, nowNanos);
        if (isIdle()) {
            rowNanos = nowNanos;
        }
        (last == null && underWay == null ? suspects : waiting).put(suspect.partition(), suspect);
    }

    @Nullable Suspect find(TopicPartition partition) {
        Suspect suspect = suspects.get(partition);
        return suspect != null ? suspect : waiting.get(partition);
    }

    /** Takes note that a partition is not suspected any more. */
    void leave(TopicPartition partition, Suspect.End end) {
        waiting.remove(partition);
        if (suspects.remove(partition) != null) {
            healed += end == Suspect.End.PROGRESS ? 1 : 0;
            proved += end == Suspect.End.NOTHING_TO_READ ? 1 : 0;
        }
    }

    /** Takes note that the leader has answered, or could not be asked, where the log of the partition ends. */
    void verified(TopicPartition partition) {
        Suspect suspect = suspects.get(partition);
        if (suspect != null) {
            suspect.verify();
        }
    }

    /** Whether a step is under way that may bring partitions to another broker: to the leader from a follower. */
    boolean mayMovePartitions() {
        return underWay != null && underWay.action() == Action.REFRESH;
    }

    /** Whether nothing is suspected and nothing under way. */
    boolean isIdle() {
        return suspects.isEmpty() && waiting.isEmpty() && underWay == null;
    }

    /** Whether a suspicion has arisen since this time that is not of the session alone, and no step was taken yet. */
    boolean isNewlySuspected(long sinceNanos) {
        return !suspects.isEmpty()
                && last == null
                && rowNanos >= sinceNanos
                && suspects.values().stream().noneMatch(suspect -> Remedies.isOfSession(suspect.cause()));
    }

    // Steps.

    /** Goes on by at most one step; returns the wish for it, or null. */
    @Nullable Wish turn(Now now) {
        long nowNanos = now.nanos();
        Step step = underWay;
        if (step != null) {
            boolean answered = step.action() == Action.VERIFY
                    && (nowNanos >= step.answeredNanos() || now.sessionIsStuck())
                    && suspects.values().stream().allMatch(Suspect::isVerified);
            if (!suspects.isEmpty() && !answered && nowNanos < step.judgedNanos()) {
                return null;
            }
            end(step);
        }
        if (suspects.isEmpty()) {
            beginRow(nowNanos);
        }
        if (quarantined && suspects.isEmpty() && nowNanos >= quarantinedUntil) {
            quarantined = false;
            return new Wish(Wish.Kind.USE_SESSIONS, nodeId, List.of());
        }
        Action next = suspects.isEmpty() ? null : next(now);
        return next == null || !isAffordable(next, nowNanos) ? null : begin(next, nowNanos);
    }

    private void beginRow(long nowNanos) {
        suspects.putAll(waiting);
        waiting.clear();
        last = null;
        attempts = 0;
        refused = null;
        rowNanos = nowNanos;
    }

    private void end(Step step) {
        underWay = null;
        String detail = healed + proved == 0 || suspects.isEmpty() ? "" : suspects.size() + " more partitions stand";
        journal.ended(
                step.scope(), step.cause(), step.action(), step.attempt(), step.startedNanos(), outcome(step), detail);
    }

    private Outcome outcome(Step step) {
        if (healed > 0) {
            return step.action() == Action.VERIFY ? Outcome.SUPERSEDED : Outcome.HEALED;
        }
        if (proved > 0) {
            return step.action() == Action.VERIFY ? Outcome.PROVED_FINE : Outcome.HEALED;
        }
        return suspects.isEmpty() ? Outcome.SUPERSEDED : Outcome.NO_CHANGE;
    }

    /** The next action, or null if there is none. */
    private @Nullable Action next(Now now) {
        for (Action action : Action.values()) {
            if (isOpen(action, now) && suspects.values().stream().anyMatch(suspect -> suspect.isHelpedBy(action))) {
                return action;
            }
        }
        return null;
    }

    private boolean isOpen(Action action, Now now) {
        boolean behind =
                last != null && (action.compareTo(last) < 0 || (action == last && attempts >= attemptsMost(action)));
        boolean relapsed = quarantineNanos > 0 && now.nanos() - quarantinedUntil < QUARANTINE_MAX_NANOS;
        boolean useless = (relapsed && TRIED_BEFORE.contains(action))
                || (quarantined && IN_A_SESSION.contains(action))
                || (now.sessionIsStuck() && BY_SENDING.contains(action))
                || (nodeId < 0 && action != Action.REFRESH);
        return !behind && !useless && level.allows(action) && !struck.contains(action) && isRested(action, now.nanos());
    }

    private static int attemptsMost(Action action) {
        return action == Action.REFRESH ? 2 : 1;
    }

    /** Whether enough time has passed since a step that is taken seldom. */
    private boolean isRested(Action action, long nowNanos) {
        long pace =
                switch (action) {
                    case RECONNECT -> RECONNECT_PACE_NANOS;
                    case RESET -> RESET_PACE_NANOS;
                    case VERIFY, REANNOUNCE, REOPEN, REPLACE, LEAVE_SESSIONS, REFRESH -> 0;
                };
        Long before = lastNanos.get(action);
        return before == null || nowNanos - before >= pace;
    }

    private boolean isAffordable(Action action, long nowNanos) {
        if (action == Action.VERIFY) {
            Long before = lastNanos.get(action);
            return before == null || nowNanos - before >= VERIFY_PACE_NANOS;
        }
        if (budget.take(nowNanos)) {
            return true;
        }
        if (refused != action) {
            refused = action;
            journal.ended(scope(), cause(), action, 1, nowNanos, Outcome.REFUSED, "too many steps of late");
        }
        return false;
    }

    private Wish begin(Action action, long nowNanos) {
        attempts = action == last ? attempts + 1 : 1;
        last = action;
        refused = null;
        healed = 0;
        proved = 0;
        lastNanos.put(action, nowNanos);
        if (action == Action.LEAVE_SESSIONS) {
            boolean relapse = quarantineNanos > 0 && nowNanos - quarantinedUntil < QUARANTINE_MAX_NANOS;
            quarantineNanos = relapse ? Math.min(QUARANTINE_MAX_NANOS, 2 * quarantineNanos) : QUARANTINE_NANOS;
            quarantinedUntil = nowNanos + quarantineNanos;
            quarantined = true;
        }
        long answeredNanos = nowNanos + (long) (ANSWER_SPREAD_NANOS * random.nextDouble());
        underWay = new Step(action, attempts, cause(), scope(), nowNanos, answeredNanos, nowNanos + waitNanos(action));
        List<TopicPartition> helped = new ArrayList<>();
        for (Suspect suspect : suspects.values()) {
            if (suspect.isHelpedBy(action)) {
                helped.add(suspect.partition());
            } else {
                suspect.verify();
            }
        }
        return Wish.of(action, nodeId, helped);
    }

    /** How long the step may take to help. Clients that began together do not go on together. */
    private long waitNanos(Action action) {
        long seconds =
                switch (action) {
                    case VERIFY -> 5;
                    case REANNOUNCE -> 1;
                    case REOPEN -> 2;
                    case REPLACE -> 4;
                    case LEAVE_SESSIONS, REFRESH -> 8;
                    case RECONNECT -> 16;
                    case RESET -> 30;
                };
        return (long) (seconds * SECOND_NANOS * (0.5 + random.nextDouble()));
    }

    private StallCause cause() {
        return suspects.values().iterator().next().cause();
    }

    private Scope scope() {
        return suspects.size() == 1
                ? new Scope.Partition(suspects.keySet().iterator().next())
                : new Scope.Broker(nodeId);
    }

    /**
     * Gives up the suspects for which everything has been tried without help.
     *
     * @return their names
     */
    List<TopicPartition> giveUp(Now now) {
        boolean exhausted = underWay == null
                && !suspects.isEmpty()
                && next(now) == null
                && suspects.values().stream().noneMatch(Suspect::isHelpless);
        if (!exhausted) {
            return List.of();
        }
        List<TopicPartition> given = List.copyOf(suspects.keySet());
        suspects.clear();
        beginRow(now.nanos());
        return given;
    }
}

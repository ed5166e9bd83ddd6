package dev.surefoot.core.guard;

import dev.surefoot.core.error.ErrorMeaning;
import dev.surefoot.core.position.PartitionFault;
import dev.surefoot.progress.RecoveryStep;
import dev.surefoot.progress.RecoveryStep.Action;
import dev.surefoot.progress.RecoveryStep.Outcome;
import dev.surefoot.progress.Scope;
import dev.surefoot.progress.Severity;
import dev.surefoot.progress.StallCause;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What is tried for partitions that do not advance: one {@link Ladder} for each broker. It decides what is to be done
 * and does nothing itself. Owned by the loop's thread.
 */
public final class Ladders {
    private static final long SECOND_NANOS = 1_000_000_000L;

    /** Suspicions that arise within so many nanoseconds have one cause. */
    private static final long TOGETHER_NANOS = 5 * SECOND_NANOS;

    private static final long REST_NANOS = 300 * SECOND_NANOS;
    private static final long REST_MAX_NANOS = 3_600 * SECOND_NANOS;

    /** A partition for which everything was tried. */
    private record Rest(long sinceNanos, long untilNanos, int times) {}

    private final RecoveryLevel level;
    private final long patienceNanos;
    private final SplittableRandom random;
    private final IntPredicate isStuck;
    private final IntPredicate isRefused;
    private final Map<Integer, Ladder> ladders = new LinkedHashMap<>();
    private final Map<TopicPartition, Integer> nodes = new HashMap<>();
    private final Map<TopicPartition, Rest> rests = new HashMap<>();
    private final Set<Action> struck = EnumSet.noneOf(Action.class);
    private final StepLog steps = new StepLog();
    private final List<Wish> wishes = new ArrayList<>();
    private final StepTrials trials = new StepTrials(struck);
    private long nowNanos;
    private long epochMillis;
    private long quietUntilNanos = Long.MIN_VALUE;

    /**
     * @param patienceNanos nanoseconds for which nothing is done when most brokers are suspected at once
     * @param isStuck whether the session with a broker will never send again
     * @param isRefused whether a broker refuses what the session sends, again and again
     */
    Ladders(
            RecoveryLevel level,
            long patienceNanos,
            SplittableRandom random,
            IntPredicate isStuck,
            IntPredicate isRefused) {
        this.level = level;
        this.patienceNanos = patienceNanos;
        this.random = random;
        this.isStuck = isStuck;
        this.isRefused = isRefused;
    }

    /**
     * Takes note of what a look at a partition has shown.
     *
     * @param nodeId the broker that it is fetched from, or that leads it, or -1
     */
    void look(PartitionLedger ledger, int nodeId, StallCause named, Severity severity, long now) {
        if (level == RecoveryLevel.OFF) {
            return;
        }
        StallCause cause = suspected(ledger, nodeId, named, severity);
        TopicPartition name = ledger.tracked().partition();
        Integer at = nodes.get(name);
        if (at != null) {
            Ladder ladder = ladders.get(at);
            Suspect suspect = ladder == null ? null : ladder.find(name);
            boolean isElsewhere = at != nodeId && (ladder == null || !ladder.mayMovePartitions());
            Suspect.End end =
                    suspect == null || isElsewhere ? Suspect.End.OTHERWISE : suspect.look(cause, severity, now);
            if (end == null) {
                return;
            }
            leave(name, at, end);
        }
        boolean suspicious = !Remedies.against(cause).isEmpty() && (isStall(severity) || Remedies.atOnce(cause));
        if (suspicious && !rests(name, ledger, now)) {
            nodes.put(name, nodeId);
            ladders.computeIfAbsent(nodeId, this::ladder).suspect(ledger, cause, severity, now);
        }
    }

    /** What is to be mended, if what is named is a consequence of it. */
    private StallCause suspected(PartitionLedger ledger, int nodeId, StallCause named, Severity severity) {
        // Whatever else is wrong: from a session that sends nothing any more nothing comes.
        if (Remedies.mayComeOfSilence(named) && isStuck.test(nodeId)) {
            return StallCause.CLIENT_FAULT;
        }
        boolean isRefusal = named == StallCause.BROKER_ERRORS && isStall(severity);
        if (isRefusal && isRefused.test(nodeId)) {
            return StallCause.SESSION_DIVERGED;
        }
        // A position in a topic that was created anew may happen to be where the log of the new one ends.
        boolean mayBeOutdated = isRefusal || named == StallCause.CAUGHT_UP || named == StallCause.NOTHING_DELIVERABLE;
        return mayBeOutdated && isOutdatedInSession(ledger.tracked().fault(), ledger.endedNanos())
                ? StallCause.PARTITION_LOST_FROM_SESSION
                : named;
    }

    /**
     * Whether the broker refuses to be fetched from by the terms that the session has, but has answered a question by
     * those of the newest metadata: a leader epoch or a topic id in the session is out of date.
     */
    private static boolean isOutdatedInSession(@Nullable PartitionFault fault, long endedNanos) {
        return fault != null
                && fault.api() == PartitionFault.Api.FETCH
                && fault.meaning() == ErrorMeaning.STALE
                && endedNanos > fault.firstNanos();
    }

    private static boolean isStall(Severity severity) {
        return severity == Severity.STALLED || severity == Severity.FAILED;
    }

    private void leave(TopicPartition name, int nodeId, Suspect.End end) {
        nodes.remove(name);
        Ladder ladder = ladders.get(nodeId);
        if (ladder != null) {
            ladder.leave(name, end);
        }
    }

    private boolean rests(TopicPartition name, PartitionLedger ledger, long now) {
        Rest rest = rests.get(name);
        if (rest != null && ledger.movedNanos() > rest.sinceNanos()) {
            rests.remove(name);
            return false;
        }
        return rest != null && now < rest.untilNanos();
    }

    private Ladder ladder(int nodeId) {
        return new Ladder(nodeId, level, struck, random, this::ended);
    }

    private void ended(
            Scope scope,
            StallCause cause,
            Action action,
            int attempt,
            long startedNanos,
            Outcome outcome,
            String detail) {
        long tookNanos = nowNanos - startedNanos;
        steps.add(new RecoveryStep(
                scope,
                cause,
                action,
                attempt,
                Instant.ofEpochMilli(epochMillis).minusNanos(tookNanos),
                Duration.ofNanos(tookNanos),
                outcome,
                detail));
    }

    /** Takes note that a partition is not assigned any more. */
    void revoked(TopicPartition name) {
        Integer at = nodes.get(name);
        rests.remove(name);
        if (at != null) {
            leave(name, at, Suspect.End.OTHERWISE);
        }
    }

    /** Takes note that a leader was asked for the end of a partition's log, and has answered or cannot be asked. */
    void verified(TopicPartition name) {
        Integer at = nodes.get(name);
        Ladder ladder = at == null ? null : ladders.get(at);
        if (ladder != null) {
            ladder.verified(name);
        }
    }

    /** Takes note that a broker has sent records. */
    void served(int nodeId, long now) {
        trials.served(nodeId, now);
    }

    /**
     * Goes on with all ladders.
     *
     * @param brokers how many brokers are fetched from
     * @param epochMillis the wall clock
     */
    void turn(int brokers, long now, long epochMillis) {
        if (ladders.isEmpty()) {
            return;
        }
        this.nowNanos = now;
        this.epochMillis = epochMillis;
        trials.judge(now);
        if (mostAreSuspected(brokers, now)) {
            quietUntilNanos = now + patienceNanos;
        }
        if (now < quietUntilNanos) {
            return;
        }
        ladders.forEach((nodeId, ladder) -> turn(nodeId, ladder, now));
    }

    private void turn(int nodeId, Ladder ladder, long now) {
        Ladder.Now turn = new Ladder.Now(now, isStuck.test(nodeId));
        Wish wish = ladder.turn(turn);
        if (wish != null) {
            wishes.add(wish);
            trials.begun(wish, now);
            return;
        }
        for (TopicPartition given : ladder.giveUp(turn)) {
            nodes.remove(given);
            Rest before = rests.get(given);
            int times = before == null ? 1 : before.times() + 1;
            long rest = Math.min(REST_MAX_NANOS, REST_NANOS << Math.min(times - 1, 10));
            // Clients that have given up together do not begin together again.
            rests.put(given, new Rest(now, now + (long) (rest * (1 + random.nextDouble() / 2)), times));
        }
    }

    /** Whether most of several brokers became suspects together, so that it is the network or this process. */
    private boolean mostAreSuspected(int brokers, long now) {
        if (brokers < 2 || now < quietUntilNanos + TOGETHER_NANOS) {
            return false;
        }
        long suspected = ladders.values().stream()
                .filter(ladder -> ladder.isNewlySuspected(now - TOGETHER_NANOS))
                .count();
        return suspected > 1 && 2 * suspected > brokers;
    }

    /** Returns and clears what is to be done. */
    public List<Wish> takeWishes() {
        if (wishes.isEmpty()) {
            return List.of();
        }
        List<Wish> taken = List.copyOf(wishes);
        wishes.clear();
        return taken;
    }

    /** Whether anything is to be done. */
    public boolean hasWishes() {
        return !wishes.isEmpty();
    }

    /** How often everything was tried for a partition without help, since it last moved. */
    public int timesGivenUp(TopicPartition name) {
        @Nullable Rest rest = rests.get(name);
        return rest == null ? 0 : rest.times();
    }

    /** Returns and clears the steps that have ended since the last call, at most the last 256. */
    public List<RecoveryStep> takeSteps() {
        return steps.take();
    }

    StepLog steps() {
        return steps;
    }
}

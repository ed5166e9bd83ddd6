package dev.surefoot.testkit.simulation.guard;

import dev.surefoot.progress.Diagnosis;
import dev.surefoot.progress.PartitionProgress;
import dev.surefoot.progress.ProgressListener;
import dev.surefoot.progress.ProgressSnapshot;
import dev.surefoot.progress.Proof;
import dev.surefoot.progress.RecoveryStep;
import dev.surefoot.progress.Severity;
import dev.surefoot.progress.StallCause;
import dev.surefoot.testkit.simulation.check.Violation;
import dev.surefoot.testkit.simulation.schedule.HealthyScheduler;
import dev.surefoot.testkit.simulation.schedule.Schedule;
import dev.surefoot.testkit.simulation.schedule.Shape;
import dev.surefoot.testkit.simulation.world.ReadableEnds;
import dev.surefoot.testkit.simulation.world.Troubles;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;

/**
 * Looks at what a consumer says of its progress, and compares that with its world: one cause for every partition, none
 * that blames the client (W1); no announcement without a cause in the world (W3, W4), and none before its patience is
 * over (W5); an end of each soon after it (W6); "caught up", "nothing left" and lags that were true within the life of
 * their proofs (W8, W9, W10).
 */
public final class GuardWatch {
    /** Looks are at least this far apart, so that they cost little. The guard itself looks once a second. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private static final Set<StallCause> FAULTS = EnumSet.of(StallCause.CLIENT_FAULT, StallCause.UNEXPLAINED);

    /** Who has not advanced for so long does not move over what is not for the application: nothing is left. */
    private static final Duration MOVING = Duration.ofSeconds(11);

    private final LongSupplier nanos;
    private final ReadableEnds ends;
    private final boolean isSound;
    private final boolean isHealthy;
    private final AllowedCauses allowed;
    private final Troubles troubles;
    private final Standstill standstill = new Standstill();
    private final long proofNanos;
    private final CauseCounts counts = new CauseCounts();
    private final StallEnds stalls = new StallEnds(counts);
    private long nextNanos;

    /**
     * @param isSound whether the consumer is the shipped one; what is said of another is counted and not judged
     * @param nanos the virtual time
     */
    public GuardWatch(Schedule schedule, boolean isSound, LongSupplier nanos, ReadableEnds ends, Troubles troubles) {
        Shape shape = schedule.shape();
        this.isSound = isSound;
        this.isHealthy = HealthyScheduler.isHealthy(schedule);
        this.allowed = new AllowedCauses(shape, troubles);
        this.troubles = troubles;
        this.nanos = nanos;
        this.ends = ends;
        this.proofNanos = GuardTerms.proofNanos(shape);
    }

    /** Has it look at nothing from now on. */
    public void lookAway() {
        nextNanos = Long.MAX_VALUE;
    }

    /** What is to hear of the stalls that the consumer announces. */
    public ProgressListener listener() {
        return stalls;
    }

    /** How often each cause was named. */
    public CauseCounts counts() {
        return counts;
    }

    /**
     * Looks, unless the last look was a moment ago.
     *
     * @param assigned the partitions that the application has assigned
     */
    public void look(Supplier<ProgressSnapshot> progress, Set<TopicPartition> assigned) {
        long now = nanos.getAsLong();
        if (now < nextNanos) {
            return;
        }
        nextNanos = now + PAUSE_NANOS;
        ProgressSnapshot snapshot = progress.get();
        if (!snapshot.partitions().keySet().equals(assigned)) {
            throw new Violation(
                    "W1", "causes are named for " + snapshot.partitions().keySet() + ", assigned are " + assigned);
        }
        standstill.keep(assigned);
        snapshot.partitions().values().forEach(each -> check(each, now));
        if (assigned.isEmpty()) {
            checkWithoutPartitions(snapshot.consumer(), now);
        }
        if (isSound) {
            stalls.look(
                    shown(snapshot), assigned.isEmpty() ? snapshot.consumer().cause() : null, troubles.ranNanos());
        }
        standstill.looked(troubles.runningNanos());
    }

    private static List<Diagnosis> shown(ProgressSnapshot snapshot) {
        return snapshot.partitions().isEmpty()
                ? List.of(snapshot.consumer())
                : snapshot.partitions().values().stream()
                        .map(PartitionProgress::why)
                        .toList();
    }

    /** Looks at what the guard has done by itself: where nothing goes wrong it may ask, and do nothing else. */
    public void lookAtSteps(Supplier<List<RecoveryStep>> steps) {
        if (!isHealthy || !isSound) {
            return;
        }
        for (RecoveryStep step : steps.get()) {
            if (step.action() != RecoveryStep.Action.VERIFY) {
                throw new Violation("W4", "a lever is pulled, and nothing goes wrong: " + step);
            }
        }
    }

    private void check(PartitionProgress progress, long now) {
        Diagnosis why = progress.why();
        counts.count(why.cause(), why.severity(), now);
        standstill.look(progress, troubles.runningNanos());
        if (isSound) {
            judge(progress, why, now);
        }
    }

    private void judge(PartitionProgress progress, Diagnosis why, long now) {
        judge(progress.partition(), why);
        judgePatience(progress, why);
        judgeProof(progress, why, now);
    }

    private void checkWithoutPartitions(Diagnosis why, long now) {
        counts.count(why.cause(), why.severity(), now);
        if (isSound) {
            judge("a consumer without partitions", why);
        }
    }

    private void judge(Object whose, Diagnosis why) {
        if (FAULTS.contains(why.cause())) {
            throw new Violation("W1", whose + " has no cause in its world: " + why);
        }
        if (isHealthy && isAnnounced(why.severity())) {
            throw new Violation("W4", whose + " is announced to stand still, and nothing goes wrong: " + why);
        }
        boolean needsReason = isAnnounced(why.severity()) || AllowedCauses.isOfGroup(why.cause());
        if (needsReason && !allowed.isAllowed(why.cause())) {
            throw new Violation(
                    allowed.isHealthy() ? "W4" : "W3",
                    whose + " is said to stand still, for which its world has no cause: " + why);
        }
    }

    private void judgePatience(PartitionProgress progress, Diagnosis why) {
        long patienceNanos = patienceNanos(why.cause());
        if (isAnnounced(why.severity())
                && !standstill.canHaveLasted(progress.partition(), patienceNanos, troubles.runningNanos())) {
            throw new Violation(
                    "W5",
                    progress.partition() + " is announced before it has stood still for " + patienceNanos + " ns: "
                            + why);
        }
    }

    /** How long a standstill has to last before it is announced, at least. */
    private static long patienceNanos(StallCause cause) {
        return switch (cause.patience()) {
            // The loop counts as stuck by its own lateness, whatever the partitions do.
            case FULL -> cause == StallCause.LOOP_STUCK ? 0 : GuardTerms.PATIENCE_NANOS;
            case HALF -> GuardTerms.PATIENCE_NANOS / 2;
            case TRIPLE -> 3 * GuardTerms.PATIENCE_NANOS;
            case NO_STALL, FAILS_AT_ONCE, STALLS_AT_ONCE, MINUTE, POLL_INTERVAL, TRANSACTION -> 0;
        };
    }

    private void judgeProof(PartitionProgress progress, Diagnosis why, long now) {
        Proof proof = progress.proof();
        if (proof.standing() && proof.age().toNanos() > proofNanos) {
            throw new Violation(
                    "W10", "what was told of " + progress.partition() + " " + proof.age() + " ago counts as a proof");
        }
        if (why.cause() == StallCause.CAUGHT_UP) {
            caughtUp(progress, now);
        }
        if (why.cause() == StallCause.NOTHING_DELIVERABLE
                && progress.sinceAdvance().compareTo(MOVING) > 0) {
            nothingLeft(progress, now);
        }
        if (proof.standing() && progress.lag().isPresent() && progress.lag().getAsLong() > 0) {
            long end = progress.position().orElseThrow() + progress.lag().getAsLong();
            if (!ends.was(progress.partition(), each -> each == end, progress.follower(), now - proofNanos)) {
                throw new Violation(
                        "W8",
                        "the log of " + progress.partition() + " has not ended at " + end + " for "
                                + TimeUnit.NANOSECONDS.toSeconds(proofNanos) + " s: " + progress);
            }
        }
    }

    private void caughtUp(PartitionProgress progress, long now) {
        if (!progress.proof().standing()) {
            throw new Violation("W10", progress.partition() + " is caught up without a proof: " + progress);
        }
        long position = progress.position()
                .orElseThrow(() -> new Violation("W9", progress.partition() + " is caught up without a position"));
        if (!ends.was(progress.partition(), end -> end <= position, progress.follower(), now - proofNanos)) {
            throw new Violation(
                    "W9",
                    progress.partition() + " is caught up at " + position + "; its log ends at "
                            + ends.now(progress.partition()) + ", and has not ended at the position for "
                            + TimeUnit.NANOSECONDS.toSeconds(proofNanos) + " s");
        }
    }

    private void nothingLeft(PartitionProgress progress, long now) {
        long position = progress.position()
                .orElseThrow(() -> new Violation("W9", progress.partition() + " has nothing left without a position"));
        if (!ends.wasEmptyFrom(progress.partition(), position, progress.follower(), now - proofNanos)) {
            throw new Violation("W9", "there is more to read of " + progress.partition() + ": " + progress);
        }
    }

    static boolean isAnnounced(Severity severity) {
        return severity == Severity.STALLED || severity == Severity.FAILED;
    }
}

package dev.surefoot.runtime;

import dev.surefoot.progress.Diagnosis;
import dev.surefoot.progress.Evidence;
import dev.surefoot.progress.Marks;
import dev.surefoot.progress.Scope;
import dev.surefoot.progress.Severity;
import dev.surefoot.progress.StallCause;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** Says whether the loop is stuck or has died, which it cannot say itself. Safe from any thread. */
final class LoopHealth {
    /** How far a turn of the loop may go beyond its planned wait before the loop counts as stuck. */
    private static final long STUCK_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** How long a turn is watched being late before it is a stall: it goes on at once if the whole process stood. */
    private static final long CONFIRM_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Loop loop;
    private final Threads.LoopOwner owner;
    private final long patienceNanos;
    private final LateTurn lateTurn = new LateTurn();

    /** @param patienceNanos {@code surefoot.stall.patience.ms} */
    LoopHealth(Loop loop, Threads.LoopOwner owner, long patienceNanos) {
        this.loop = loop;
        this.owner = owner;
        this.patienceNanos = patienceNanos;
    }

    /** When the loop's present turn was expected to end, which tells it from others. */
    long expectedNanos() {
        return loop.expectedNanos();
    }

    /** By how many nanoseconds the loop's present turn is late, or 0. */
    long lateNanos(long nowNanos) {
        return Math.max(0, nowNanos - loop.expectedNanos());
    }

    /** The most nanoseconds by which a turn of the loop was late. */
    long latestNanos(long nowNanos) {
        return Math.max(lateNanos(nowNanos), loop.latestNanos());
    }

    /** Whether the loop's present turn is so late that the loop counts as stuck. */
    boolean isStuck(long nowNanos) {
        return lateNanos(nowNanos) >= STUCK_NANOS;
    }

    /** Why the loop does not go on, or null if it does. Takes note that somebody has watched a turn that is late. */
    @Nullable Diagnosis why(long nowNanos, Instant wall) {
        KafkaException death = owner.death();
        if (death != null) {
            String words = String.valueOf(death.getCause());
            return diagnosis(StallCause.LOOP_DEAD, Severity.FAILED, lateNanos(nowNanos), words, wall);
        }
        long expectedNanos = loop.expectedNanos();
        return nowNanos - expectedNanos < STUCK_NANOS ? null : ofLateTurn(expectedNanos, nowNanos, wall);
    }

    /** Time before somebody watched the turn being late may be time in which the process did not run. */
    private Diagnosis ofLateTurn(long expectedNanos, long nowNanos, Instant wall) {
        LateTurn.Watch watch = lateTurn.look(expectedNanos, nowNanos);
        long countedNanos = Math.min(nowNanos - expectedNanos, STUCK_NANOS + watch.watchedNanos());
        boolean isStall = watch.confirmedNanos() >= CONFIRM_NANOS && countedNanos >= patienceNanos;
        Severity severity = isStall ? Severity.STALLED : Severity.WAITING;
        return diagnosis(StallCause.LOOP_STUCK, severity, countedNanos, "", wall);
    }

    /** The loop is late, as what it found last does not hold any more and it has found nothing else. */
    Diagnosis late(long nowNanos, Instant wall) {
        return diagnosis(StallCause.LOOP_STUCK, Severity.WAITING, lateNanos(nowNanos), "", wall);
    }

    private Diagnosis diagnosis(StallCause cause, Severity severity, long lateNanos, String words, Instant wall) {
        return new Diagnosis(
                cause,
                severity,
                new Scope.Client(),
                wall.minusNanos(lateNanos),
                new Evidence.LoopState(Marks.UNKNOWN, TimeUnit.NANOSECONDS.toMillis(lateNanos), words, owner.frames()),
                Optional.empty());
    }
}

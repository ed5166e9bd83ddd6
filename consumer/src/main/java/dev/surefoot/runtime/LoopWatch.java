package dev.surefoot.runtime;

import dev.surefoot.net.Clock;
import dev.surefoot.progress.Diagnosis;
import dev.surefoot.progress.Severity;
import dev.surefoot.progress.Stall;
import dev.surefoot.progress.StallCause;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Announces that the loop is stuck, and that it goes on: the loop announces all other stalls and cannot announce this
 * one. Owned by the application's thread, which looks while it waits for the loop.
 */
final class LoopWatch {
    /** How often it looks: often enough for what {@link LateTurn} counts between two looks. */
    static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** Only the guard numbers its stalls, on the loop's thread. */
    private static final long NO_EPISODE = 0;

    private final LoopHealth health;
    private final Clock clock;
    private final ProgressBoard board;
    private final StallLog log;
    private final RecordedEvents recorded;
    /** The stall that was announced and has not ended, or null. */
    private @Nullable Stall stall;

    private long sinceNanos;
    /** The turn that is stuck, by when its end was expected. */
    private long turnNanos;

    LoopWatch(LoopHealth health, Clock clock, ProgressBoard board, StallLog log, RecordedEvents recorded) {
        this.health = health;
        this.clock = clock;
        this.board = board;
        this.log = log;
        this.recorded = recorded;
    }

    /** Looks whether the loop goes on. */
    void look(long nowNanos) {
        if (stall != null && health.expectedNanos() != turnNanos) {
            Duration lasted = Duration.ofNanos(nowNanos - sinceNanos);
            log.loopGoesOn(stall.why().cause(), lasted);
            recorded.ended(stall, lasted);
            stall = null;
        }
        if (stall == null && health.isStuck(nowNanos)) {
            lookCloser(nowNanos);
        }
    }

    private void lookCloser(long nowNanos) {
        turnNanos = health.expectedNanos();
        Instant wall = Instant.ofEpochMilli(clock.epochMillis());
        Diagnosis why = health.why(nowNanos, wall);
        if (why != null && why.cause() == StallCause.LOOP_STUCK && why.severity() == Severity.STALLED) {
            sinceNanos = nowNanos - Duration.between(why.since(), wall).toNanos();
            stall = new Stall(NO_EPISODE, why, board.assignment().size(), List.of(), 0);
            log.loopStands(why);
            recorded.stalled(stall);
        }
    }
}

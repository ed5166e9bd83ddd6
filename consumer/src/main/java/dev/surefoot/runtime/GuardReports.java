package dev.surefoot.runtime;

import dev.surefoot.core.guard.Announcement;
import dev.surefoot.core.guard.Finding;
import dev.surefoot.core.guard.Guard;
import dev.surefoot.progress.Change;
import dev.surefoot.progress.Diagnosis;
import dev.surefoot.progress.PassedOver;
import dev.surefoot.progress.ProgressListener;
import dev.surefoot.progress.RecoveryStep;
import dev.surefoot.progress.Scope;
import dev.surefoot.progress.Stall;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Passes on what the guard finds: to the board, to listeners, to the log and to the counts of stalls. Called by the
 * loop's thread, but for {@link #listen} and {@link #passedOver}.
 */
final class GuardReports {
    private final ProgressBoard board;
    private final StallLog log;
    private final RecordedEvents recorded;
    private final StallCounts counts = new StallCounts();
    private @Nullable ProgressMeter meter;

    /** Added by any thread. */
    private final List<ProgressListener> listeners = new CopyOnWriteArrayList<>();

    /** Used by the loop's thread and by the application's. */
    private final Set<ProgressListener> failed = ConcurrentHashMap.newKeySet();

    GuardReports(ProgressBoard board, StallLog log, RecordedEvents recorded) {
        this.board = board;
        this.log = log;
        this.recorded = recorded;
    }

    /** Adds a listener. Safe from any thread. */
    void listen(ProgressListener listener) {
        listeners.add(listener);
    }

    /** Has stalls counted in metrics. Called before the loop is started. */
    void count(ProgressMeter stallMeter) {
        meter = stallMeter;
    }

    ProgressBoard board() {
        return board;
    }

    /** Safe from any thread. */
    StallCounts counts() {
        return counts;
    }

    /**
     * Passes on what the guard has found since the last call.
     *
     * @param epochMillis the wall-clock time at {@code nowNanos}
     */
    void take(Guard guard, long nowNanos, long epochMillis) {
        List<Finding> findings = guard.takeFindings();
        List<Announcement> announcements = guard.episodes().takeNews();
        if (findings.isEmpty() && announcements.isEmpty()) {
            return;
        }
        Moment now = new Moment(nowNanos, Instant.ofEpochMilli(epochMillis));
        findings.forEach(finding -> published(finding, now));
        announcements.forEach(announcement -> announced(announcement, now));
    }

    /** Passes on the steps of recovery that have ended. */
    void recovered(List<RecoveryStep> steps) {
        board.add(steps);
        steps.forEach(step -> tell(listener -> listener.recovering(step)));
    }

    /** Passes on that a bad record or batch is passed over. Called on the application's thread. */
    void passedOver(PassedOver unit) {
        tell(listener -> listener.passedOver(unit));
    }

    /** One moment of both clocks. */
    private record Moment(long nanos, Instant wall) {
        Instant at(long thenNanos) {
            return wall.minusNanos(nanos - thenNanos);
        }
    }

    private void published(Finding finding, Moment now) {
        if (!board.isAssigned(finding.partition())) {
            return;
        }
        Finding before = board.publish(finding);
        if (before != null && before.cause() == finding.cause()) {
            return;
        }
        Diagnosis to = new Diagnosis(
                finding.cause(),
                finding.severity(),
                finding.scope(),
                now.at(finding.causeNanos()),
                finding.evidence(now.nanos()),
                Optional.ofNullable(finding.hidden()));
        Change change = new Change(
                finding.partition(),
                before == null ? Optional.empty() : Optional.of(before.cause()),
                before == null
                        ? Duration.ZERO
                        : Duration.ofNanos(Math.max(0, finding.causeNanos() - before.causeNanos())),
                to);
        log.changed(change);
        recorded.changed(change);
        tell(listener -> listener.changed(change));
    }

    private void announced(Announcement announcement, Moment now) {
        switch (announcement.kind()) {
            case STALLED -> {
                Stall stall = stall(announcement, now);
                counts.stalled(announcement);
                recorded.stalled(stall);
                if (meter != null) {
                    meter.stalled(announcement.stalling().cause());
                }
                tell(listener -> listener.stalled(stall));
            }
            case ENDED -> {
                Stall stall = stall(announcement, now);
                Duration lasted = Duration.ofNanos(announcement.untilNanos() - announcement.sinceNanos());
                counts.ended(announcement);
                recorded.ended(stall, lasted);
                tell(listener -> listener.ended(stall, lasted));
            }
            case LINE_OF_STALL -> log.stands(announcement, now.at(announcement.sinceNanos()));
            case LINE_OF_END -> log.goesOn(announcement, healedBy(announcement, now));
            case LINE_OF_NOTE -> log.noted(announcement);
        }
    }

    /** The last step of recovery that was taken for the stall and that progress followed. */
    private Optional<RecoveryStep.Action> healedBy(Announcement end, Moment now) {
        Instant since = now.at(end.sinceNanos());
        List<TopicPartition> names = end.affected().names();
        RecoveryStep last = null;
        for (RecoveryStep step : board.steps()) {
            boolean ofOther =
                    step.scope() instanceof Scope.Partition one && !names.isEmpty() && !names.contains(one.partition());
            if (step.outcome() == RecoveryStep.Outcome.HEALED
                    && step.cause() == end.stalling().cause()
                    && !step.started().isBefore(since)
                    && !ofOther) {
                last = step;
            }
        }
        return Optional.ofNullable(last).map(RecoveryStep::action);
    }

    private static Stall stall(Announcement announcement, Moment now) {
        Announcement.Stalling stalling = announcement.stalling();
        Diagnosis why = new Diagnosis(
                stalling.cause(),
                stalling.severity(),
                stalling.scope(),
                now.at(announcement.sinceNanos()),
                stalling.evidence(),
                Optional.ofNullable(stalling.hidden()));
        return new Stall(
                stalling.episode(),
                why,
                announcement.affected().count(),
                announcement.affected().names(),
                stalling.flaps());
    }

    private void tell(Consumer<ProgressListener> what) {
        for (ProgressListener listener : listeners) {
            try {
                what.accept(listener);
            } catch (Throwable e) { // a listener is somebody else's code and may throw anything
                if (failed.add(listener)) {
                    log.listenerFailed(listener, e);
                }
            }
        }
    }
}

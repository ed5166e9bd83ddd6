package dev.surefoot.runtime;

import dev.surefoot.core.delivery.LaneReadiness;
import dev.surefoot.core.delivery.LastRecord;
import dev.surefoot.core.guard.ApplicationView.Reading;
import dev.surefoot.core.guard.ConsumerFinding;
import dev.surefoot.core.guard.Finding;
import dev.surefoot.core.guard.GuardSettings;
import dev.surefoot.core.handover.Watermarks;
import dev.surefoot.net.Clock;
import dev.surefoot.progress.Diagnosis;
import dev.surefoot.progress.Evidence;
import dev.surefoot.progress.Health;
import dev.surefoot.progress.Marks;
import dev.surefoot.progress.PartitionProgress;
import dev.surefoot.progress.ProgressSnapshot;
import dev.surefoot.progress.Proof;
import dev.surefoot.progress.Rates;
import dev.surefoot.progress.RecoveryStep;
import dev.surefoot.progress.Scope;
import dev.surefoot.progress.Severity;
import dev.surefoot.progress.StallCause;
import dev.surefoot.progress.TimeLag;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Answers how far a consumer is, and why it is not further. Never waits. Safe from any thread; works while the loop is
 * stuck, and after it has died.
 */
public final class Progress {
    private static final double SECOND_NANOS = 1e9;

    private final ProgressBoard board;
    private final LoopHealth health;
    private final Clock clock;
    private final boolean readCommitted;
    private final HealthProbe probe;

    Progress(ProgressBoard board, LoopHealth health, Clock clock, boolean readCommitted, GuardSettings.Timing timing) {
        this.board = board;
        this.health = health;
        this.clock = clock;
        this.readCommitted = readCommitted;
        this.probe = new HealthProbe(Duration.ofNanos(timing.maxPollIntervalNanos()));
    }

    /** One moment: both clocks, and what holds for the whole consumer then. */
    private record Moment(
            long nanos, Instant wall, @Nullable Diagnosis loop) {
        Instant at(long thenNanos) {
            return wall.minusNanos(nanos - thenNanos);
        }

        Duration since(long thenNanos) {
            return Duration.ofNanos(Math.max(0, nanos - thenNanos));
        }
    }

    long nanos() {
        return clock.nanos();
    }

    /** By how many nanoseconds the loop's present turn is late, or 0. */
    long lateNanos() {
        return health.lateNanos(clock.nanos());
    }

    /** The most nanoseconds by which a turn of the loop was late. */
    long latestNanos() {
        return health.latestNanos(clock.nanos());
    }

    /** Returns the last steps of recovery that have ended, at most 256, the earliest first. */
    public List<RecoveryStep> recentSteps() {
        return board.steps();
    }

    private Moment now() {
        long nanos = clock.nanos();
        Instant wall = Instant.ofEpochMilli(clock.epochMillis());
        return new Moment(nanos, wall, health.why(nanos, wall));
    }

    /** The whole consumer. */
    public ProgressSnapshot snapshot() {
        Moment now = now();
        Map<TopicPartition, PartitionProgress> partitions = new LinkedHashMap<>();
        board.assignment().forEach(partition -> partitions.put(partition, of(partition, now)));
        Map<Severity, Integer> severities = new EnumMap<>(Severity.class);
        long lag = 0;
        Diagnosis worst = null;
        for (PartitionProgress each : partitions.values()) {
            severities.merge(each.why().severity(), 1, Integer::sum);
            lag += each.lag().orElse(0);
            boolean worse = worst == null || each.why().severity().compareTo(worst.severity()) > 0;
            worst = worse ? each.why() : worst;
        }
        Diagnosis loopNow = now.loop();
        Diagnosis whole = loopNow != null ? loopNow : worst != null ? worst : withoutPartitions(now);
        return new ProgressSnapshot(
                now.wall(),
                whole,
                concerns(now),
                Map.copyOf(partitions),
                new ProgressSnapshot.Summary(
                        partitions.size(),
                        severities.getOrDefault(Severity.FINE, 0),
                        severities.getOrDefault(Severity.WAITING, 0),
                        severities.getOrDefault(Severity.STALLED, 0),
                        severities.getOrDefault(Severity.FAILED, 0),
                        lag));
    }

    private Diagnosis withoutPartitions(Moment now) {
        ConsumerFinding found = board.consumer();
        return found == null ? starting(new Scope.Client(), now) : diagnosis(found.why(), now);
    }

    private List<Diagnosis> concerns(Moment now) {
        ConsumerFinding found = board.consumer();
        return found == null
                ? List.of()
                : found.concerns().stream().map(each -> diagnosis(each, now)).toList();
    }

    private static Diagnosis diagnosis(ConsumerFinding.Named named, Moment now) {
        return new Diagnosis(
                named.cause(),
                named.severity(),
                named.scope(),
                now.at(named.sinceNanos()),
                named.evidence(),
                Optional.empty());
    }

    private static Diagnosis fine(StallCause cause, Scope scope, Instant since) {
        return new Diagnosis(cause, Severity.FINE, scope, since, new Evidence.Offsets(Marks.UNKNOWN), Optional.empty());
    }

    private static Diagnosis starting(Scope scope, Moment now) {
        return new Diagnosis(
                StallCause.STARTING,
                Severity.WAITING,
                scope,
                now.wall(),
                new Evidence.Offsets(Marks.UNKNOWN),
                Optional.empty());
    }

    /** One partition, assigned or not. */
    public PartitionProgress of(TopicPartition partition) {
        return of(partition, now());
    }

    private PartitionProgress of(TopicPartition partition, Moment now) {
        ProgressBoard.Cell cell = board.of(partition);
        if (!board.assignment().contains(partition)) {
            return unknown(
                    partition,
                    OptionalLong.empty(),
                    fine(StallCause.NOT_ASSIGNED, new Scope.Partition(partition), now.wall()));
        }
        Finding finding = cell == null ? null : cell.finding();
        Reading reading = cell == null ? null : cell.reading();
        if (finding == null || (reading != null && hasLeft(finding, reading))) {
            Diagnosis ofLoop = now.loop();
            return unknown(
                    partition,
                    position(reading),
                    ofLoop == null ? starting(new Scope.Partition(partition), now) : ofLoop);
        }
        return known(finding, reading, now);
    }

    /**
     * Whether the application's position is not the one that the finding is about: it was sought or reset since. The
     * loop does not follow a position that is kept for the last commit only.
     */
    private boolean hasLeft(Finding finding, Reading reading) {
        boolean isSought = reading.generation() > finding.generation() && reading.readiness() != LaneReadiness.WITHHELD;
        boolean behind =
                finding.watermarks().lag(reading.offset(), readCommitted).orElse(0) > 0;
        return isSought || (finding.cause() == StallCause.CAUGHT_UP && (behind || reading.offset() < 0));
    }

    private static OptionalLong position(@Nullable Reading reading) {
        return reading == null ? OptionalLong.empty() : known(reading.offset());
    }

    private static PartitionProgress unknown(TopicPartition partition, OptionalLong position, Diagnosis why) {
        OptionalLong none = OptionalLong.empty();
        return new PartitionProgress(
                partition,
                why,
                position,
                none,
                none,
                none,
                none,
                Proof.NONE,
                none,
                0,
                TimeLag.UNKNOWN,
                Rates.NONE,
                Duration.ZERO,
                Optional.empty(),
                -1,
                false);
    }

    private PartitionProgress known(Finding finding, @Nullable Reading reading, Moment now) {
        Watermarks marks = finding.watermarks();
        OptionalLong lag = reading == null ? OptionalLong.empty() : marks.lag(reading.offset(), readCommitted);
        long pinned = readCommitted && marks.lastStableOffset() >= 0
                ? Math.max(0, marks.highWatermark() - marks.lastStableOffset())
                : 0;
        return new PartitionProgress(
                finding.partition(),
                why(finding, now),
                position(reading),
                known(finding.fetchOffset()),
                known(marks.highWatermark()),
                known(marks.lastStableOffset()),
                known(marks.logStartOffset()),
                proof(finding, now),
                lag,
                pinned,
                timeLag(finding, reading, now),
                rates(finding, lag),
                now.since(finding.movedNanos()),
                finding.mentionedNanos() == Long.MIN_VALUE
                        ? Optional.empty()
                        : Optional.of(now.since(finding.mentionedNanos())),
                finding.fetchedFrom(),
                finding.follower());
    }

    private static TimeLag timeLag(Finding finding, @Nullable Reading reading, Moment now) {
        if (finding.cause() == StallCause.CAUGHT_UP) {
            return TimeLag.NONE;
        }
        Instant caughtUp = finding.caughtUpNanos() == Long.MIN_VALUE ? null : now.at(finding.caughtUpNanos());
        LastRecord last = reading == null ? LastRecord.NONE : reading.lastRecord();
        return TimeLags.of(last, caughtUp, now.wall());
    }

    private static OptionalLong known(long offset) {
        return offset < 0 ? OptionalLong.empty() : OptionalLong.of(offset);
    }

    /** The frames of the polling thread are taken when somebody asks, not when the guard looks. */
    private Evidence evidence(Finding finding, Moment now) {
        Evidence evidence = finding.evidence(now.nanos());
        boolean stays = finding.cause() == StallCause.APPLICATION_NOT_POLLING
                || finding.cause() == StallCause.DESERIALIZER_SLOW;
        return stays && evidence instanceof Evidence.Application known ? known.in(board.applicationFrames()) : evidence;
    }

    private Diagnosis why(Finding finding, Moment now) {
        Diagnosis ofLoop = now.loop();
        if (ofLoop == null && finding.cause() == StallCause.CAUGHT_UP && !finding.stands(now.nanos())) {
            // The loop is late, or it would have found another cause by now.
            ofLoop = health.late(now.nanos(), now.wall());
        }
        return ofLoop != null
                ? ofLoop
                : new Diagnosis(
                        finding.cause(),
                        finding.severity(),
                        finding.scope(),
                        now.at(finding.causeNanos()),
                        evidence(finding, now),
                        Optional.ofNullable(finding.hidden()));
    }

    private static Proof proof(Finding finding, Moment now) {
        return finding.toldNanos() == Long.MIN_VALUE
                ? Proof.NONE
                : new Proof(
                        finding.follower() ? Proof.Source.FOLLOWER : Proof.Source.FETCH,
                        finding.toldBy(),
                        now.since(finding.toldNanos()),
                        finding.stands(now.nanos()));
    }

    private static Rates rates(Finding finding, OptionalLong lag) {
        double closing = finding.out10() - finding.in10();
        Optional<Duration> caughtUp = lag.isPresent() && closing > 0
                ? Optional.of(Duration.ofNanos((long) (lag.getAsLong() / closing * SECOND_NANOS)))
                : Optional.empty();
        return new Rates(finding.in10(), finding.out10(), finding.in300(), finding.out300(), caughtUp);
    }

    /** What a probe should answer. */
    public Health health() {
        return probe.ask(snapshot());
    }
}

package dev.surefoot.runtime;

import dev.surefoot.core.delivery.Lanes;
import dev.surefoot.core.engine.Engine;
import dev.surefoot.core.engine.EngineParts;
import dev.surefoot.core.fetch.FetchTally;
import dev.surefoot.core.group.GroupEvent;
import dev.surefoot.core.group.GroupSettings;
import dev.surefoot.core.group.Membership;
import dev.surefoot.core.guard.GuardSettings;
import dev.surefoot.core.handover.MemberIdentity;
import dev.surefoot.core.records.Decompressor;
import dev.surefoot.core.session.FetchSession;
import dev.surefoot.core.session.VerifiedFetchSession;
import dev.surefoot.core.time.Backoff;
import dev.surefoot.net.Clock;
import dev.surefoot.net.Closing;
import dev.surefoot.net.KafkaTelemetry;
import dev.surefoot.net.Transport;
import dev.surefoot.progress.ProgressListener;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.jspecify.annotations.Nullable;

/**
 * The parts of one consumer, from the start of its loop until everything is closed. The application's calls go to
 * {@link #assignments}, {@link #offsets}, {@link #polling} and {@link #questions}, which share the lanes of fetched
 * data and the loop. They and {@link #close} belong to the application's thread.
 */
public final class ConsumerRuntime<K, V> {
    private final Clock clock;
    private final Loop loop;
    private final Threads.LoopOwner owner;
    private final Waiting waiting;
    private final Decompressor decompressor;
    private final AheadDecompression ahead;
    private final Lanes lanes;
    private final Intake intake;
    private final PlugIns<K, V> plugIns;
    private final Assignments assignments;
    private final Offsets offsets;
    private final Polling<K, V> polling;
    private final Subscriptions subscriptions = new Subscriptions();
    private final @Nullable GroupMember member;
    private final ClusterQuestions questions;
    private final @Nullable PushedMetrics pushedMetrics;
    private final GuardReports reports;
    private final Progress progress;

    private ConsumerRuntime(
            RuntimeSettings settings, Transport transport, Clock clock, Seams seams, PlugIns<K, V> plugIns) {
        this.clock = clock;
        this.plugIns = plugIns;
        ConsumerMeter meter = plugIns.meter();
        Handover handover = new Handover(seams.threads());
        PollTimes polls = new PollTimes();
        ProgressBoard board = new ProgressBoard(polls);
        this.reports =
                new GuardReports(board, plugIns.log().stalls(), plugIns.log().recorded());
        plugIns.badRecords().tell(reports::passedOver);
        this.loop = loop(settings, transport, clock, seams, handover, polls, reports, plugIns);
        meter.watch(loop, board);
        this.owner = seams.threads().owner(loop, "surefoot-" + settings.clientId());
        GuardSettings.Timing timing = settings.engine().guard();
        LoopHealth health = new LoopHealth(loop, owner, timing.patienceNanos());
        EventLog log = plugIns.log();
        LoopWatch watch = new LoopWatch(health, clock, board, log.stalls(), log.recorded());
        this.waiting = new Waiting(clock, handover, loop, owner, watch);
        this.decompressor = new Decompressor(settings.decompressedBatchMaxBytes());
        this.ahead = ahead(settings, seams.threads(), loop);
        boolean readCommitted = settings.engine().readCommitted();
        this.lanes = new Lanes(
                readCommitted,
                settings.checkCrcs(),
                decompressor,
                ahead,
                meter.reading(board, readCommitted, clock),
                plugIns.badRecords());
        this.intake = new Intake(handover, lanes, subscriptions);
        this.assignments = new Assignments(lanes, intake, loop, meter, subscriptions);
        this.member = member(settings, clock, handover);
        this.offsets = new Offsets(lanes, intake, loop, waiting, readCommitted);
        this.polling = new Polling<>(
                lanes, intake, loop, waiting, plugIns, clock, settings.maxPollRecords(), subscriptions, member);
        this.progress = new Progress(board, health, clock, readCommitted, timing);
        meter.watch(progress, reports, settings.progressMetricsPartitionsMax());
        this.questions = new ClusterQuestions(waiting, settings.engine().allowAutoTopicCreation());
        KafkaTelemetry telemetry = plugIns.telemetry();
        this.pushedMetrics = telemetry == null ? null : new PushedMetrics(telemetry, loop, meter);
    }

    private @Nullable GroupMember member(RuntimeSettings settings, Clock clock, Handover handover) {
        GroupSettings group = settings.engine().group();
        if (group == null) {
            return null;
        }
        GroupOptions options = settings.group();
        KafkaTelemetry telemetry = plugIns.telemetry();
        KnownIdentity identity = new KnownIdentity(
                MemberIdentity.none(group.groupId(), group.instanceId()),
                telemetry == null ? memberId -> {} : telemetry::joined);
        GroupCommits commits = new GroupCommits(
                lanes, intake, loop, waiting, clock, handover.notices(), plugIns, options, subscriptions, identity);
        AutoCommit autoCommit = new AutoCommit(
                options, commits, clock, plugIns.log(), settings.engine().retryBackoffNanos());
        Rebalances rebalances = new Rebalances(
                lanes,
                loop,
                handover.notices(),
                subscriptions,
                identity,
                plugIns.assignors(),
                commits,
                autoCommit,
                plugIns.meter(),
                group.timing().maxPollIntervalNanos());
        return new GroupMember(
                group,
                subscriptions,
                rebalances,
                commits,
                autoCommit,
                identity,
                assignments,
                plugIns.assignors(),
                loop,
                waiting,
                clock,
                options);
    }

    private static Loop loop(
            RuntimeSettings settings,
            Transport transport,
            Clock clock,
            Seams seams,
            Handover handover,
            PollTimes polls,
            GuardReports reports,
            PlugIns<?, ?> plugIns) {
        SplittableRandom random = new SplittableRandom(settings.seed());
        FetchSession.Factory verified = nodeId -> new VerifiedFetchSession(
                settings.sessions(),
                settings.auditIntervalNanos(),
                new Backoff(
                        settings.engine().retryBackoffNanos(),
                        settings.engine().retryBackoffMaxNanos(),
                        random.split()));
        Engine engine = new Engine(
                settings.engine(),
                new EngineParts(
                        seams.sessions().apply(verified),
                        seams.memberships().apply(Membership.Factory.BY_PROTOCOL),
                        plugIns.telemetry(),
                        reports.board()),
                random.split());
        return new Loop(
                engine,
                seams.transport().apply(transport),
                clock,
                handover,
                polls,
                reports,
                plugIns.log(),
                plugIns.clusterListeners(),
                groupEvents(settings, clock, plugIns));
    }

    private static Consumer<GroupEvent> groupEvents(RuntimeSettings settings, Clock clock, PlugIns<?, ?> plugIns) {
        GroupSettings group = settings.engine().group();
        Consumer<GroupEvent> log = plugIns.log()::grouped;
        return group == null ? log : log.andThen(plugIns.meter().group(group.protocol(), clock));
    }

    private static AheadDecompression ahead(RuntimeSettings settings, Threads threads, Loop loop) {
        return new AheadDecompression(
                threads,
                "surefoot-" + settings.clientId() + "-decompression",
                settings.decompressionThreads(),
                AheadDecompression.capacity(settings.engine().bufferBytes()),
                () -> AheadDecompression.capacity(loop.capacityBytes()),
                settings.decompressedBatchMaxBytes(),
                settings.checkCrcs(),
                loop::memoryReturned);
    }

    /**
     * Puts the parts together and then starts the loop. If this throws, no thread runs, and the caller still has to
     * close the transport and the plug-ins. Otherwise {@link #close} closes them.
     */
    public static <K, V> ConsumerRuntime<K, V> start(
            RuntimeSettings settings, Transport transport, Clock clock, Seams seams, PlugIns<K, V> plugIns) {
        ConsumerRuntime<K, V> runtime = new ConsumerRuntime<>(settings, transport, clock, seams, plugIns);
        runtime.owner.start();
        return runtime;
    }

    /** Returns the part that holds which partitions are read. */
    public Assignments assignments() {
        return assignments;
    }

    /** Returns what the application has asked to read. */
    public Subscriptions subscriptions() {
        return subscriptions;
    }

    /** Returns the part that takes part in a group, or null without a {@code group.id}. */
    public @Nullable GroupMember member() {
        return member;
    }

    /** Returns the part that holds the positions. */
    public Offsets offsets() {
        return offsets;
    }

    /** Returns the part that delivers the records. */
    public Polling<K, V> polling() {
        return polling;
    }

    /** Returns the part that says how far the consumer is, and why not further. It is safe from any thread. */
    public Progress progress() {
        return progress;
    }

    /** Adds a listener of stalls. Safe from any thread. */
    public void listen(ProgressListener listener) {
        reports.listen(listener);
    }

    /** Returns the part that queries the cluster. */
    public ClusterQuestions questions() {
        return questions;
    }

    /**
     * Ends the wait under way, or if there is none the next one, with a WakeupException; does nothing once the consumer
     * closes. Safe from any thread.
     */
    public void wakeup() {
        waiting.wakeup();
    }

    /** Returns all metrics. Safe from any thread. */
    public Map<MetricName, ? extends Metric> metrics() {
        return plugIns.meter().metrics();
    }

    /** Returns the application's side of telemetry, or null if there is none. Safe from any thread. */
    public @Nullable PushedMetrics pushedMetrics() {
        return pushedMetrics;
    }

    /** Returns what fetching has done so far. Safe from any thread. */
    public FetchTally tally() {
        return loop.tally();
    }

    /** Closes as the other method does, leaving a group as its protocol has it. */
    public void close(Duration timeout) {
        close(timeout, Membership.Departure.DEFAULT, () -> {});
    }

    private void leaveGroup(Membership.Departure departure, long timeoutNanos) {
        if (member != null) {
            member.close(departure, timeoutNanos);
        }
    }

    /**
     * Leaves the group, then closes every part, also if closing another one throws: first the part that reads, then the
     * loop, then the parts that the loop could still have called. Sessions are closed at their brokers as far as that
     * succeeds within the timeout. If the application's listener calls this, it happens when the listener has returned,
     * and the poll that has called the listener ends with an {@link IllegalStateException}.
     *
     * @param afterLeaving called when the application's listener and callbacks have been called for the last time
     * @throws RuntimeException the first failure, or an {@link Error} if it is one; the later ones are suppressed in it
     */
    public void close(Duration timeout, Membership.Departure departure, Runnable afterLeaving) {
        if (member != null && member.isInListener()) {
            member.afterListener(() -> {
                close(timeout, departure, afterLeaving);
                throw new IllegalStateException("This consumer has been closed by its rebalance listener.");
            });
            return;
        }
        waiting.ignoreWakeup();
        long startNanos = clock.nanos();
        long nanos = Waiting.nanos(timeout);
        Closing.all(List.<AutoCloseable>of(
                () -> leaveGroup(departure, nanos),
                afterLeaving::run,
                () -> lanes.assign(Set.of()),
                ahead,
                () -> owner.close(Math.max(0, nanos - (clock.nanos() - startNanos))),
                intake::takeDeliveries,
                decompressor,
                plugIns.interceptors()::close,
                plugIns.badRecords(),
                plugIns.meter()::close,
                plugIns.keyDeserializer(),
                plugIns.valueDeserializer()));
    }
}

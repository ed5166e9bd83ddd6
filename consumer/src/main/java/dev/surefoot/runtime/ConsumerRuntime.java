package dev.surefoot.runtime;

import dev.surefoot.core.delivery.Lanes;
import dev.surefoot.core.engine.Engine;
import dev.surefoot.core.fetch.FetchTally;
import dev.surefoot.core.records.Decompressor;
import dev.surefoot.core.session.FetchSession;
import dev.surefoot.core.session.VerifiedFetchSession;
import dev.surefoot.core.time.Backoff;
import dev.surefoot.net.Clock;
import dev.surefoot.net.Closing;
import dev.surefoot.net.Transport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/**
 * The parts of one consumer, from the start of its loop until everything is closed. The application's calls go to
 * {@link #assignments}, {@link #offsets}, {@link #polling} and {@link #questions}, which share the lanes of fetched
 * data and the loop. They and {@link #close} belong to the application's thread.
 */
public final class ConsumerRuntime<K, V> {
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
    private final ClusterQuestions questions;

    private ConsumerRuntime(
            RuntimeSettings settings, Transport transport, Clock clock, Seams seams, PlugIns<K, V> plugIns) {
        this.plugIns = plugIns;
        ConsumerMeter meter = plugIns.meter();
        Handover handover = new Handover(seams.threads());
        this.loop = loop(settings, transport, clock, seams, handover, plugIns);
        meter.watch(loop);
        this.owner = seams.threads().owner(loop, "surefoot-" + settings.clientId());
        this.waiting = new Waiting(clock, handover, loop, owner);
        this.decompressor = new Decompressor(settings.decompressedBatchMaxBytes());
        this.ahead = ahead(settings, seams.threads(), loop);
        boolean readCommitted = settings.engine().readCommitted();
        this.lanes = new Lanes(
                readCommitted, settings.checkCrcs(), decompressor, ahead, meter.reading(readCommitted, clock));
        this.intake = new Intake(handover, lanes);
        this.assignments = new Assignments(lanes, intake, loop, meter);
        this.offsets = new Offsets(lanes, intake, loop, waiting, readCommitted);
        this.polling = new Polling<>(lanes, intake, loop, waiting, plugIns, clock, settings.maxPollRecords());
        this.questions = new ClusterQuestions(waiting, settings.engine().allowAutoTopicCreation());
    }

    private static Loop loop(
            RuntimeSettings settings,
            Transport transport,
            Clock clock,
            Seams seams,
            Handover handover,
            PlugIns<?, ?> plugIns) {
        SplittableRandom random = new SplittableRandom(settings.seed());
        FetchSession.Factory verified = nodeId -> new VerifiedFetchSession(
                settings.sessions(),
                settings.auditIntervalNanos(),
                new Backoff(
                        settings.engine().retryBackoffNanos(),
                        settings.engine().retryBackoffMaxNanos(),
                        random.split()));
        Engine engine = new Engine(settings.engine(), seams.sessions().apply(verified), random.split());
        return new Loop(
                engine, seams.transport().apply(transport), clock, handover, plugIns.log(), plugIns.clusterListeners());
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

    /** Returns the part that holds the positions. */
    public Offsets offsets() {
        return offsets;
    }

    /** Returns the part that delivers the records. */
    public Polling<K, V> polling() {
        return polling;
    }

    /** Returns the part that queries the cluster. */
    public ClusterQuestions questions() {
        return questions;
    }

    /** Ends the wait under way, or if there is none the next one, with a WakeupException. Safe from any thread. */
    public void wakeup() {
        waiting.wakeup();
    }

    /** Returns all metrics. Safe from any thread. */
    public Map<MetricName, ? extends Metric> metrics() {
        return plugIns.meter().metrics();
    }

    /** Returns what fetching has done so far. Safe from any thread. */
    public FetchTally tally() {
        return loop.tally();
    }

    /**
     * Closes every part, also if closing another one throws: first the part that reads, then the loop, then the parts
     * that the loop could still have called. Sessions are closed at their brokers as far as that succeeds within the
     * timeout.
     *
     * @throws RuntimeException the first failure, or an {@link Error} if it is one; the later ones are suppressed in it
     */
    public void close(Duration timeout) {
        Closing.all(List.<AutoCloseable>of(
                () -> lanes.assign(Set.of()),
                ahead,
                () -> owner.close(Waiting.nanos(timeout)),
                intake::takeDeliveries,
                decompressor,
                plugIns.interceptors()::close,
                plugIns.meter()::close,
                plugIns.keyDeserializer(),
                plugIns.valueDeserializer()));
    }
}

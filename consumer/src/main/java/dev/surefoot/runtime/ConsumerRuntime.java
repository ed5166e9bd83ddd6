package dev.surefoot.runtime;

import dev.surefoot.core.delivery.Lanes;
import dev.surefoot.core.delivery.RecordAssembler;
import dev.surefoot.core.engine.Engine;
import dev.surefoot.core.engine.Question;
import dev.surefoot.core.fetch.FetchTally;
import dev.surefoot.core.handover.Delivery;
import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.core.position.ResetStrategy;
import dev.surefoot.core.records.Decompressor;
import dev.surefoot.core.session.FetchSession;
import dev.surefoot.core.session.VerifiedFetchSession;
import dev.surefoot.core.time.Backoff;
import dev.surefoot.net.Clock;
import dev.surefoot.net.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What a consumer does on the application's thread: it keeps the consumed positions, takes records from the lanes, and tells
 * the loop what is wanted. Everything but {@link #wakeup} and {@link #tally} belongs to the application's thread.
 */
public final class ConsumerRuntime<K, V> {
    private final RuntimeSettings settings;
    private final Clock clock;
    private final Loop loop;
    private final Threads.LoopOwner owner;
    private final Handover handover;
    private final Waiting waiting;
    private final ClusterQuestions questions;
    private final Decompressor decompressor;
    private final AheadDecompression ahead;
    private final Lanes lanes;
    private final RecordAssembler<K, V> assembler;
    private final Interceptors<K, V> interceptors;
    private final ConsumerMeter meter;
    private boolean visiting;

    private ConsumerRuntime(
            RuntimeSettings settings,
            Loop loop,
            Threads.LoopOwner owner,
            Handover handover,
            Clock clock,
            Threads threads,
            PlugIns<K, V> plugIns) {
        this.settings = settings;
        this.loop = loop;
        this.owner = owner;
        this.handover = handover;
        this.waiting = new Waiting(clock, handover, loop, owner);
        this.questions = new ClusterQuestions(waiting, settings.engine().allowAutoTopicCreation());
        this.decompressor = new Decompressor(settings.decompressedBatchMaxBytes());
        this.ahead = new AheadDecompression(
                threads,
                "surefoot-" + settings.clientId() + "-decompression",
                settings.decompressionThreads(),
                AheadDecompression.capacity(settings.engine().bufferBytes()),
                () -> AheadDecompression.capacity(loop.capacityBytes()),
                settings.decompressedBatchMaxBytes(),
                settings.checkCrcs(),
                loop::memoryReturned);
        this.meter = plugIns.meter();
        boolean readCommitted = settings.engine().readCommitted();
        this.lanes = new Lanes(
                readCommitted, settings.checkCrcs(), decompressor, ahead, meter.reading(readCommitted, clock));
        this.assembler = plugIns.assembler();
        this.interceptors = plugIns.interceptors();
        this.clock = clock;
    }

    /** Puts the parts together and has the loop turned. */
    public static <K, V> ConsumerRuntime<K, V> start(
            RuntimeSettings settings, Transport transport, Clock clock, Seams seams, PlugIns<K, V> plugIns) {
        SplittableRandom random = new SplittableRandom(settings.seed());
        FetchSession.Factory verified = nodeId -> new VerifiedFetchSession(
                settings.sessions(),
                settings.auditIntervalNanos(),
                new Backoff(
                        settings.engine().retryBackoffNanos(),
                        settings.engine().retryBackoffMaxNanos(),
                        random.split()));
        Engine engine = new Engine(settings.engine(), seams.sessions().apply(verified), random.split());
        Handover handover = new Handover(seams.threads());
        Loop loop = new Loop(
                engine, seams.transport().apply(transport), clock, handover, plugIns.log(), plugIns.clusterListeners());
        plugIns.meter().watch(loop);
        Threads.LoopOwner owner = seams.threads().start(loop, "surefoot-" + settings.clientId());
        return new ConsumerRuntime<>(settings, loop, owner, handover, clock, seams.threads(), plugIns);
    }

    public ClusterQuestions questions() {
        return questions;
    }

    public Set<TopicPartition> assignment() {
        return new HashSet<>(lanes.assignment());
    }

    /** Whether any partition is assigned. */
    public boolean hasAssignment() {
        return !lanes.assignment().isEmpty();
    }

    public boolean isAssigned(TopicPartition partition) {
        return lanes.assignment().contains(partition);
    }

    /** Replaces the assignment; partitions that stay go on where they are. */
    public void assign(Collection<TopicPartition> partitions) {
        takeDeliveries();
        Map<TopicPartition, Long> generations = lanes.assign(new HashSet<>(partitions));
        meter.assigned(generations.keySet());
        lanes.tellChanges();
        loop.submit((engine, nowNanos) -> engine.assign(generations, nowNanos));
        loop.memoryReturned();
    }

    /** Moves a partition to an offset. */
    public void seek(TopicPartition partition, FetchPosition position) {
        long generation = lanes.seek(partition, position);
        lanes.tellChanges();
        loop.submit((engine, nowNanos) -> engine.seek(partition, generation, position, nowNanos));
        loop.memoryReturned();
    }

    /** Moves partitions to where the strategy finds; that is looked up when it is needed. */
    public void seek(Collection<TopicPartition> partitions, ResetStrategy strategy) {
        for (TopicPartition partition : partitions) {
            long generation = lanes.seek(partition, null);
            loop.submit((engine, nowNanos) -> engine.seek(partition, generation, strategy, nowNanos));
        }
        lanes.tellChanges();
        loop.memoryReturned();
    }

    public void pause(Collection<TopicPartition> partitions, boolean pause) {
        List<TopicPartition> copy = new ArrayList<>(partitions);
        copy.forEach(partition -> lanes.pause(partition, pause));
        loop.submit((engine, nowNanos) -> engine.pause(copy, pause, nowNanos));
    }

    public Set<TopicPartition> paused() {
        return lanes.paused();
    }

    /** The offset of the next record, waiting for it to be looked up if need be. */
    public long position(TopicPartition partition, Duration timeout) {
        takeDeliveries();
        lanes.tellChanges();
        FetchPosition known = lanes.position(partition);
        if (known == null) {
            known = waiting.explained(
                    id -> new Question.Position(id, partition),
                    timeout,
                    "the position for partition " + partition,
                    pending -> lookedUp(partition, pending));
        }
        return known.offset();
    }

    private @Nullable FetchPosition lookedUp(TopicPartition partition, Loop.PendingQuestion pending) {
        takeDeliveries();
        lanes.tellChanges();
        throwIfRaised();
        lanes.throwIfUnpositioned(partition);
        FetchPosition found = lanes.position(partition);
        if (found == null) {
            // The question has no answer but the position itself: it only ends when there can be none.
            Waiting.answerTo(pending);
        }
        return found;
    }

    /** How far the position is behind the end of what may be read, if both are known. */
    public OptionalLong currentLag(TopicPartition partition) {
        takeDeliveries();
        lanes.tellChanges();
        FetchPosition position = lanes.position(partition);
        return position == null
                ? OptionalLong.empty()
                : lanes.watermarks(partition).lag(position, settings.engine().readCommitted());
    }

    /** Takes records; waits for them no longer than the time given. */
    public ConsumerRecords<K, V> poll(Duration timeout) {
        refuseWithinVisit();
        ConsumerRecords<K, V> records = polled(timeout, this::takeRecords);
        return records == null ? ConsumerRecords.empty() : interceptors.onConsume(records);
    }

    private <T> @Nullable T polled(Duration timeout, Supplier<@Nullable T> attempt) {
        meter.polls().started(clock.nanos(), clock.epochMillis());
        try {
            return waiting.until(timeout, attempt);
        } finally {
            meter.polls().ended(clock.nanos(), clock.epochMillis());
        }
    }

    private @Nullable ConsumerRecords<K, V> takeRecords() {
        RecordCollector<K, V> collector = new RecordCollector<>(assembler, settings.maxPollRecords());
        Set<TopicPartition> advanced = take(collector, collector.consumption());
        return advanced == null ? null : collector.records(lanes, advanced);
    }

    /**
     * Shows records where they lie, as many as a poll would return, or fewer if the visitor stops; waits for them no longer
     * than the time given. What the visitor throws leaves this method, and the record that it was shown comes again.
     *
     * @return how many records were shown and are consumed
     * @throws IllegalStateException if there are interceptors, which only take records that are made; or from within a visit
     */
    public int visit(Duration timeout, Visit.Visitor visitor) {
        refuseWithinVisit();
        if (!interceptors.isEmpty()) {
            throw new IllegalStateException("There are interceptor.classes, which take whole records, and a visitor is"
                    + " shown none. Remove them, or use poll(Duration).");
        }
        Visit visit = new Visit(visitor);
        visiting = true;
        try {
            polled(timeout, () -> take(visit, visit.consumption()));
        } finally {
            visiting = false;
        }
        visit.rethrow();
        return visit.consumption().records();
    }

    private void refuseWithinVisit() {
        if (visiting) {
            throw new IllegalStateException("poll() was called by a visitor that poll() has called; return first.");
        }
    }

    /** Has records taken; returns the partitions that have moved without one, or null if nothing has moved. */
    private @Nullable Set<TopicPartition> take(Lanes.RecordTaker taker, Consumption consumption) {
        takeDeliveries();
        throwIfRaised();
        try {
            int taken = lanes.poll(settings.maxPollRecords(), taker);
            Set<TopicPartition> advanced = lanes.takeAdvanced();
            return taken == 0 && advanced.isEmpty() ? null : advanced;
        } finally {
            lanes.tellChanges();
            if (consumption.records() == 0) {
                yieldBlocked();
            }
            loop.applicationLooked(consumption.records() > 0);
            loop.memoryReturned();
        }
    }

    /** Data that the application leaves lying, or that it cannot take, must not keep from it what it waits for. */
    private void yieldBlocked() {
        if (!loop.starved()) {
            return;
        }
        lanes.yieldBlocked()
                .forEach((partition, yielded) ->
                        loop.submit((engine, nowNanos) -> engine.fetchAgain(partition, yielded, nowNanos)));
    }

    private void takeDeliveries() {
        for (Delivery delivery = handover.take(); delivery != null; delivery = handover.take()) {
            lanes.offer(delivery);
        }
        handover.takeMarks(lanes::offer);
    }

    private void throwIfRaised() {
        KafkaException raised = handover.takeRaised();
        if (raised != null) {
            throw raised;
        }
    }

    /** Ends the wait under way, or the next one, with a WakeupException. Safe from any thread. */
    public void wakeup() {
        waiting.wakeup();
    }

    /** All metrics. Safe from any thread. */
    public Map<MetricName, ? extends Metric> metrics() {
        return meter.metrics();
    }

    /** What fetching has done so far. Safe from any thread. */
    public FetchTally tally() {
        return loop.tally();
    }

    /** Ends everything; sessions are closed at their brokers as far as that succeeds within the time given. */
    public void close(Duration timeout) {
        lanes.assign(Set.of());
        ahead.close();
        owner.close(Waiting.nanos(timeout));
        takeDeliveries();
        decompressor.close();
        interceptors.close();
        meter.close();
    }
}

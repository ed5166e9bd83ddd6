package dev.surefoot.runtime;

import dev.surefoot.core.delivery.Lanes;
import dev.surefoot.core.delivery.RecordAssembler;
import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.core.handover.Yielded;
import dev.surefoot.net.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Takes records out of the lanes for the application, as objects or shown to a visitor, and waits for them. Owned by
 * the application's thread.
 */
public final class Polling<K, V> {
    private final Lanes lanes;
    private final Intake intake;
    private final Loop loop;
    private final Waiting waiting;
    private final RecordAssembler<K, V> assembler;
    private final Interceptors<K, V> interceptors;
    private final BadRecords badRecords;
    private final PollMeter meter;
    private final PartitionMeters partitionMeters;
    private final RecordedEvents recorded;
    private final Clock clock;
    private final int maxPollRecords;
    private final Subscriptions subscriptions;
    private final @Nullable GroupMember member;
    private boolean visiting;

    /** @param clock measures the polls */
    Polling(
            Lanes lanes,
            Intake intake,
            Loop loop,
            Waiting waiting,
            PlugIns<K, V> plugIns,
            Clock clock,
            int maxPollRecords,
            Subscriptions subscriptions,
            @Nullable GroupMember member) {
        this.lanes = lanes;
        this.intake = intake;
        this.loop = loop;
        this.waiting = waiting;
        this.assembler = new RecordAssembler<>(plugIns.keyDeserializer(), plugIns.valueDeserializer());
        this.interceptors = plugIns.interceptors();
        this.badRecords = plugIns.badRecords();
        this.meter = plugIns.meter().polls();
        this.partitionMeters = plugIns.meter().partitions();
        this.recorded = plugIns.log().recorded();
        this.clock = clock;
        this.maxPollRecords = maxPollRecords;
        this.subscriptions = subscriptions;
        this.member = member;
    }

    /**
     * Takes records; waits for them until the timeout.
     *
     * @return at most {@code max.poll.records} records, none after the timeout
     * @throws IllegalStateException if no partition is assigned, or if called within a visit
     * @throws KafkaException if the loop has an error for the application, or a record cannot be read
     */
    public ConsumerRecords<K, V> poll(Duration timeout) {
        requireAssignment();
        requireNoVisit();
        ConsumerRecords<K, V> records = polled(timeout, this::takeRecords);
        return records == null ? ConsumerRecords.empty() : interceptors.onConsume(records);
    }

    private <T> @Nullable T polled(Duration timeout, Supplier<@Nullable T> attempt) {
        long nowNanos = clock.nanos();
        long outsideNanos = meter.outsideNanos(nowNanos);
        recorded.pollGap(outsideNanos);
        meter.started(nowNanos, clock.epochMillis());
        // A commit callback may poll within a poll, which goes on then.
        boolean within = loop.isInPoll();
        loop.pollEntered();
        try {
            if (member != null) {
                member.beginPoll();
            }
            partitionMeters.settleWithPoll(outsideNanos);
            return waiting.until(timeout, attempt, partitionMeters);
        } finally {
            if (!within) {
                loop.pollLeft();
            }
            meter.ended(clock.nanos(), clock.epochMillis());
        }
    }

    private @Nullable ConsumerRecords<K, V> takeRecords() {
        RecordCollector<K, V> collector = new RecordCollector<>(assembler, maxPollRecords);
        Set<TopicPartition> advanced = take(collector, collector.consumption());
        return advanced == null ? null : collector.records(lanes, advanced);
    }

    /**
     * Shows a visitor records in the memory that they were received in, as many as a poll would return; waits for them
     * until the timeout. What the visitor throws leaves this method, and the next call shows that record again.
     *
     * @return how many records were shown
     * @throws IllegalStateException if no partition is assigned, if called within a visit, or if there are
     *     interceptors, which need record objects
     * @throws KafkaException if the loop has an error for the application, or a record cannot be read
     */
    public int visit(Duration timeout, Visit.Visitor visitor) {
        requireAssignment();
        requireNoVisit();
        if (!interceptors.isEmpty()) {
            throw new IllegalStateException("interceptor.classes is set, and poll with a visitor makes no records for"
                    + " interceptors. Remove it, or use poll(Duration).");
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

    private void requireAssignment() {
        if (lanes.assignment().isEmpty() && !subscriptions.isInGroup()) {
            throw new IllegalStateException("Consumer is not subscribed to any topics or assigned any partitions");
        }
    }

    private void requireNoVisit() {
        if (member != null && member.isInListener()) {
            throw new IllegalStateException(
                    "poll() was called by a rebalance listener that poll() has called; return first.");
        }
        if (badRecords.isHandling()) {
            throw new IllegalStateException(
                    "poll() was called by a handler of bad records that poll() has called; return first.");
        }
        if (visiting) {
            throw new IllegalStateException("poll() was called by a visitor that poll() has called; return first.");
        }
    }

    /** Takes records; returns the partitions that have moved without a record, or null if nothing has moved. */
    private @Nullable Set<TopicPartition> take(Lanes.RecordTaker taker, Consumption consumption) {
        if (member != null) {
            member.advance();
        }
        intake.takeDeliveries();
        intake.takeAgain(this::fetchAgain);
        intake.throwIfRaised();
        try {
            int taken = visiting ? show(taker) : lanes.poll(maxPollRecords, taker);
            Set<TopicPartition> advanced = lanes.takeAdvanced();
            return taken == 0 && advanced.isEmpty() ? null : advanced;
        } finally {
            lanes.tellChanges();
            fetchAgain(lanes.takeToFetch());
            if (consumption.records() == 0) {
                yieldBlocked();
            }
            loop.applicationLooked(consumption.records() > 0);
            loop.memoryReturned();
        }
    }

    /** Drops what is buffered of a partition, and has it fetched again from the consumed position. */
    private void fetchAgain(TopicPartition partition, long generation) {
        FetchPosition position = lanes.isOf(partition, generation) ? lanes.position(partition) : null;
        if (position != null) {
            long next = lanes.seek(partition, position);
            loop.submit((engine, nowNanos) -> engine.seek(partition, next, position, nowNanos));
        }
    }

    /** The visitor's time is time out of poll: a consumer that hangs in it leaves its group. */
    private int show(Lanes.RecordTaker taker) {
        loop.pollLeft();
        try {
            return lanes.poll(maxPollRecords, taker);
        } finally {
            loop.pollEntered();
        }
    }

    /**
     * If fetching waits for memory, releases data that the application does not read or cannot read now: it holds back
     * what the application waits for. The data is fetched again later.
     */
    private void yieldBlocked() {
        if (!loop.starved()) {
            return;
        }
        fetchAgain(lanes.yieldBlocked());
    }

    private void fetchAgain(Map<TopicPartition, Yielded> yielded) {
        yielded.forEach(
                (partition, from) -> loop.submit((engine, nowNanos) -> engine.fetchAgain(partition, from, nowNanos)));
    }
}

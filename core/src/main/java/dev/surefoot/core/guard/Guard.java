package dev.surefoot.core.guard;

import dev.surefoot.core.cluster.Cluster;
import dev.surefoot.core.cluster.MetadataRefresh;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.fetch.Fetcher;
import dev.surefoot.core.fetch.PartitionRoute;
import dev.surefoot.core.fetch.SessionLevers;
import dev.surefoot.core.guard.ApplicationView.Reading;
import dev.surefoot.core.handover.Watermarks;
import dev.surefoot.core.position.Positions;
import dev.surefoot.core.position.TrackedPartition;
import dev.surefoot.core.session.PartitionAnswer;
import dev.surefoot.core.session.PartitionReport;
import dev.surefoot.core.session.Verdict;
import dev.surefoot.progress.Severity;
import dev.surefoot.progress.StallCause;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Watches whether the assigned partitions advance. It takes note of every answer, and about once a second looks at the
 * partitions: at all of them, or at {@link #LOOKS_MAX} if there are more, those in trouble first. Each look names one
 * cause. Owned by the loop's thread.
 */
public final class Guard {
    /** The most partitions to look at in one round, so that a round takes about a millisecond. */
    static final int LOOKS_MAX = 4_096;

    private static final long SECOND_NANOS = 1_000_000_000L;

    /** For how long what was told of partitions is remembered that are not assigned any more. */
    private static final long FORGET_NANOS = 10 * SECOND_NANOS;

    private final GuardSettings settings;
    private final Cluster cluster;
    private final Positions positions;
    private final Fetcher fetcher;
    private final ApplicationView application;
    private final ApplicationLedger applicationLedger;
    private final CauseTree causes;
    private final StallLimits limits;
    private final ProofTimes proofs;
    private final ConsumerLedger consumer;
    private final ProcessPauses pauses = new ProcessPauses();
    private final LateTurns lateTurns = new LateTurns();
    private final Surroundings surroundings;

    private final Map<TopicPartition, PartitionLedger> ledgers = new HashMap<>();
    private final Map<Integer, BrokerLedger> brokers = new HashMap<>();
    /** The partitions that were assigned until a short time ago. */
    private final Map<TopicPartition, PartitionLedger> parted = new HashMap<>();

    private long forgetNanos;
    /** The order of rounds. Partitions that are not assigned any more leave it when their turn comes. */
    private final List<PartitionLedger> order = new ArrayList<>();

    private int next;
    private final Set<PartitionLedger> inTrouble = new LinkedHashSet<>();
    private final Map<TopicPartition, Finding> news = new LinkedHashMap<>();
    private final Episodes episodes = new Episodes();
    private long nextRoundNanos = Long.MIN_VALUE;
    private final Ladders ladders;

    /** @param random the source of all jitter; the same seed gives the same steps at the same times */
    public Guard(
            GuardSettings settings,
            Cluster cluster,
            MetadataRefresh refresh,
            Positions positions,
            Fetcher fetcher,
            Surroundings surroundings,
            ApplicationView application,
            SplittableRandom random) {
        this.settings = settings;
        this.cluster = cluster;
        this.positions = positions;
        this.fetcher = fetcher;
        this.application = application;
        this.applicationLedger = new ApplicationLedger(application);
        this.causes = new CauseTree(settings, cluster, refresh, fetcher, surroundings, applicationLedger);
        this.limits = new StallLimits(settings);
        this.proofs = new ProofTimes(settings.timing());
        long patienceNanos = settings.timing().patienceNanos();
        SessionLevers levers = fetcher.levers();
        this.ladders = new Ladders(settings.recovery(), patienceNanos, random, levers::isStuck, levers::isRefused);
        this.surroundings = surroundings;
        this.consumer = new ConsumerLedger(causes.groups(), new Concerns(surroundings, pauses, patienceNanos), limits);
    }

    // What happens.

    /** Takes over the assignment. */
    public void assigned(long nowNanos) {
        passOverLateness(nowNanos);
        for (PartitionLedger ledger : ledgers.values()) {
            if (!isAssigned(ledger)) {
                episodes.gone(ledger.tracked().partition(), nowNanos);
                ladders.revoked(ledger.tracked().partition());
                parted.put(ledger.tracked().partition(), ledger);
                forgetNanos = nowNanos + FORGET_NANOS;
            }
        }
        ledgers.values().removeIf(ledger -> !isAssigned(ledger));
        inTrouble.removeIf(ledger -> !isAssigned(ledger));
        for (TrackedPartition tracked : positions.all()) {
            if (!ledgers.containsKey(tracked.partition())) {
                PartitionLedger ledger = new PartitionLedger(tracked, nowNanos);
                PartitionLedger before = parted.remove(tracked.partition());
                if (before != null) {
                    ledger.inherit(before);
                }
                ledgers.put(tracked.partition(), ledger);
                order.add(ledger);
                inTrouble.add(ledger);
            }
        }
        nextRoundNanos = nowNanos;
    }

    @SuppressWarnings("ReferenceEquality") // a partition that was assigned anew is tracked anew
    private boolean isAssigned(PartitionLedger ledger) {
        return positions.get(ledger.tracked().partition()) == ledger.tracked();
    }

    /**
     * Takes note of an answer to a fetch, before its data is used.
     *
     * @param grantedBytes the most bytes of records that the request asked for
     * @param responseBytes the bytes of the answer
     */
    public void answered(
            int nodeId, Verdict verdict, boolean throttled, int grantedBytes, int responseBytes, long nowNanos) {
        BrokerLedger broker = brokers.computeIfAbsent(nodeId, id -> new BrokerLedger());
        boolean goesOn = verdict.isOrderly() && verdict.outcome() == Verdict.Outcome.CONTINUED;
        boolean room = grantedBytes - responseBytes >= settings.maxPartitionBytes() || hasNoRecords(verdict);
        broker.answered(verdict, goesOn, room && !throttled, nowNanos);
        for (PartitionReport report : verdict.reports()) {
            PartitionLedger ledger = remembered(report.partition());
            if (ledger != null) {
                ledger.mentioned(nodeId, broker.answers(), nowNanos);
                boolean isEmpty = !report.answer().records().hasRemaining();
                ledger.emptyAt(isEmpty ? report.target().fetchOffset() : -1);
                if (report.answer().error() == BrokerError.OFFSET_OUT_OF_RANGE
                        && nodeId != cluster.leader(report.partition()).leaderId()) {
                    ledger.followerIsBehind(nowNanos);
                }
                tellOfEnd(ledger, report.answer(), nowNanos);
            }
            if (report.answer().records().hasRemaining()) {
                ladders.served(nodeId, nowNanos);
            }
        }
        for (Verdict.Doubt doubt : verdict.doubts()) {
            PartitionLedger ledger = ledgers.get(doubt.partition());
            if (ledger != null) {
                ledger.doubted(doubt.repeats());
            }
        }
    }

    /** Brokers answer with one batch at least if there is any, however small the room is (KIP-74). */
    private static boolean hasNoRecords(Verdict verdict) {
        for (PartitionReport report : verdict.reports()) {
            if (report.answer().records().hasRemaining()) {
                return false;
            }
        }
        return true;
    }

    /** What is remembered of a partition that is assigned, or was until a short time ago. */
    private @Nullable PartitionLedger remembered(TopicPartition partition) {
        PartitionLedger ledger = ledgers.get(partition);
        return ledger == null && !parted.isEmpty() ? parted.get(partition) : ledger;
    }

    /** What an answer says of the log's end holds whatever position it was asked for. */
    private void tellOfEnd(PartitionLedger ledger, PartitionAnswer answer, long nowNanos) {
        Uuid known = ledger.tracked().topicId();
        boolean ofTopic = known.equals(Uuid.ZERO_UUID)
                || answer.topicId().equals(Uuid.ZERO_UUID)
                || answer.topicId().equals(known);
        boolean orderly = answer.error() == BrokerError.NONE
                && answer.divergingEpoch() == null
                && answer.preferredReadReplica() < 0
                && answer.highWatermark() >= 0;
        if (ofTopic && orderly) {
            boolean follower = ledger.nodeId()
                    != cluster.leader(ledger.tracked().partition()).leaderId();
            Watermarks marks =
                    new Watermarks(answer.highWatermark(), answer.lastStableOffset(), answer.logStartOffset());
            ledger.told(marks, follower, nowNanos);
        }
    }

    /** Takes note of a fetch without an answer. */
    public void failed(int nodeId) {
        BrokerLedger broker = brokers.get(nodeId);
        if (broker != null) {
            broker.failed();
        }
    }

    /** Takes note of what a broker has told of a partition's log, in an answer whose data is used. */
    public void told(TopicPartition partition, long generation, Watermarks watermarks, long nowNanos) {
        PartitionLedger ledger = ledgers.get(partition);
        if (ledger != null && generation == ledger.tracked().generation()) {
            boolean follower = ledger.nodeId() != cluster.leader(partition).leaderId();
            ledger.told(watermarks, follower, nowNanos);
        }
    }

    /**
     * Takes note of what the leader has answered to {@link Wish.Kind#VERIFY}.
     *
     * @param generation the generation of the partition when the leader was asked
     * @param end the end of what may be read, or -1 if the leader cannot be asked or has no answer
     */
    public void ended(TopicPartition partition, long generation, long end, long nowNanos) {
        PartitionLedger ledger = ledgers.get(partition);
        if (ledger != null && generation == ledger.tracked().generation()) {
            if (end >= 0) {
                ledger.ended(end, settings.readCommitted(), nowNanos);
            }
            ladders.verified(partition);
        }
    }

    // Rounds.

    /** Sets when the loop's next turn is due at the latest, in nanoseconds of its clock, or {@link Long#MAX_VALUE}. */
    public void nextTurnAt(long deadlineNanos, long nowNanos) {
        lateTurns.plan(deadlineNanos, nowNanos);
    }

    /** Looks at partitions once a second, and decides what to do about those that do not advance. */
    public void round(long nowNanos) {
        passOverLateness(nowNanos);
        if (nowNanos < nextRoundNanos) {
            return;
        }
        nextRoundNanos = nowNanos + SECOND_NANOS;
        if (nowNanos > forgetNanos) {
            parted.clear();
        }
        if (pauses.look(nowNanos, surroundings.epochMillis())) {
            consumer.restartPatience(nowNanos);
        }
        consumer.look(!ledgers.isEmpty(), nowNanos);
        applicationLedger.look(nowNanos);
        int looks = 0;
        for (PartitionLedger ledger : List.copyOf(inTrouble)) {
            if (looks < LOOKS_MAX / 2) {
                look(ledger, nowNanos);
                looks++;
            }
        }
        for (int turns = order.size(); turns > 0 && looks < LOOKS_MAX; turns--) {
            if (next >= order.size()) {
                next = 0;
            }
            PartitionLedger ledger = order.get(next);
            if (isAssigned(ledger)) {
                next++;
                look(ledger, nowNanos);
                looks++;
            } else {
                PartitionLedger last = order.remove(order.size() - 1);
                if (next < order.size()) {
                    order.set(next, last);
                }
            }
        }
        ladders.turn(brokers.size(), nowNanos, surroundings.epochMillis());
        episodes.settle(nowNanos);
    }

    private int askedBroker(PartitionLedger ledger, long nowNanos) {
        PartitionRoute route = fetcher.routeOf(ledger.tracked().partition(), nowNanos);
        return route.isFetched() ? route.nodeId() : ledger.leaderId();
    }

    /** While the loop did not turn although it was to, nothing could be done about a stall: it has not lasted then. */
    private void passOverLateness(long nowNanos) {
        long lateNanos = lateTurns.take(nowNanos);
        if (lateNanos > 0) {
            ledgers.values().forEach(ledger -> ledger.passOver(lateNanos));
        }
    }

    private void look(PartitionLedger ledger, long nowNanos) {
        TopicPartition name = ledger.tracked().partition();
        Reading seen = application.reading(name);
        boolean current = seen != null && seen.generation() == ledger.tracked().generation();
        Reading reading = current ? seen : null;
        ledger.look(reading, cluster.leader(name).leaderId(), settings.readCommitted(), nowNanos);
        BrokerLedger broker = brokers.computeIfAbsent(ledger.nodeId(), id -> new BrokerLedger());
        int fetchedFrom = fetcher.routeOf(name, nowNanos).nodeId();
        ledger.silence().look(ledger.tracked(), fetchedFrom, ledger.nodeId(), broker.answers());
        long standsUntilNanos = proofs.standsUntilNanos(ledger, broker, ledgers.size());
        boolean standing = nowNanos <= standsUntilNanos;
        Conclusion conclusion = lasting(ledger, causes.conclude(ledger, reading, broker, standing, nowNanos), nowNanos);
        ledger.name(conclusion.cause(), conclusion.isFine(), nowNanos);
        Severity severity = limits.severity(conclusion, ledger.troubleAgeNanos(nowNanos));
        if (severity == Severity.FINE) {
            inTrouble.remove(ledger);
        } else {
            inTrouble.add(ledger);
        }
        episodes.look(ledger, conclusion, severity, nowNanos);
        ladders.look(ledger, askedBroker(ledger, nowNanos), conclusion.cause(), severity, nowNanos);
        publish(
                ledger,
                conclusion,
                severity,
                standing ? standsUntilNanos + lookNanos() : PartitionLedger.NEVER,
                nowNanos);
    }

    /**
     * Between two states there are moments for which there is no explanation. They are shorter than two exchanges.
     */
    private Conclusion lasting(PartitionLedger ledger, Conclusion found, long nowNanos) {
        boolean none = found.cause() == StallCause.UNEXPLAINED || found.cause() == StallCause.CLIENT_FAULT;
        long forNanos = ledger.unexplained(none, nowNanos);
        return none && forNanos < 2 * (settings.timing().fetchWaitNanos() + SECOND_NANOS)
                ? new Conclusion(StallCause.STARTING, found.scope(), found.evidence(), found.cause())
                : found;
    }

    /** From one look at a partition to the next. */
    private long lookNanos() {
        return SECOND_NANOS + 2 * SECOND_NANOS * ledgers.size() / LOOKS_MAX;
    }

    private void publish(
            PartitionLedger ledger, Conclusion conclusion, Severity severity, long standsUntilNanos, long nowNanos) {
        Finding last = ledger.finding();
        boolean same = last != null
                && !ledger.mentionedSince()
                && last.cause() == conclusion.cause()
                && last.severity() == severity
                && (standsUntilNanos == PartitionLedger.NEVER
                        ? last.standsUntilNanos() == PartitionLedger.NEVER
                        : last.standsUntilNanos() > nowNanos + lookNanos())
                && last.fetchOffset() == ledger.fetchOffset()
                && severity == Severity.FINE;
        if (same) {
            return;
        }
        PartitionRoute route = fetcher.routeOf(ledger.tracked().partition(), nowNanos);
        Finding found = Finding.of(ledger, conclusion, severity, standsUntilNanos, route.nodeId());
        ledger.found(found);
        news.put(found.partition(), found);
    }

    /** What is tried for partitions that do not advance. */
    public Ladders ladders() {
        return ladders;
    }

    /** What the last round has found of the consumer as a whole, or null before the first. */
    public @Nullable ConsumerFinding consumerFinding() {
        return consumer.finding();
    }

    /** Returns and clears the findings that differ from those of the last call. */
    public List<Finding> takeFindings() {
        if (news.isEmpty()) {
            return List.of();
        }
        List<Finding> taken = List.copyOf(news.values());
        news.clear();
        return taken;
    }

    /** The stalls that there are, and what there is to say of them. */
    public Episodes episodes() {
        return episodes;
    }
}

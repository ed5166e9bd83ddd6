package dev.surefoot.core.guard;

import dev.surefoot.core.cluster.Cluster;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.fetch.Fetcher;
import dev.surefoot.core.fetch.PartitionRoute;
import dev.surefoot.core.handover.Watermarks;
import dev.surefoot.core.position.Positions;
import dev.surefoot.core.position.TrackedPartition;
import dev.surefoot.core.session.PartitionAnswer;
import dev.surefoot.core.session.PartitionReport;
import dev.surefoot.core.session.Verdict;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * What the guard remembers of the assigned partitions and of brokers. Takes note of answers when they come. Owned by
 * the loop's thread.
 */
public final class Ledgers {
    /** For how long what was told of partitions is remembered that are not assigned any more. */
    private static final long FORGET_NANOS = 10_000_000_000L;

    private final GuardSettings settings;
    private final Cluster cluster;
    private final Fetcher fetcher;
    private final Positions positions;
    private final Ladders ladders;

    private final Map<TopicPartition, PartitionLedger> ledgers = new HashMap<>();
    private final Map<Integer, BrokerLedger> brokers = new HashMap<>();
    /** The partitions that were assigned until a short time ago. */
    private final Map<TopicPartition, PartitionLedger> parted = new HashMap<>();

    private long forgetNanos;

    Ledgers(GuardSettings settings, Cluster cluster, Fetcher fetcher, Positions positions, Ladders ladders) {
        this.settings = settings;
        this.cluster = cluster;
        this.fetcher = fetcher;
        this.positions = positions;
        this.ladders = ladders;
    }

    // Which there are.

    /** Takes away the ledgers of partitions that are not assigned any more, and returns them. */
    List<PartitionLedger> part(long nowNanos) {
        List<PartitionLedger> gone = new ArrayList<>();
        for (PartitionLedger ledger : ledgers.values()) {
            if (!isAssigned(ledger)) {
                gone.add(ledger);
                parted.put(ledger.tracked().partition(), ledger);
                forgetNanos = nowNanos + FORGET_NANOS;
            }
        }
        ledgers.values().removeIf(ledger -> !isAssigned(ledger));
        return gone;
    }

    /** Opens the ledgers of partitions that have none yet, and returns them. */
    List<PartitionLedger> open(long nowNanos) {
        List<PartitionLedger> opened = new ArrayList<>();
        for (TrackedPartition tracked : positions.all()) {
            if (!ledgers.containsKey(tracked.partition())) {
                PartitionLedger ledger = new PartitionLedger(tracked, nowNanos);
                PartitionLedger before = parted.remove(tracked.partition());
                if (before != null) {
                    ledger.inherit(before);
                }
                ledgers.put(tracked.partition(), ledger);
                opened.add(ledger);
            }
        }
        return opened;
    }

    /** Forgets the partitions that have not been assigned for some time. */
    void forgetParted(long nowNanos) {
        if (nowNanos > forgetNanos) {
            parted.clear();
        }
    }

    @SuppressWarnings("ReferenceEquality") // a partition that was assigned anew is tracked anew
    boolean isAssigned(PartitionLedger ledger) {
        return positions.get(ledger.tracked().partition()) == ledger.tracked();
    }

    Collection<PartitionLedger> all() {
        return ledgers.values();
    }

    boolean isEmpty() {
        return ledgers.isEmpty();
    }

    int size() {
        return ledgers.size();
    }

    /** By node id. */
    Map<Integer, BrokerLedger> brokers() {
        return brokers;
    }

    /** The ledger of a broker, made if there is none. */
    BrokerLedger ofBroker(int nodeId) {
        return brokers.computeIfAbsent(nodeId, id -> new BrokerLedger());
    }

    /** Where the partition's records come from. */
    FetchSource sourceOf(PartitionLedger ledger, long nowNanos) {
        PartitionRoute route = fetcher.routeOf(ledger.tracked().partition(), nowNanos);
        int askedId = route.isFetched() ? route.nodeId() : ledger.leaderId();
        // A partition that was never named has no broker of its own yet.
        BrokerLedger broker = ofBroker(ledger.nodeId() < 0 ? askedId : ledger.nodeId());
        return new FetchSource(route, askedId, broker, route.isFetched() ? ofBroker(route.nodeId()) : broker);
    }

    // Answers.

    /**
     * Takes note of an answer to a fetch, before its data is used.
     *
     * @param grantedBytes the most bytes of records that the request asked for
     * @param responseBytes the bytes of the answer
     * @param askedNanos when the request was sent, in nanoseconds of the loop's clock: the answer may be as old as
     *     that, as when the process stopped before it was read
     */
    public void answered(
            int nodeId,
            Verdict verdict,
            boolean throttled,
            int grantedBytes,
            int responseBytes,
            long askedNanos,
            long nowNanos) {
        BrokerLedger broker = ofBroker(nodeId);
        boolean goesOn = verdict.isOrderly() && verdict.outcome() == Verdict.Outcome.CONTINUED;
        int largest = largest(verdict);
        boolean hasRoom = verdict.isOrderly() && !throttled && largest == 0;
        broker.answered(verdict, goesOn, room(largest, throttled, grantedBytes, responseBytes), askedNanos, nowNanos);
        for (PartitionReport report : verdict.reports()) {
            PartitionLedger ledger = remembered(report.partition());
            if (ledger != null && isOfFormer(ledger, nodeId, nowNanos)) {
                continue;
            }
            if (ledger != null && report.answer().preferredReadReplica() >= 0) {
                // It leaves this session, and may be back in it before anybody looks. The leader's end is not what the
                // follower lets be read, and the follower's session may have had the partition all the time.
                ledger.askedAnew();
            } else if (ledger != null) {
                boolean isEmpty = hasRoom && report.answer().error() == BrokerError.NONE;
                long emptyAt = isEmpty ? report.target().fetchOffset() : -1;
                ledger.mentioned(nodeId, report.answer().topicId(), broker.shares(), emptyAt, nowNanos);
                if (report.answer().error() == BrokerError.OFFSET_OUT_OF_RANGE
                        && nodeId != ledger.newestLeaderId(cluster)) {
                    ledger.followerIsBehind(nowNanos);
                }
                tellOfEnd(ledger, report.answer(), askedNanos, nowNanos);
            }
        }
        if (largest > 0) {
            ladders.served(nodeId, nowNanos);
        }
        for (Verdict.Doubt doubt : verdict.doubts()) {
            PartitionLedger ledger = ledgers.get(doubt.partition());
            if (ledger != null) {
                ledger.doubted(doubt.repeats());
            }
        }
    }

    /**
     * Whether the broker is one that the partition is not fetched from any more: an answer that comes late is not the
     * last word.
     */
    private boolean isOfFormer(PartitionLedger ledger, int nodeId, long nowNanos) {
        if (ledger.nodeId() == nodeId) {
            return false; // as it is nearly always, so that the route is looked up only when that changes
        }
        int fetchedFrom =
                fetcher.routeOf(ledger.tracked().partition(), nowNanos).nodeId();
        return fetchedFrom >= 0 && fetchedFrom != nodeId;
    }

    /** How much the answer shows of a partition that it does not name. */
    private BrokerLedger.Room room(int largest, boolean throttled, int grantedBytes, int responseBytes) {
        if (throttled) {
            return BrokerLedger.Room.NONE;
        }
        // Brokers answer with one batch at least if there is any, however small the room is (KIP-74). One beyond
        // max.partition.fetch.bytes comes only as the first of an answer, so others like it wait.
        boolean isLeft = grantedBytes - responseBytes >= settings.maxPartitionBytes();
        boolean forAll = largest == 0 || (isLeft && largest <= settings.maxPartitionBytes());
        return forAll ? BrokerLedger.Room.FOR_ALL : new BrokerLedger.Room(ledgers.size());
    }

    /** The most bytes of records that the answer has of one partition. */
    private static int largest(Verdict verdict) {
        int most = 0;
        for (PartitionReport report : verdict.reports()) {
            most = Math.max(most, report.answer().records().remaining());
        }
        return most;
    }

    /** What is remembered of a partition that is assigned, or was until a short time ago. */
    private @Nullable PartitionLedger remembered(TopicPartition partition) {
        PartitionLedger ledger = ledgers.get(partition);
        return ledger == null && !parted.isEmpty() ? parted.get(partition) : ledger;
    }

    /** What an answer says of the log's end holds whatever position it was asked for. */
    private void tellOfEnd(PartitionLedger ledger, PartitionAnswer answer, long askedNanos, long nowNanos) {
        Uuid known = ledger.tracked().topicId();
        boolean ofTopic = known.equals(Uuid.ZERO_UUID)
                || answer.topicId().equals(Uuid.ZERO_UUID)
                || answer.topicId().equals(known);
        boolean orderly = answer.error() == BrokerError.NONE
                && answer.divergingEpoch() == null
                && answer.preferredReadReplica() < 0
                && answer.highWatermark() >= 0;
        if (!orderly) {
            return;
        }
        Watermarks marks = new Watermarks(answer.highWatermark(), answer.lastStableOffset(), answer.logStartOffset());
        boolean follower = ledger.nodeId() != ledger.newestLeaderId(cluster);
        if (ofTopic) {
            ledger.told(marks, follower, askedNanos, nowNanos);
        } else {
            ledger.toldOfFormer(answer.topicId(), marks, follower, askedNanos);
        }
    }

    /** Takes note of a fetch without an answer. */
    public void failed(int nodeId) {
        BrokerLedger broker = brokers.get(nodeId);
        if (broker != null) {
            broker.failed();
        }
    }

    /**
     * Takes note of what the leader has answered to {@link Wish.Kind#VERIFY}.
     *
     * @param generation the generation of the partition when the leader was asked
     * @param end the end of what may be read, or -1 if the leader cannot be asked or has no answer
     * @param askedNanos when the leader was asked, in nanoseconds of the loop's clock
     */
    public void ended(TopicPartition partition, long generation, long end, long askedNanos) {
        PartitionLedger ledger = ledgers.get(partition);
        if (ledger != null && generation == ledger.tracked().generation()) {
            if (end >= 0) {
                ledger.ended(end, settings.readCommitted(), askedNanos);
            }
            ladders.verified(partition);
        }
    }
}

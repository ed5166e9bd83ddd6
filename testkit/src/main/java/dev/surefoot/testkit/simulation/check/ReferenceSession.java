package dev.surefoot.testkit.simulation.check;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchTarget;
import dev.surefoot.core.session.PartitionAnswer;
import dev.surefoot.core.session.Verdict.DoubtReason;
import dev.surefoot.core.session.Verdict.Outcome;
import dev.surefoot.testkit.simulation.check.Judgement.Usable;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * What any client must conclude from its exchanges with one broker, written from the protocol (KIP-227) in the simplest
 * way. It reads nothing from the handler under test, whose results are compared with it.
 */
public final class ReferenceSession {
    private static final int BASE_OFFSET_BYTES = 8;
    private static final int BATCH_LENGTH_OVERHEAD = 12;
    private static final int LAST_OFFSET_DELTA_AT = 23;
    /** The time of the last mention of a partition that is to be announced anew. */
    private static final long ANNOUNCED_ANEW = Long.MIN_VALUE / 2;

    /** One partition that the broker holds. */
    static final class Told {
        FetchTarget target;
        /** When the broker last mentioned it, or if it has not, when it was added. */
        long mentionedNanos;
        /** Whether the broker's last answer for it had records. */
        boolean served;

        Told(FetchTarget target, long mentionedNanos) {
            this.target = target;
            this.mentionedNanos = mentionedNanos;
        }
    }

    /** A partition that is wanted. */
    record Wanted(Uuid topicId, FetchTarget target) {}

    final LinkedHashMap<TopicPartition, Wanted> wanted = new LinkedHashMap<>();
    final Map<TopicIdPartition, Told> told = new LinkedHashMap<>();
    private final int firstEpoch;
    private Belief belief = Belief.none("I7");
    private int resetsInARow;
    private long lastReset;
    private boolean replaced;

    /** @param firstEpoch the epoch after that of the request that opens a session; 1 by the protocol */
    public ReferenceSession(int firstEpoch) {
        this.firstEpoch = firstEpoch;
    }

    /** Returns what the client must believe now. */
    public Belief belief() {
        return belief;
    }

    /** Returns the number of answers in a row that ended the session. */
    int resetsInARow() {
        return resetsInARow;
    }

    long lastReset() {
        return lastReset;
    }

    boolean wantsTopicIds() {
        return wanted.values().stream().noneMatch(w -> w.topicId().equals(Uuid.ZERO_UUID));
    }

    /** Returns the partitions that requests have added to the session and not removed since. */
    public Map<TopicIdPartition, FetchTarget> held() {
        Map<TopicIdPartition, FetchTarget> held = new LinkedHashMap<>();
        told.forEach((key, partition) -> held.put(key, partition.target));
        return held;
    }

    /**
     * Returns when the broker last mentioned a partition that it holds, or when it was added; empty if the broker does
     * not hold it.
     */
    public OptionalLong mentionedNanos(TopicIdPartition key) {
        Told partition = told.get(key);
        return partition == null ? OptionalLong.empty() : OptionalLong.of(partition.mentionedNanos);
    }

    // The judgement of an answer.

    /** Judges an answer. Changes nothing. */
    public Judgement judge(FetchPlan plan, FetchAnswer answer) {
        if (belief.state() == Belief.State.CLOSED) {
            return Judgement.of(Judgement.Kind.IGNORED, "I30");
        }
        if (answer.error() != BrokerError.NONE) {
            return Judgement.of(Judgement.Kind.REFUSED, "I9");
        }
        boolean incremental = plan.kind() == FetchPlan.Kind.INCREMENTAL;
        boolean throttledInFull = !incremental
                && answer.throttleTimeMs() > 0
                && answer.partitions().isEmpty()
                && !plan.partitions().isEmpty();
        if (throttledInFull) {
            return new Judgement(Judgement.Kind.ORDERLY, "I16", Map.of(), Map.of(), Outcome.THROTTLED);
        }
        if (incremental && answer.sessionId() > 0 && answer.sessionId() != plan.sessionId()) {
            return Judgement.of(Judgement.Kind.DIVERGED, "I8");
        }
        return judgePartitions(plan, answer, incremental);
    }

    private Judgement judgePartitions(FetchPlan plan, FetchAnswer answer, boolean incremental) {
        Map<TopicIdPartition, FetchTarget> asked = incremental ? held() : new LinkedHashMap<>();
        asked.putAll(plan.partitions());
        plan.forgotten().forEach(asked::remove);
        Map<TopicPartition, Usable> usable = new LinkedHashMap<>();
        Map<TopicPartition, DoubtReason> doubted = new LinkedHashMap<>();
        for (PartitionAnswer partition : answer.partitions()) {
            TopicIdPartition key = find(asked, partition);
            if (key == null) {
                return Judgement.of(Judgement.Kind.DIVERGED, "I18");
            }
            TopicPartition name = key.topicPartition();
            if (!usable.containsKey(name) && !doubted.containsKey(name)) {
                FetchTarget target = Objects.requireNonNull(asked.get(key));
                DoubtReason reason = doubtReason(partition, target.fetchOffset());
                if (reason == null) {
                    usable.put(name, new Usable(key, target, partition));
                } else {
                    doubted.put(name, reason);
                }
            }
        }
        int answered = usable.size() + doubted.size();
        if (!incremental && answered < plan.partitions().size()) {
            return Judgement.of(Judgement.Kind.DIVERGED, "I15");
        }
        if (incremental && (answer.throttleTimeMs() == 0 || answered > 0)) {
            plan.partitions().keySet().stream()
                    .filter(key -> !told.containsKey(key))
                    .map(TopicIdPartition::topicPartition)
                    .filter(name -> !usable.containsKey(name) && !doubted.containsKey(name))
                    .forEach(name -> doubted.put(name, DoubtReason.ADDITION_NOT_REPORTED));
        }
        return new Judgement(
                Judgement.Kind.ORDERLY, "I8", usable, doubted, outcome(plan, answer.sessionId(), incremental));
    }

    private static Outcome outcome(FetchPlan plan, int sessionId, boolean incremental) {
        if (incremental) {
            return sessionId > 0 ? Outcome.CONTINUED : Outcome.ENDED;
        }
        return sessionId > 0 && plan.kind() == FetchPlan.Kind.FULL ? Outcome.OPENED : Outcome.NOT_GRANTED;
    }

    private static @Nullable TopicIdPartition find(
            Map<TopicIdPartition, FetchTarget> asked, PartitionAnswer partition) {
        for (TopicIdPartition key : asked.keySet()) {
            boolean sameTopic = partition.topic() == null
                    ? key.topicId().equals(partition.topicId())
                    : key.topic().equals(partition.topic());
            if (sameTopic && key.partition() == partition.partition()) {
                return key;
            }
        }
        return null;
    }

    private static @Nullable DoubtReason doubtReason(PartitionAnswer answer, long fetchOffset) {
        if (answer.error() != BrokerError.NONE
                || answer.divergingEpoch() != null
                || answer.preferredReadReplica() >= 0) {
            return null;
        }
        if (answer.highWatermark() < 0) {
            return DoubtReason.NO_HIGH_WATERMARK;
        }
        boolean leadsOn = !answer.records().hasRemaining() || nextOffset(answer) > fetchOffset;
        return leadsOn ? null : DoubtReason.NO_PROGRESS;
    }

    /** Returns the offset behind the last complete batch. */
    private static long nextOffset(PartitionAnswer answer) {
        long next = -1;
        int at = answer.records().position();
        while (at + BATCH_LENGTH_OVERHEAD <= answer.records().limit()) {
            int bytes = BATCH_LENGTH_OVERHEAD + answer.records().getInt(at + BASE_OFFSET_BYTES);
            if (at + bytes > answer.records().limit()) {
                break;
            }
            next = Math.max(
                    next, answer.records().getLong(at) + answer.records().getInt(at + LAST_OFFSET_DELTA_AT) + 1);
            at += bytes;
        }
        return next;
    }

    // The consequences of an answer.

    /** Notes an answer with its judgement. */
    public void answered(FetchPlan plan, FetchAnswer answer, Judgement judgement, long nowNanos) {
        replaced &= judgement.kind() == Judgement.Kind.ORDERLY;
        switch (judgement.kind()) {
            case IGNORED -> {}
            case REFUSED -> {
                told.clear();
                belief = answer.error() == BrokerError.FETCH_SESSION_ID_NOT_FOUND
                        ? Belief.none("I9")
                        : belief.distrusted("I9");
                reset(nowNanos);
            }
            case DIVERGED -> {
                told.clear();
                belief = belief.distrusted(judgement.because());
                reset(nowNanos);
            }
            case ORDERLY -> orderly(plan, answer, judgement, nowNanos);
        }
    }

    private void reset(long nowNanos) {
        resetsInARow++;
        lastReset = nowNanos;
    }

    private void orderly(FetchPlan plan, FetchAnswer answer, Judgement judgement, long nowNanos) {
        if (judgement.outcome() == Outcome.THROTTLED) {
            told.clear();
            belief = Belief.none("I16");
            return;
        }
        boolean goesOn = judgement.outcome() == Outcome.CONTINUED;
        replaced &= goesOn;
        if (!goesOn) {
            told.clear();
        }
        if (goesOn || judgement.outcome() == Outcome.OPENED) {
            plan.partitions().forEach((key, target) -> tell(key, target, nowNanos));
            plan.forgotten().forEach(told::remove);
            int epoch = goesOn ? successor(belief.nextEpoch()) : firstEpoch;
            String because = epoch == 1 && goesOn ? "I7" : "I8";
            belief = Belief.live(answer.sessionId(), epoch, plan.byTopicId(), because);
        } else {
            belief = Belief.none("I16");
        }
        judgement.usable().values().forEach(used -> mentioned(used, nowNanos));
        if (judgement.doubted().isEmpty()) {
            resetsInARow = 0;
        } else {
            boolean unreported = judgement.doubted().containsValue(DoubtReason.ADDITION_NOT_REPORTED);
            told.clear();
            belief = belief.distrusted(unreported ? "I24" : "I23");
            reset(nowNanos);
        }
    }

    private static int successor(int epoch) {
        return epoch == Integer.MAX_VALUE ? 1 : epoch + 1;
    }

    private void tell(TopicIdPartition key, FetchTarget target, long nowNanos) {
        Told held = told.get(key);
        if (held == null) {
            told.put(key, new Told(target, nowNanos));
        } else {
            held.target = target;
            held.served = false;
        }
    }

    private void mentioned(Usable used, long nowNanos) {
        boolean records = used.answer().records().hasRemaining();
        Told held = told.get(used.key());
        if (held != null) {
            held.mentionedNanos = nowNanos;
            held.served = records;
        }
        TopicPartition name = used.key().topicPartition();
        Wanted want = wanted.get(name);
        if (records && want != null) {
            wanted.remove(name);
            wanted.put(name, want);
        }
    }

    /** Notes that the outcome of the request is unknown. */
    public void failed() {
        if (belief.state() != Belief.State.CLOSED) {
            told.clear();
            replaced = false;
            belief = belief.distrusted("I10");
        }
    }

    /** Notes that the partition is to be announced anew, as if the broker had been silent about it for ever. */
    public void reannounce(TopicPartition name) {
        told.forEach((key, partition) -> {
            if (key.topicPartition().equals(name)) {
                partition.mentionedNanos = ANNOUNCED_ANEW;
            }
        });
    }

    /** Returns the partitions that are to be announced anew and that no answer has mentioned since. */
    public Set<TopicIdPartition> announcedAnew() {
        Set<TopicIdPartition> due = new HashSet<>();
        told.forEach((key, partition) -> {
            if (partition.mentionedNanos == ANNOUNCED_ANEW) {
                due.add(key);
            }
        });
        return due;
    }

    /** Notes that the next request is to replace the session. */
    public void reopen() {
        replaced = belief.isLive();
    }

    /** Whether the next request is to replace a live session. */
    public boolean replaced() {
        return replaced && belief.isLive();
    }

    void close() {
        told.clear();
        belief = belief.closed();
    }
}

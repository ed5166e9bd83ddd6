package dev.surefoot.core.guard;

import dev.surefoot.core.cluster.Cluster;
import dev.surefoot.core.cluster.PartitionLeader;
import dev.surefoot.progress.StallCause;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What the guard wants to know of leaders to name a cause, each rarely: for a partition that is read from a follower
 * whether the leader's log is longer, and for one that gets no records whether there are any, and whether they are in
 * remote storage. The engine asks. Owned by the loop's thread.
 */
public final class LeaderQuestions {
    /** What is asked. */
    public enum Kind {
        /** The end of what may be read. */
        END,
        /** Where the local log begins; records before it are in remote storage. */
        LOCAL_START,
        /** Whether the log has records from the fetch position on. */
        RECORDS
    }

    /**
     * One question about one partition.
     *
     * @param leader who is asked
     * @param generation the generation of the partition
     * @param fetchOffset the fetch position, or -1 if it is not known
     */
    public record Question(
            Kind kind, TopicPartition partition, PartitionLeader leader, long generation, long fetchOffset) {}

    private final GuardSettings settings;
    private final Cluster cluster;
    private final Map<TopicPartition, LeaderEnd> ends = new HashMap<>();
    private final Map<TopicPartition, LogRemainder> remainders = new HashMap<>();
    /** What waits for its broker, by kind and the leader's node id. */
    private final Map<Kind, Map<Integer, Map<TopicPartition, Question>>> wanted = new EnumMap<>(Kind.class);

    private boolean hasNew;

    LeaderQuestions(GuardSettings settings, Cluster cluster) {
        this.settings = settings;
        this.cluster = cluster;
    }

    // Looks.

    /** The looks of another turn begin. */
    void beginTurn() {
        hasNew = false;
    }

    /** Whether the looks of this turn have added a question. */
    public boolean hasNew() {
        return hasNew;
    }

    /**
     * Asks what a partition's cause gives reason for. A question that waits still is asked as it is now, or not at all.
     *
     * @param isSilent whether the session has had room for the partition's records and did not name it
     */
    void look(PartitionLedger ledger, Conclusion conclusion, boolean isSilent, long nowNanos) {
        withdraw(ledger.tracked().partition());
        switch (conclusion.cause()) {
            case CAUGHT_UP, NOTHING_DELIVERABLE, FOLLOWER_BEHIND -> askForEnd(ledger, nowNanos);
            default -> {}
        }
        boolean isUnexplained =
                conclusion.cause() == StallCause.UNEXPLAINED || conclusion.hidden() == StallCause.UNEXPLAINED;
        if (isSilent || isUnexplained || ledger.looksEmpty(settings.readCommitted())) {
            askForRemainder(ledger, nowNanos);
        }
    }

    private void withdraw(TopicPartition partition) {
        if (wanted.isEmpty()) {
            return; // as it is nearly always, and every look asks
        }
        for (Map<Integer, Map<TopicPartition, Question>> byLeader : wanted.values()) {
            for (Map<TopicPartition, Question> waiting : byLeader.values()) {
                Question question = waiting.remove(partition);
                if (question != null) {
                    dropped(question);
                }
            }
            byLeader.values().removeIf(Map::isEmpty);
        }
        wanted.values().removeIf(Map::isEmpty);
    }

    private void askForEnd(PartitionLedger ledger, long nowNanos) {
        TopicPartition name = ledger.tracked().partition();
        if (!ledger.follower() || ledger.consumed() < 0 || !cluster.leader(name).isKnown()) {
            return;
        }
        LeaderEnd known = endOf(ledger);
        LeaderEnd end = known != null ? known : new LeaderEnd(ledger.generation(), nowNanos);
        ends.put(name, end);
        if (end.asks(settings.timing().auditNanos(), reached(ledger, ledger.consumed()), nowNanos)) {
            want(Kind.END, ledger);
        }
    }

    /** Asks whether the log has records from the fetch position on, of a partition that is behind as far as known. */
    private void askForRemainder(PartitionLedger ledger, long nowNanos) {
        long offset = ledger.fetchOffset();
        long end = ledger.readableEnd(settings.readCommitted());
        if (offset < 0 || offset >= end || reached(ledger, offset) >= end) {
            return;
        }
        TopicPartition name = ledger.tracked().partition();
        PartitionLeader leader = cluster.leader(name);
        if (!leader.isKnown()) {
            return;
        }
        LogRemainder known = remainderOf(ledger);
        LogRemainder remainder = known != null ? known : new LogRemainder(leader, ledger.generation());
        remainders.put(name, remainder);
        if (remainder.asksForLocalStart(nowNanos)) {
            want(Kind.LOCAL_START, ledger);
        }
        if (remainder.asksForRecords(offset, nowNanos)) {
            want(Kind.RECORDS, ledger);
        }
    }

    private void want(Kind kind, PartitionLedger ledger) {
        TopicPartition name = ledger.tracked().partition();
        want(new Question(kind, name, cluster.leader(name), ledger.generation(), ledger.fetchOffset()));
        hasNew = true;
    }

    private void want(Question question) {
        wanted.computeIfAbsent(question.kind(), kind -> new LinkedHashMap<>())
                .computeIfAbsent(question.leader().leaderId(), id -> new LinkedHashMap<>())
                .put(question.partition(), question);
    }

    // What leaders have said.

    /** Where the leader's log ends, or null if it was not asked in the partition's generation. */
    @Nullable LeaderEnd endOf(PartitionLedger ledger) {
        LeaderEnd end = ends.get(ledger.tracked().partition());
        return end == null || end.generation() != ledger.generation() ? null : end;
    }

    /** What the leader has said of its log, or null if it was not asked in its epoch and the partition's generation. */
    @Nullable LogRemainder remainderOf(PartitionLedger ledger) {
        TopicPartition name = ledger.tracked().partition();
        LogRemainder remainder = remainders.get(name);
        return remainder == null || !remainder.isOf(cluster.leader(name), ledger.generation()) ? null : remainder;
    }

    /** The offset, or the end up to which the log has nothing from there on. */
    long reached(PartitionLedger ledger, long offset) {
        LogRemainder remainder = remainderOf(ledger);
        return remainder == null ? offset : remainder.reached(offset, ledger.follower());
    }

    /** The partition is not assigned any more. */
    void forget(TopicPartition partition) {
        withdraw(partition);
        ends.remove(partition);
        remainders.remove(partition);
    }

    // Answers.

    /** A leader has told the offset that is asked for: an end or a start. */
    public void answered(Question question, long offset, long nowNanos) {
        LeaderEnd end = ends.get(question.partition());
        LogRemainder remainder = remainderOf(question);
        if (question.kind() == Kind.END && end != null && end.generation() == question.generation()) {
            end.told(offset, nowNanos);
        } else if (question.kind() == Kind.LOCAL_START && remainder != null) {
            remainder.inquiry(Kind.LOCAL_START).answered();
            remainder.localStartTold(offset);
            askOn(question, Kind.RECORDS, remainder.asksForRecords(question.fetchOffset(), nowNanos));
        }
    }

    /**
     * A leader has said whether it has records.
     *
     * @param emptyTo the offset of the first one, or the end of what may be read
     * @param atRecord which of both
     */
    public void answeredRecords(Question question, long emptyTo, boolean atRecord, long nowNanos) {
        LogRemainder remainder = remainderOf(question);
        if (remainder != null) {
            remainder.inquiry(Kind.RECORDS).answered();
            remainder.emptyTold(question.fetchOffset(), emptyTo, atRecord);
            askOn(question, Kind.LOCAL_START, remainder.asksForLocalStart(nowNanos));
        }
    }

    /** Asks the next question about the same partition. */
    private void askOn(Question question, Kind next, boolean isDue) {
        if (isDue) {
            want(new Question(
                    next, question.partition(), question.leader(), question.generation(), question.fetchOffset()));
        }
    }

    private @Nullable LogRemainder remainderOf(Question question) {
        LogRemainder remainder = remainders.get(question.partition());
        return remainder == null || !remainder.isOf(question.leader(), question.generation()) ? null : remainder;
    }

    /** A question was not sent: it is asked at the next look if it is of interest then. */
    public void dropped(Question question) {
        LeaderEnd end = ends.get(question.partition());
        LogRemainder remainder = remainderOf(question);
        if (question.kind() == Kind.END && end != null) {
            end.dropped();
        } else if (remainder != null) {
            remainder.inquiry(question.kind()).renew();
        }
    }

    /** A question was not answered, or not usefully: it is asked again later. */
    public void failed(Question question, long nowNanos) {
        LogRemainder remainder = remainderOf(question);
        if (question.kind() != Kind.END && remainder != null) {
            remainder.inquiry(question.kind()).failed(nowNanos);
        } else {
            dropped(question);
        }
    }

    // Requests.

    /** The node ids of the leaders that are to be asked. */
    public List<Integer> leaders(Kind kind) {
        Map<Integer, ?> byLeader = wanted.get(kind);
        return byLeader == null ? List.of() : List.copyOf(byLeader.keySet()); // none nearly always, and each turn asks
    }

    /** Returns and removes what this leader is to be asked about so many partitions at most. */
    public List<Question> take(Kind kind, int leader, int partitionsMax) {
        Map<Integer, Map<TopicPartition, Question>> byLeader = wanted.getOrDefault(kind, Map.of());
        Map<TopicPartition, Question> waiting = byLeader.getOrDefault(leader, Map.of());
        List<Question> taken = new ArrayList<>();
        Iterator<Question> next = waiting.values().iterator();
        while (next.hasNext() && taken.size() < partitionsMax) {
            taken.add(next.next());
            next.remove();
        }
        if (waiting.isEmpty()) {
            byLeader.remove(leader);
        }
        if (byLeader.isEmpty()) {
            wanted.remove(kind);
        }
        return taken;
    }

    /** Drops what this leader is to be asked. */
    public void drop(Kind kind, int leader) {
        take(kind, leader, Integer.MAX_VALUE).forEach(this::dropped);
    }
}

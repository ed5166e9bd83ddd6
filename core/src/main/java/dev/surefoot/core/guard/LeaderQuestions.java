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
     * @param fetchOffset the fetch position, or -1 if it is not known
     * @param word what that leader has said until now
     */
    public record Question(
            Kind kind, TopicPartition partition, PartitionLeader leader, long fetchOffset, LeaderWord word) {}

    private final GuardSettings settings;
    private final Cluster cluster;
    private final Map<TopicPartition, LeaderWord> words = new HashMap<>();
    /** By kind and the leader's node id. */
    private final Map<Kind, Map<Integer, Map<TopicPartition, Question>>> wanted = new EnumMap<>(Kind.class);

    private boolean isNew;

    LeaderQuestions(GuardSettings settings, Cluster cluster) {
        this.settings = settings;
        this.cluster = cluster;
    }

    /** Looks from here on have questions of another turn. */
    void beginTurn() {
        isNew = false;
    }

    /** Whether there is something to ask since this turn. */
    public boolean isNew() {
        return isNew;
    }

    /**
     * Asks what a partition's cause gives reason for.
     *
     * @param isSilent whether the session had room for the partition's records and did not name it
     */
    void look(PartitionLedger ledger, Conclusion conclusion, boolean isSilent, long nowNanos) {
        switch (conclusion.cause()) {
            case CAUGHT_UP, NOTHING_DELIVERABLE, FOLLOWER_BEHIND -> askForEnd(ledger, nowNanos);
            case REMOTE_TIER_SLOW -> {
                askForLocalStart(ledger, nowNanos);
                return;
            }
            default -> {}
        }
        boolean isUnexplained =
                conclusion.cause() == StallCause.UNEXPLAINED || conclusion.hidden() == StallCause.UNEXPLAINED;
        if (isSilent || isUnexplained || ledger.looksEmpty(settings.readCommitted())) {
            askForRecords(ledger, nowNanos);
        }
    }

    private void askForEnd(PartitionLedger ledger, long nowNanos) {
        if (!ledger.follower() || ledger.consumed() < 0) {
            return;
        }
        LeaderWord word = wordFrom(ledger, nowNanos);
        if (word != null
                && word.asksForEnd(settings.timing().auditNanos(), word.reached(ledger.consumed()), nowNanos)) {
            want(Kind.END, ledger, word);
        }
    }

    private void askForLocalStart(PartitionLedger ledger, long nowNanos) {
        LeaderWord word = isBehind(ledger) ? wordFrom(ledger, nowNanos) : null;
        if (word != null && word.asksForLocalStart(nowNanos)) {
            want(Kind.LOCAL_START, ledger, word);
        }
    }

    /** Asks whether there are records. If the leader has none, they may be in remote storage. */
    private void askForRecords(PartitionLedger ledger, long nowNanos) {
        askForLocalStart(ledger, nowNanos);
        LeaderWord word = isBehind(ledger) ? wordFrom(ledger, nowNanos) : null;
        if (word != null && word.asksForRecords(ledger.fetchOffset(), nowNanos)) {
            want(Kind.RECORDS, ledger, word);
        }
    }

    /** Whether there is more than was fetched, as far as is known. */
    private boolean isBehind(PartitionLedger ledger) {
        long offset = ledger.fetchOffset();
        long end = ledger.readableEnd(settings.readCommitted());
        return offset >= 0 && offset < end && reached(ledger, offset) < end;
    }

    private void want(Kind kind, PartitionLedger ledger, LeaderWord word) {
        TopicPartition name = ledger.tracked().partition();
        PartitionLeader leader = cluster.leader(name);
        isNew = true;
        wanted.computeIfAbsent(kind, each -> new LinkedHashMap<>())
                .computeIfAbsent(leader.leaderId(), id -> new LinkedHashMap<>())
                .put(name, new Question(kind, name, leader, ledger.fetchOffset(), word));
    }

    /** What the leader has said or will say, or null if no leader is known. */
    private @Nullable LeaderWord wordFrom(PartitionLedger ledger, long nowNanos) {
        PartitionLeader leader = cluster.leader(ledger.tracked().partition());
        LeaderWord known = of(ledger);
        if (known != null || !leader.isKnown()) {
            return known;
        }
        LeaderWord word = new LeaderWord(leader, ledger.generation(), nowNanos);
        words.put(ledger.tracked().partition(), word);
        return word;
    }

    /** What the leader has said, or null if it was not asked in its epoch and the partition's generation. */
    @Nullable LeaderWord of(PartitionLedger ledger) {
        LeaderWord word = words.get(ledger.tracked().partition());
        return word == null || !word.isOf(cluster.leader(ledger.tracked().partition()), ledger.generation())
                ? null
                : word;
    }

    /** The offset, or the end up to which the leader's log has nothing from there on. */
    long reached(PartitionLedger ledger, long offset) {
        LeaderWord word = of(ledger);
        return word == null ? offset : word.reached(offset);
    }

    /** The partition is not assigned any more. */
    void forget(TopicPartition partition) {
        words.remove(partition);
        wanted.values().forEach(byLeader -> byLeader.values().forEach(questions -> questions.remove(partition)));
    }

    /**
     * Takes note of what a leader has answered.
     *
     * @param offset what is asked for; for records the offset up to which there are none
     */
    public void answered(Question question, long offset, long nowNanos) {
        switch (question.kind()) {
            case END -> question.word().endTold(offset, nowNanos);
            case LOCAL_START -> question.word().localStartTold(offset);
            case RECORDS -> question.word().emptyTold(question.fetchOffset(), offset);
        }
    }

    /** A question could not be asked, or has failed: it is asked again if it is still of interest at the next look. */
    public void dropped(Question question) {
        question.word().dropped(question.kind());
    }

    /** The node ids of the leaders that are to be asked. */
    public List<Integer> leaders(Kind kind) {
        return List.copyOf(wanted.getOrDefault(kind, Map.of()).keySet());
    }

    /** Returns and removes what this leader is to be asked about so many partitions at most. */
    public List<Question> take(Kind kind, int leader, int partitionsMax) {
        Map<Integer, Map<TopicPartition, Question>> byLeader = wanted.getOrDefault(kind, Map.of());
        Map<TopicPartition, Question> of = byLeader.getOrDefault(leader, Map.of());
        List<Question> taken = new ArrayList<>();
        Iterator<Question> left = of.values().iterator();
        while (left.hasNext() && taken.size() < partitionsMax) {
            Question question = left.next();
            left.remove();
            if (question.word() == words.get(question.partition())) {
                taken.add(question);
            }
        }
        if (of.isEmpty()) {
            byLeader.remove(leader);
        }
        return taken;
    }

    /** Drops what this leader is to be asked. */
    public void drop(Kind kind, int leader) {
        take(kind, leader, Integer.MAX_VALUE).forEach(this::dropped);
    }
}

package dev.surefoot.core.guard;

import dev.surefoot.progress.StallCause;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What the guard wants to know of leaders to name a cause, each rarely: for a partition that is read from a follower
 * whether the leader's log is longer, and for one that gets no records whether they are in remote storage. The engine
 * asks. Owned by the loop's thread.
 */
public final class LeaderQuestions {
    /** What is asked. */
    public enum Kind {
        /** The end of what may be read. */
        END,
        /** Where the local log begins; records before it are in remote storage. */
        LOCAL_START
    }

    private final GuardSettings settings;
    private final Map<TopicPartition, LeaderWord> words = new HashMap<>();
    private final Map<Kind, Set<TopicPartition>> wanted = new EnumMap<>(Kind.class);

    LeaderQuestions(GuardSettings settings) {
        this.settings = settings;
    }

    /** Asks what a partition's cause gives reason for. */
    void look(PartitionLedger ledger, StallCause cause, @Nullable StallCause hidden, long nowNanos) {
        switch (cause) {
            case CAUGHT_UP, FOLLOWER_BEHIND -> {
                long every = settings.timing().auditNanos();
                if (ledger.follower()
                        && ledger.consumed() >= 0
                        && wordFrom(ledger, nowNanos).asksForEnd(every, ledger.consumed(), nowNanos)) {
                    want(Kind.END, ledger);
                }
            }
            case PARTITION_LOST_FROM_SESSION, UNEXPLAINED, REMOTE_TIER_SLOW -> askForLocalStart(ledger, nowNanos);
            default -> {
                if (hidden == StallCause.UNEXPLAINED) {
                    askForLocalStart(ledger, nowNanos);
                }
            }
        }
    }

    private void askForLocalStart(PartitionLedger ledger, long nowNanos) {
        boolean isBehind =
                ledger.fetchOffset() >= 0 && ledger.fetchOffset() < ledger.readableEnd(settings.readCommitted());
        if (isBehind && wordFrom(ledger, nowNanos).asksForLocalStart(nowNanos)) {
            want(Kind.LOCAL_START, ledger);
        }
    }

    private void want(Kind kind, PartitionLedger ledger) {
        wanted.computeIfAbsent(kind, each -> new LinkedHashSet<>())
                .add(ledger.tracked().partition());
    }

    private LeaderWord wordFrom(PartitionLedger ledger, long nowNanos) {
        LeaderWord known = of(ledger);
        LeaderWord word = known != null ? known : new LeaderWord(ledger.generation(), nowNanos);
        words.put(ledger.tracked().partition(), word);
        return word;
    }

    /** What the leader has said, or null if it was not asked in the partition's generation. */
    @Nullable LeaderWord of(PartitionLedger ledger) {
        LeaderWord word = words.get(ledger.tracked().partition());
        return word == null || word.generation() != ledger.generation() ? null : word;
    }

    /** The partition is not assigned any more. */
    void forget(TopicPartition partition) {
        words.remove(partition);
        wanted.values().forEach(names -> names.remove(partition));
    }

    /**
     * Takes note of what a leader has answered.
     *
     * @param generation the generation of the partition when the leader was asked
     */
    public void answered(Kind kind, TopicPartition partition, long generation, long offset, long nowNanos) {
        LeaderWord word = words.get(partition);
        if (word == null || word.generation() != generation) {
            return;
        }
        switch (kind) {
            case END -> word.endTold(offset, nowNanos);
            case LOCAL_START -> word.localStartTold(offset);
        }
    }

    /** A question could not be asked, as the connection was in use or the leader is not known, or has failed. */
    public void dropped(Kind kind, TopicPartition partition) {
        LeaderWord word = words.get(partition);
        if (word != null) {
            word.dropped(kind);
        }
    }

    /** Whether there is something to ask. */
    public boolean isAny() {
        return !wanted.isEmpty();
    }

    /** Returns and removes the partitions to ask about. */
    public Map<Kind, Set<TopicPartition>> take() {
        Map<Kind, Set<TopicPartition>> taken = new EnumMap<>(Kind.class);
        taken.putAll(wanted);
        wanted.clear();
        return taken;
    }
}

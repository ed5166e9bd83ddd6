package dev.surefoot.core.guard;

import dev.surefoot.progress.StallCause;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The open transactions that partitions wait for: when brokers are to be asked about them, and what they have said. A
 * transaction hangs if twice no coordinator knew it. Owned by the loop's thread.
 */
public final class OpenTransactions {
    private static final long SECOND_NANOS = 1_000_000_000L;

    /** For how long a transaction has to be open before brokers are asked. */
    static final long FIRST_NANOS = 10 * SECOND_NANOS;

    /** From one question about a partition to the next. */
    static final long AGAIN_NANOS = 60 * SECOND_NANOS;

    /** From one round of questions to the next, and to the one that has to confirm a transaction that hangs. */
    static final long ROUND_NANOS = 10 * SECOND_NANOS;

    /**
     * The producer with the oldest open transaction of a partition.
     *
     * @param startOffset the first offset of the transaction
     * @param lastTimestampMs the producer's own time of its last record, in milliseconds since the epoch, or -1
     */
    public record Holder(long producerId, int epoch, long startOffset, long lastTimestampMs) {}

    /** Whether a coordinator knows the transaction. */
    public enum Listing {
        /** One does. */
        LISTED,
        /** All have answered, and none does. */
        UNLISTED,
        /** Not all have answered, or this client may not see all transactions. */
        UNKNOWN
    }

    /**
     * What brokers have said of a transaction.
     *
     * @param transactionalId the id of its producer, empty if it is not known
     * @param hangs whether it was twice not known to any coordinator
     */
    record Known(Holder holder, Listing listing, String transactionalId, boolean hangs) {}

    private static final class Open {
        private final long pinnedAt;
        private long askedNanos = PartitionLedger.NEVER;
        private long unlistedNanos = PartitionLedger.NEVER;
        private @Nullable Known known;

        Open(long pinnedAt) {
            this.pinnedAt = pinnedAt;
        }

        boolean isDue(long nowNanos) {
            boolean toConfirm = unlistedNanos != PartitionLedger.NEVER && known != null && !known.hangs();
            return askedNanos == PartitionLedger.NEVER
                    || nowNanos - askedNanos >= (toConfirm ? ROUND_NANOS : AGAIN_NANOS);
        }
    }

    private final Map<TopicPartition, Open> open = new HashMap<>();
    private Set<TopicPartition> wanted = new HashSet<>();
    private long roundNanos = PartitionLedger.NEVER;

    OpenTransactions() {}

    /** Asks about a partition that has waited for a transaction for a while. */
    void look(PartitionLedger ledger, StallCause cause, long nowNanos) {
        TopicPartition name = ledger.tracked().partition();
        if (cause != StallCause.TRANSACTION_OPEN && cause != StallCause.TRANSACTION_HANGING) {
            forget(name);
            return;
        }
        if (nowNanos - ledger.pinnedNanos() < FIRST_NANOS) {
            return;
        }
        long pinnedAt = ledger.lastStableOffset();
        Open known = open.get(name);
        Open now = known != null && known.pinnedAt == pinnedAt ? known : new Open(pinnedAt);
        open.put(name, now);
        if (now.isDue(nowNanos)) {
            wanted.add(name);
        }
    }

    /** What is known of the transaction that the partition waits for, or null if that is nothing. */
    @Nullable Known of(PartitionLedger ledger) {
        Open now = open.get(ledger.tracked().partition());
        return now == null || now.pinnedAt != ledger.lastStableOffset() ? null : now.known;
    }

    void forget(TopicPartition partition) {
        if (!open.isEmpty()) {
            open.remove(partition);
            wanted.remove(partition);
        }
    }

    /** Returns and removes the partitions to ask about now; empty before the next round is due. */
    public Set<TopicPartition> takeRound(long nowNanos) {
        boolean due = roundNanos == PartitionLedger.NEVER || nowNanos - roundNanos >= ROUND_NANOS;
        if (wanted.isEmpty() || !due) {
            return Set.of();
        }
        roundNanos = nowNanos;
        Set<TopicPartition> taken = wanted;
        wanted = new HashSet<>();
        for (TopicPartition name : taken) {
            Open asked = open.get(name);
            if (asked != null) {
                asked.askedNanos = nowNanos;
            }
        }
        return taken;
    }

    /** Takes note of what a round has brought. */
    public void told(TopicPartition partition, Holder holder, Listing listing, String transactionalId, long nowNanos) {
        Open asked = open.get(partition);
        if (asked == null || asked.pinnedAt != holder.startOffset()) {
            return;
        }
        boolean hangs = listing == Listing.UNLISTED
                && asked.unlistedNanos != PartitionLedger.NEVER
                && nowNanos - asked.unlistedNanos >= ROUND_NANOS / 2;
        if (listing != Listing.UNLISTED) {
            asked.unlistedNanos = PartitionLedger.NEVER;
        } else if (asked.unlistedNanos == PartitionLedger.NEVER) {
            asked.unlistedNanos = nowNanos;
        }
        asked.known = new Known(holder, listing, transactionalId, hangs);
    }
}

package dev.surefoot.testkit.group;

import java.util.BitSet;
import java.util.Locale;
import org.apache.kafka.common.TopicPartition;

/**
 * One member's ownership of one partition, from the listener's assigned to the listener's revoked or lost. Guarded by
 * its {@link GroupLedger}.
 */
public final class Ownership {
    /** How an ownership ended. */
    public enum End {
        REVOKED,
        LOST,
        CRASHED
    }

    final String member;
    final TopicPartition partition;
    final long fromMs;
    final BitSet processed = new BitSet();
    /** What the group had processed when this ownership delivered its first record. */
    BitSet processedBefore = new BitSet();
    /** Whether another member was assigned the partition before this ownership ended. */
    boolean overlapped;

    long firstOffset = -1;
    long lastOffset = -1;
    int lastSequence = -1;
    long toMs = Long.MAX_VALUE;
    String end = "owned still";

    Ownership(String member, TopicPartition partition, long fromMs) {
        this.member = member;
        this.partition = partition;
        this.fromMs = fromMs;
    }

    void ends(End how, long atMs) {
        toMs = atMs;
        end = how.name().toLowerCase(Locale.ROOT);
    }

    /** The sequence of the first record that was delivered, or -1. */
    int firstSequence() {
        return processed.nextSetBit(0);
    }

    @Override
    public String toString() {
        String to = toMs == Long.MAX_VALUE ? "" : String.format(Locale.ROOT, "%.3f s", toMs / 1_000.0);
        return String.format(
                Locale.ROOT,
                "%s owned by %s from %.3f s to %s (%s%s): offsets %d to %d, sequences %d to %d",
                partition,
                member,
                fromMs / 1_000.0,
                to,
                end,
                overlapped ? ", overlapped" : "",
                firstOffset,
                lastOffset,
                firstSequence(),
                lastSequence);
    }
}

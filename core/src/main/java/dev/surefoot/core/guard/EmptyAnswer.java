package dev.surefoot.core.guard;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.handover.Watermarks;
import dev.surefoot.core.session.PartitionAnswer;
import dev.surefoot.core.session.PartitionReport;
import org.jspecify.annotations.Nullable;

/**
 * A broker has named a partition without records from the fetch position on, and yet its log ends further on:
 * compaction has left nothing there, or the records did not fit into the answer.
 *
 * @param offset the fetch position
 * @param marks where the log ended
 * @param isAlone whether the answer had no records of other partitions either. Brokers send one batch at least if there
 *     is any (KIP-74), so then there was none
 */
record EmptyAnswer(long offset, Watermarks marks, boolean isAlone) {
    /** The answer about a partition as an empty one, or null if it is not. */
    static @Nullable EmptyAnswer of(PartitionReport report, boolean isAlone) {
        PartitionAnswer answer = report.answer();
        long offset = report.target().fetchOffset();
        boolean isEmpty = answer.error() == BrokerError.NONE
                && answer.divergingEpoch() == null
                && answer.preferredReadReplica() < 0
                && !answer.records().hasRemaining()
                && answer.highWatermark() > offset;
        return isEmpty
                ? new EmptyAnswer(
                        offset,
                        new Watermarks(answer.highWatermark(), answer.lastStableOffset(), answer.logStartOffset()),
                        isAlone)
                : null;
    }

    /** Whether it shows that there is nothing to read from an offset to an end. */
    boolean shows(long from, long end, boolean readCommitted) {
        return isAlone && from == offset && end <= marks.end(readCommitted);
    }
}

package dev.surefoot.core.delivery;

import dev.surefoot.core.handover.Watermarks;
import dev.surefoot.core.records.BatchFault;
import org.jspecify.annotations.Nullable;

/**
 * How far a lane has examined a batch whose last offset no sound checksum covers. It must not pass over such a batch
 * before it knows where the next one begins: a damaged last offset would have it pass over sound batches too. The batch
 * is fetched once more, and then the offset behind it is, while the consumed position stays. Immutable.
 *
 * @param fault the batch as it came at first
 * @param unit the copy of it, while the offset behind it is fetched
 */
record BatchExamination(
        Stage stage, BatchFault fault, @Nullable UnreadableUnit unit) {
    enum Stage {
        /** The batch is fetched once more, from the consumed position and over another connection. */
        REFETCHED,
        /** The offset behind the batch is fetched. */
        PROBED,
        /** The log does not go on where the batch claims to end. */
        REFUTED
    }

    static BatchExamination refetched(BatchFault fault) {
        return new BatchExamination(Stage.REFETCHED, fault, null);
    }

    BatchExamination probed(UnreadableUnit copy) {
        return new BatchExamination(Stage.PROBED, fault, copy);
    }

    BatchExamination refuted() {
        return new BatchExamination(Stage.REFUTED, fault, null);
    }

    boolean isProbing() {
        return stage == Stage.PROBED;
    }

    /** Whether the batch is to be fetched once more, over a connection that has not carried it before. */
    boolean isRefetching() {
        return stage == Stage.REFETCHED;
    }

    /** The offset behind the batch, as the batch claims. */
    long target() {
        return fault.lastOffset() + 1;
    }

    /** Whether this is about a batch at the place of the other one. */
    boolean isAt(BatchFault other) {
        return fault.failingOffset() == other.failingOffset();
    }

    /**
     * Why the end that the batch claims cannot be right, or null if nothing is known against it.
     *
     * @param now the batch as it came the second time
     * @param readableEnd the offset up to which the log may be read, or -1 if that is not known
     */
    @Nullable String objection(BatchFault now, long readableEnd) {
        if (stage == Stage.REFUTED) {
            return "the log does not go on where it claims to end";
        }
        if (!fault.isSameBatch(now)) {
            return "it was received twice, with other bytes each time";
        }
        if (!now.endIsPlausible()) {
            return "its count of records does not fit its offsets, and no batch came behind it";
        }
        return readableEnd >= 0 && target() > readableEnd
                ? "it claims to end above offset " + readableEnd + ", where the log ends"
                : null;
    }

    /** The end of the log for this reader, or -1 if it is not known. */
    static long readableEnd(Watermarks watermarks, boolean readCommitted) {
        return readCommitted ? watermarks.lastStableOffset() : watermarks.highWatermark();
    }
}

package dev.surefoot.core.records;

import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * The result of scanning the headers of consecutive record batches. No record is decoded for it.
 *
 * @param fetchOffset the offset that was asked for
 * @param batches the number of complete, sound batches
 * @param endOffset the last offset of the last batch plus one, even if below {@code fetchOffset}; -1 if there is no
 *     batch
 * @param nextOffset the offset of the next fetch: {@code endOffset}, but never below {@code fetchOffset}
 * @param validBytes the bytes up to the end of the last sound batch
 * @param totalBytes the bytes that were scanned
 * @param lastLeaderEpoch the partition leader epoch of the last batch, or -1 if it has none (v0 and v1)
 * @param problem the fault of the header after the last sound batch, or null; a batch cut short at the end is no fault
 */
public record ScannedBatches(
        long fetchOffset,
        int batches,
        long endOffset,
        long nextOffset,
        int validBytes,
        int totalBytes,
        int lastLeaderEpoch,
        @Nullable KafkaException problem) {

    /**
     * Whether there are bytes but no whole batch. A broker that follows KIP-74 sends the first batch whole, however
     * large it is, so only a faulty answer has this.
     */
    public boolean firstBatchIsCut() {
        return batches == 0 && totalBytes > 0 && problem == null;
    }

    /** Whether there are batches, but all of them lie below the offset that was asked for. */
    public boolean withoutProgress() {
        return batches > 0 && endOffset <= fetchOffset;
    }
}

package dev.surefoot.testkit.simulation.model;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * One record batch of a log.
 *
 * @param baseOffset the offset that the batch was written at
 * @param lastOffset the last offset that was written, which stays when compaction removes records
 * @param leaderEpoch the epoch under which it was written
 * @param kind what it holds
 * @param producerId the producer of its transaction, or -1 without one
 * @param records what is left of its records, none in a control batch
 * @param bytes the batch as it is sent; position 0 to limit
 */
public record LogBatch(
        long baseOffset,
        long lastOffset,
        int leaderEpoch,
        Kind kind,
        long producerId,
        List<LogRecord> records,
        ByteBuffer bytes) {

    /** The kind of a batch. */
    public enum Kind {
        DATA,
        TRANSACTIONAL_DATA,
        COMMIT_MARKER,
        ABORT_MARKER;

        /** Returns whether the batch is a transaction marker. */
        public boolean isMarker() {
            return this == COMMIT_MARKER || this == ABORT_MARKER;
        }
    }

    /**
     * One record.
     *
     * @param writeId a number that no other record of the cluster has; it is the record's payload
     */
    public record LogRecord(long offset, long writeId) {}

    /** Returns the offset behind the batch. */
    public long nextOffset() {
        return lastOffset + 1;
    }

    /** Returns the batch with these of its records only. */
    LogBatch keeping(List<LogRecord> kept, int payloadBytes) {
        return RecordBatchWriter.write(baseOffset, lastOffset, leaderEpoch, kind, producerId, kept, payloadBytes);
    }
}

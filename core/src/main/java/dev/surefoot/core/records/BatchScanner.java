package dev.surefoot.core.records;

import java.nio.ByteBuffer;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.CorruptRecordException;

/** Reads the headers of record batches and nothing else. They are enough to know where the next fetch begins. */
public final class BatchScanner {

    private BatchScanner() {}

    /**
     * Scans the batches of one partition of a Fetch response. It stops at the first malformed header; the batches
     * before it stay usable.
     *
     * @param records the batches, from position to limit; neither is changed
     * @param fetchOffset the offset that was asked for
     */
    public static ScannedBatches scan(TopicPartition partition, ByteBuffer records, long fetchOffset) {
        BatchHeader header = new BatchHeader(records.slice());
        int batches = 0;
        KafkaException problem = null;
        try {
            while (header.moveToNext()) {
                batches++;
            }
        } catch (InvalidRecordException e) {
            problem = problem(partition, header, fetchOffset, e);
        }
        long endOffset = batches == 0 ? -1 : header.lastOffset() + 1;
        return new ScannedBatches(
                fetchOffset,
                batches,
                endOffset,
                Math.max(endOffset, fetchOffset),
                header.end(),
                records.remaining(),
                batches == 0 ? -1 : header.leaderEpoch(),
                problem);
    }

    private static KafkaException problem(
            TopicPartition partition, BatchHeader lastSound, long fetchOffset, InvalidRecordException cause) {
        long offset = Math.max(lastSound.lastOffset() + 1, fetchOffset);
        return new CorruptRecordException(
                "Corrupt record batch in " + partition + " at offset " + offset + ", byte " + lastSound.end()
                        + " of the fetched records: " + cause.getMessage(),
                cause);
    }
}

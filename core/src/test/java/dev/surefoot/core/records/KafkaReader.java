package dev.surefoot.core.records;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;

/** Reads batches with kafka-clients' own classes, the way its consumer does: what the cursor must agree with. */
final class KafkaReader {

    final List<SeenRecord> seen = new ArrayList<>();
    long nextOffset;
    int lastEpoch = -1;

    private final PriorityQueue<AbortedTransaction> pending =
            new PriorityQueue<>(Comparator.comparingLong(AbortedTransaction::firstOffset));
    private final Set<Long> abortedProducers = new HashSet<>();

    static KafkaReader read(
            ByteBuffer records, long fromOffset, boolean readCommitted, List<AbortedTransaction> aborted) {
        KafkaReader reader = new KafkaReader();
        reader.nextOffset = fromOffset;
        reader.pending.addAll(aborted);
        for (RecordBatch batch :
                MemoryRecords.readableRecords(records.duplicate()).batches()) {
            batch.ensureValid();
            reader.lastEpoch = batch.partitionLeaderEpoch();
            if (!(readCommitted && batch.hasProducerId() && reader.isAborted(batch)) && !batch.isControlBatch()) {
                reader.readBatch(batch, fromOffset);
            }
            reader.nextOffset = Math.max(reader.nextOffset, batch.nextOffset());
        }
        return reader;
    }

    private boolean isAborted(RecordBatch batch) {
        while (!pending.isEmpty() && pending.peek().firstOffset() <= batch.lastOffset()) {
            abortedProducers.add(pending.poll().producerId());
        }
        if (batch.isControlBatch()
                && batch.iterator().hasNext()
                && ControlRecordType.parse(batch.iterator().next().key()) == ControlRecordType.ABORT) {
            abortedProducers.remove(batch.producerId());
            return false;
        }
        return batch.isTransactional() && abortedProducers.contains(batch.producerId());
    }

    private void readBatch(RecordBatch batch, long fromOffset) {
        for (Record record : batch) {
            if (record.offset() >= fromOffset) {
                record.ensureValid();
                // The type is the batch's; v0 has none.
                TimestampType type = batch.timestampType();
                seen.add(new SeenRecord(
                        record.offset(),
                        record.timestamp(),
                        type,
                        batch.partitionLeaderEpoch(),
                        SeenRecord.text(record.key()),
                        SeenRecord.text(record.value()),
                        SeenRecord.headers(record.headers())));
            }
        }
    }
}

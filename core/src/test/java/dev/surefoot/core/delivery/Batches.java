package dev.surefoot.core.delivery;

import dev.surefoot.core.model.ModelBatches;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** True batches, written by kafka-clients, whose values say which record they belong to. */
final class Batches {
    private Batches() {}

    /** The value that a record of these batches has. */
    static String value(TopicPartition partition, long offset) {
        return partition + "@" + offset + " " + "padding ".repeat((int) (offset % 7));
    }

    static ByteBuffer of(TopicPartition partition, CompressionType type, long baseOffset, int count, int leaderEpoch) {
        SimpleRecord[] records = LongStream.range(baseOffset, baseOffset + count)
                .mapToObj(offset ->
                        new SimpleRecord(offset, null, value(partition, offset).getBytes(StandardCharsets.UTF_8)))
                .toArray(SimpleRecord[]::new);
        return MemoryRecords.withRecords(baseOffset, Compression.of(type).build(), leaderEpoch, records)
                .buffer();
    }

    static ByteBuffer of(TopicPartition partition, long baseOffset, int count) {
        return of(partition, CompressionType.NONE, baseOffset, count, 0);
    }

    /** A batch of one control record, which takes an offset and is not for the application. */
    static ByteBuffer marker(long offset) {
        return MemoryRecords.withEndTransactionMarker(
                        offset, 0, 0, 7, (short) 0, new EndTransactionMarker(ControlRecordType.COMMIT, 0))
                .buffer();
    }

    /** The batch with its last byte changed, so that its checksum is wrong. */
    static ByteBuffer corrupt(ByteBuffer batch) {
        int last = batch.limit() - 1;
        batch.put(last, (byte) (batch.get(last) + 1));
        return batch;
    }

    static ByteBuffer join(ByteBuffer... batches) {
        return ModelBatches.join(List.of(batches));
    }
}

package dev.surefoot.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.delivery.RecordAssembler;
import dev.surefoot.core.records.Decompressor;
import dev.surefoot.core.records.RecordCursor;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;

class RecordCollectorTest {
    private static final TopicPartition PARTITION = new TopicPartition("collected", 0);
    private static final int RECORDS_COUNT = 57;

    /** The count in a batch's header is a claim; room for two billion records would be all of the heap. */
    @Test
    void noRoomIsMadeForRecordsThatABatchOnlyClaims() {
        ByteBuffer batch = MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(new byte[10]))
                .buffer()
                .putInt(RECORDS_COUNT, Integer.MAX_VALUE);
        RecordCursor cursor = new RecordCursor(PARTITION, batch, 0, false, List.of(), false, new Decompressor(1 << 20));
        RecordCollector<byte[], byte[]> collector = new RecordCollector<>(
                new RecordAssembler<>(new ByteArrayDeserializer(), new ByteArrayDeserializer()), Integer.MAX_VALUE);

        assertThat(cursor.next()).isTrue();
        assertThat(cursor.remainingInBatch()).isEqualTo(Integer.MAX_VALUE - 1);
        collector.take(PARTITION, cursor);

        assertThat(collector.consumption().records()).isEqualTo(1);
    }
}

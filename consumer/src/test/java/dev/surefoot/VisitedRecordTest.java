package dev.surefoot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.sun.management.ThreadMXBean;
import dev.surefoot.RecordVisitor.Result;
import dev.surefoot.core.records.Decompressor;
import dev.surefoot.core.records.RecordCursor;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.BiConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;

/** Showing a record costs no object, and a record that is over says so. */
class VisitedRecordTest {
    private static final TopicPartition PARTITION = new TopicPartition("orders", 3);
    private static final int LEADER_EPOCH = 5;

    private final VisitedRecord record = new VisitedRecord();

    private static RecordCursor cursor(int count) {
        SimpleRecord[] records = new SimpleRecord[count];
        for (int i = 0; i < count; i++) {
            records[i] =
                    new SimpleRecord(i, new byte[3], new byte[100], new Header[] {new RecordHeader("h", new byte[4])});
        }
        ByteBuffer batch = MemoryRecords.withRecords(0, Compression.NONE, LEADER_EPOCH, records)
                .buffer();
        return new RecordCursor(PARTITION, batch, 0, false, List.of(), true, new Decompressor(1 << 20));
    }

    private boolean showNext(RecordCursor cursor, RecordVisitor visitor) {
        assertThat(cursor.next()).isTrue();
        return record.showTo(visitor, PARTITION, cursor);
    }

    @Test
    void theVisitorSaysWhetherToGoOn() {
        RecordCursor cursor = cursor(2);

        assertThat(showNext(cursor, shown -> Result.CONTINUE)).isTrue();
        assertThat(showNext(cursor, shown -> Result.STOP)).isFalse();
    }

    @Test
    void aVisitorThatSaysNothingIsRefused() {
        assertThatIllegalStateException()
                .isThrownBy(() -> showNext(cursor(1), shown -> null))
                .withMessageContaining("CONTINUE or STOP");
    }

    @Test
    void anExpiredRecordSaysSo() {
        showNext(cursor(1), shown -> Result.CONTINUE);
        assertThat(record)
                .hasToString("ReceivedRecord(topic = orders, partition = 3, leaderEpoch = 5, offset = 0, "
                        + "CreateTime = 0, key bytes = 3, value bytes = 100, headers = 1)");

        record.expire();

        assertThatIllegalStateException().isThrownBy(record::offset).withMessageContaining("copy what is to be kept");
        assertThatIllegalStateException().isThrownBy(record::topic).withMessageContaining("copy what is to be kept");
        assertThat(record).hasToString("ReceivedRecord(no longer valid)");
    }

    @Test
    void aRecordWhosePartitionHasMovedKeepsOnlyThatPartition() {
        RecordCursor cursor = cursor(1);
        showNext(cursor, shown -> {
            cursor.close();
            assertThat(shown.topicPartition()).isEqualTo(PARTITION);
            assertThatIllegalStateException().isThrownBy(shown::value).withMessageContaining("has moved its partition");
            assertThatIllegalStateException().isThrownBy(() -> shown.lastHeaderValue("h"));
            assertThat(shown).hasToString("ReceivedRecord(no longer valid)");
            return Result.CONTINUE;
        });
    }

    @Test
    void showingARecordAllocatesNothing() {
        long[] seen = {0};
        BiConsumer<ByteBuffer, ByteBuffer> header = (key, value) -> seen[0] += key.remaining() + value.remaining();
        RecordVisitor visitor = shown -> {
            seen[0] += shown.topic().length() + shown.partition() + shown.offset() + shown.timestamp();
            seen[0] += shown.leaderEpoch().isPresent() ? 1 : 0;
            seen[0] += shown.key().remaining() + shown.value().remaining();
            seen[0] += shown.serializedKeySize() + shown.serializedValueSize() + shown.headerCount();
            shown.forEachHeader(header);
            seen[0] += shown.hasHeader("h") ? 1 : 0;
            seen[0] += shown.lastHeaderValue("h").remaining();
            return Result.CONTINUE;
        };
        showAll(cursor(10_000), visitor); // loads every class
        RecordCursor cursor = cursor(10_000);
        showNext(cursor, visitor);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();

        showAll(cursor, visitor);

        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(10_000);
        assertThat(seen[0]).isPositive();
    }

    private void showAll(RecordCursor cursor, RecordVisitor visitor) {
        while (cursor.next()) {
            record.showTo(visitor, PARTITION, cursor);
        }
    }
}

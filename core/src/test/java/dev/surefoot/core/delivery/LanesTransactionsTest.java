package dev.surefoot.core.delivery;

import static dev.surefoot.core.delivery.LaneWorld.A;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.handover.Delivery;
import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.core.handover.FetchedAnswer;
import dev.surefoot.core.handover.FetchedBatches;
import dev.surefoot.core.handover.Watermarks;
import dev.surefoot.core.records.AbortedTransaction;
import dev.surefoot.core.records.Decompressor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;

/** Records of a transaction that the broker says was aborted, by {@code isolation.level}. */
class LanesTransactionsTest {
    private static final long PRODUCER = 7;

    private static SimpleRecord record() {
        return new SimpleRecord(0, null, new byte[] {1});
    }

    /** Offsets 0 and 1 of an aborted transaction, its marker at 2, and 3 of no transaction. */
    private static ByteBuffer log() {
        return Batches.join(
                MemoryRecords.withTransactionalRecords(
                                0, Compression.NONE, PRODUCER, (short) 0, 0, 4, record(), record())
                        .buffer(),
                MemoryRecords.withEndTransactionMarker(
                                2, 0, 4, PRODUCER, (short) 0, new EndTransactionMarker(ControlRecordType.ABORT, 0))
                        .buffer(),
                MemoryRecords.withRecords(3, Compression.NONE, 4, record()).buffer());
    }

    private static List<Long> read(Lanes lanes) {
        lanes.assign(List.of(A));
        long generation = lanes.seek(A, new FetchPosition(0, -1));
        lanes.offer(new Delivery.Records(
                A,
                generation,
                new FetchedBatches(0, 4, log(), List.of(new AbortedTransaction(PRODUCER, 0)), new CountedLease()),
                new Watermarks(4, 4, 0),
                new FetchedAnswer().addDelivery()));
        List<Long> taken = new ArrayList<>();
        lanes.poll(Integer.MAX_VALUE, (partition, record) -> taken.add(record.offset()));
        assertThat(lanes.position(A)).isEqualTo(new FetchPosition(4, 4));
        return taken;
    }

    private static Lanes lanes(boolean readCommitted) {
        return new Lanes(readCommitted, true, new Decompressor(1 << 20));
    }

    @Test
    void readCommittedPassesOverWhatWasAborted() {
        assertThat(read(lanes(true))).containsExactly(3L);
    }

    @Test
    void readUncommittedShowsWhatWasAbortedToo() {
        assertThat(read(lanes(false))).containsExactly(0L, 1L, 3L);
    }
}

package dev.surefoot.core.delivery;

import static dev.surefoot.core.delivery.LaneWorld.A;
import static dev.surefoot.core.delivery.LaneWorld.B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.surefoot.core.handover.Delivery;
import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.core.handover.FetchedAnswer;
import dev.surefoot.core.handover.FetchedBatches;
import dev.surefoot.core.handover.Watermarks;
import dev.surefoot.core.records.Decompressor;
import dev.surefoot.core.records.OpenStreams;
import dev.surefoot.core.records.RecordCursor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Batches too large to be decompressed whole, in their lanes: streams stay open between polls, and are closed in the
 * end.
 */
class LanesStreamsTest {
    private static final int VALUE_BYTES = 100_000;
    private static final int RECORDS = 60;

    private final Decompressor decompressor = new Decompressor(1 << 20);
    private final Lanes lanes = new Lanes(false, true, decompressor);
    private final List<Long> taken = new ArrayList<>();
    private final CountedLease lease = new CountedLease();

    LanesStreamsTest() {
        lanes.assign(List.of(A, B));
    }

    private static ByteBuffer batch(CompressionType type, int records) {
        SimpleRecord[] all = new SimpleRecord[records];
        for (int i = 0; i < records; i++) {
            all[i] = new SimpleRecord(i, null, new byte[VALUE_BYTES]);
        }
        return MemoryRecords.withRecords(0, Compression.of(type).build(), all).buffer();
    }

    private void deliver(TopicPartition partition, long from, int records, ByteBuffer batches) {
        long generation = lanes.seek(partition, new FetchPosition(from, -1));
        Watermarks marks = new Watermarks(records, records, 0);
        lanes.offer(new Delivery.Records(
                partition,
                generation,
                new FetchedBatches(from, records, batches, List.of(), lease),
                marks,
                new FetchedAnswer().addDelivery()));
    }

    private int poll(int most) {
        return lanes.poll(most, this::take);
    }

    private void take(TopicPartition partition, RecordCursor record) {
        assertThat(record.valueSize()).isEqualTo(VALUE_BYTES);
        taken.add(record.offset());
    }

    private int openStreams() {
        return OpenStreams.of(decompressor);
    }

    @ParameterizedTest
    @EnumSource(
            value = CompressionType.class,
            names = {"GZIP", "SNAPPY", "LZ4", "ZSTD"})
    void aStreamStaysOpenFromPollToPollAndEndsWithItsBatch(CompressionType type) {
        deliver(A, 0, RECORDS, batch(type, RECORDS));
        for (int i = 0; i < RECORDS; i++) {
            assertThat(lease.holds()).isEqualTo(1);
            assertThat(poll(1)).isEqualTo(1);
            assertThat(openStreams()).isEqualTo(i < RECORDS - 1 ? 1 : 0);
        }
        assertThat(OpenStreams.begun(decompressor)).as("streams begun").isEqualTo(1);
        assertThat(taken).hasSize(RECORDS).doesNotHaveDuplicates().isSorted();
        assertThat(lease.holds()).isZero();
    }

    @Test
    void aSeekOrAnotherAssignmentClosesTheStream() {
        deliver(A, 0, RECORDS, batch(CompressionType.ZSTD, RECORDS));
        assertThat(poll(3)).isEqualTo(3);
        assertThat(openStreams()).isEqualTo(1);
        lanes.seek(A, new FetchPosition(7, -1));
        assertThat(openStreams()).isZero();
        assertThat(lease.holds()).isZero();

        CountedLease other = new CountedLease();
        long generation = lanes.seek(A, new FetchPosition(0, -1));
        lanes.offer(new Delivery.Records(
                A,
                generation,
                new FetchedBatches(0, RECORDS, batch(CompressionType.GZIP, RECORDS), List.of(), other),
                Watermarks.UNKNOWN,
                new FetchedAnswer().addDelivery()));
        assertThat(poll(3)).isEqualTo(3);
        lanes.assign(Set.of(B));
        assertThat(openStreams()).isZero();
        assertThat(other.holds()).isZero();
    }

    @Test
    void aSeekByWhoeverTakesARecordClosesTheStream() {
        deliver(A, 0, RECORDS, batch(CompressionType.LZ4, RECORDS));
        lanes.poll(10, (partition, record) -> lanes.seek(A, new FetchPosition(7, -1)));
        assertThat(openStreams()).isZero();
    }

    @Test
    void aRecordThatCouldNotBeTakenComesAgain() {
        deliver(A, 0, RECORDS, batch(CompressionType.SNAPPY, RECORDS));
        assertThat(poll(3)).isEqualTo(3);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> lanes.poll(1, (partition, record) -> {
                        throw new IllegalArgumentException("refused " + record.offset());
                    }))
                    .hasMessage("refused 3");
        }
        assertThat(poll(1)).isEqualTo(1);
        assertThat(taken).containsExactly(0L, 1L, 2L, 3L);
        assertThat(openStreams()).isEqualTo(1);
    }

    /** A poll must come back to look at its time-out, however much of a batch is before the position. */
    @Test
    void aPollComesBackWhilePassingOverALargeBatchAndOthersGetTheirTurn() {
        int records = 2_000;
        deliver(A, records - 1, records, batch(CompressionType.ZSTD, records));
        assertThat(poll(10)).isZero();
        assertThat(lanes.takeAdvanced()).containsExactly(A);
        assertThat(lanes.position(A)).isEqualTo(new FetchPosition(records - 1, -1));

        long generation = lanes.seek(B, new FetchPosition(0, -1));
        lanes.offer(new Delivery.Records(
                B,
                generation,
                new FetchedBatches(0, 1, batch(CompressionType.NONE, 1), List.of(), new CountedLease()),
                Watermarks.UNKNOWN,
                new FetchedAnswer().addDelivery()));
        int polls = 1;
        while (taken.size() < 2) {
            poll(10);
            polls++;
        }
        assertThat(polls).isBetween(3, 5);
        assertThat(taken).containsExactlyInAnyOrder(0L, records - 1L);
        assertThat(OpenStreams.begun(decompressor)).as("streams begun").isEqualTo(1);
        assertThat(openStreams()).isZero();
    }
}

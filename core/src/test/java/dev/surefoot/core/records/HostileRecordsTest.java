package dev.surefoot.core.records;

import static dev.surefoot.core.records.BatchBytes.bytes;
import static dev.surefoot.core.records.BatchBytes.int32;
import static dev.surefoot.core.records.BatchBytes.joined;
import static dev.surefoot.core.records.BatchBytes.message;
import static dev.surefoot.core.records.BatchBytes.record;
import static dev.surefoot.core.records.BatchBytes.recordOf;
import static dev.surefoot.core.records.BatchBytes.sized;
import static dev.surefoot.core.records.BatchBytes.varint;
import static dev.surefoot.core.records.BatchBytes.wrapper;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.UnsupportedCompressionTypeException;
import org.apache.kafka.common.record.internal.CompressionType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a hostile or broken broker puts into records of format v2, v1 and v0 is refused with a clear exception. */
class HostileRecordsTest {

    private static final TopicPartition PARTITION = new TopicPartition("hostile", 5);

    private static final byte[] NULL = varint(-1);
    private static final byte[] NO_HEADERS = varint(0);
    private static final int HUGE = Integer.MAX_VALUE;

    static Stream<Arguments> malformedRecords() {
        return Stream.of(
                malformed("negative record length", joined(varint(-1), record(0)), "claims -1 bytes"),
                malformed("record longer than its batch", joined(varint(HUGE), record(0)), "claims 2147483647 bytes"),
                malformed("empty record", varint(0), "longer than the record"),
                malformed("record length of 6 bytes", bytes(0xff, 0xff, 0xff, 0xff, 0xff, 0), "longer than 5 bytes"),
                malformed(
                        "timestamp of 11 bytes",
                        sized(bytes(0), bytes(-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 0), bytes(0, 1, 1, 0)),
                        "longer than 10 bytes"),
                malformed("varint that runs out of its record", sized(bytes(0, 0xff)), "longer than the record"),
                malformed("negative offset delta", record(-1), "offset delta -1"),
                malformed("offset delta beyond the last", record(3), "offset delta 3"),
                malformed("offset delta far beyond", record(HUGE), "offset delta 2147483647"),
                malformed(
                        "negative key length",
                        recordOf(varint(-2), NULL, NO_HEADERS),
                        "key has the negative length -2"),
                malformed(
                        "key longer than its record", recordOf(varint(9), NULL, NO_HEADERS), "longer than the record"),
                malformed("huge key", recordOf(varint(HUGE), NULL, NO_HEADERS), "longer than the record"),
                malformed(
                        "negative value length",
                        recordOf(NULL, varint(-7), NO_HEADERS),
                        "value has the negative length"),
                malformed(
                        "value longer than its record",
                        recordOf(NULL, varint(9), NO_HEADERS),
                        "longer than the record"),
                malformed("huge value", recordOf(NULL, varint(HUGE), NO_HEADERS), "longer than the record"),
                malformed("negative header count", recordOf(NULL, NULL, varint(-1)), "claims -1 headers"),
                malformed("more headers than bytes", recordOf(NULL, NULL, varint(HUGE)), "claims 2147483647 headers"),
                malformed(
                        "null header key",
                        recordOf(NULL, NULL, varint(1), NULL, NULL),
                        "header's key has the negative length -1"),
                malformed(
                        "header key longer than its record",
                        recordOf(NULL, NULL, varint(1), varint(9), NULL),
                        "longer than the record"),
                malformed(
                        "negative header value length",
                        recordOf(NULL, NULL, varint(1), varint(0), varint(-2)),
                        "header's value has the negative length -2"),
                malformed(
                        "header value longer than its record",
                        recordOf(NULL, NULL, varint(1), varint(0), varint(9)),
                        "longer than the record"),
                malformed(
                        "garbage within the record",
                        recordOf(NULL, NULL, NO_HEADERS, bytes(1)),
                        "ends 1 bytes before"));
    }

    private static Arguments malformed(String what, byte[] record, String message) {
        return Arguments.of(what, record, message);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformedRecords")
    void aMalformedRecordIsRefused(String what, byte[] malformed, String message) {
        for (CompressionType codec : CompressionType.values()) {
            BatchBytes batch = new BatchBytes().records(malformed, record(1), record(2));
            if (codec != CompressionType.NONE) {
                batch.compressed(codec);
            }
            refused(batch.build(), message);
        }
    }

    @Test
    void offsetsThatDoNotIncreaseAreRefused() {
        KafkaException e = refused(
                BatchBytes.sound().records(record(0), record(1), record(1)).build(), "offset delta 1", 100L, 101L);
        assertThat(e)
                .hasMessageContaining("hostile-5 at offset 102")
                .hasMessageContaining("seek past its last offset 102");
    }

    @Test
    void fewerRecordsThanCountedAreRefused() {
        refused(BatchBytes.sound().records(record(0), record(1)).build(), "1 records short", 100L, 101L);
    }

    @Test
    void moreRecordsThanCountedAreRefused() {
        BatchBytes batch = BatchBytes.sound();
        batch.count = 2;
        refused(batch.build(), "bytes follow the last record", 100L);
        batch.count = 0;
        refused(batch.build(), "bytes follow the last record");
    }

    @Test
    void garbageAfterTheLastRecordIsRefused() {
        refused(
                BatchBytes.sound()
                        .records(record(0), record(1), record(2), bytes(0))
                        .build(),
                "1 bytes follow the last record",
                100L,
                101L);
    }

    @Test
    void anUnknownCodecIsRefused() {
        for (int codec = 5; codec <= 7; codec++) {
            BatchBytes batch = BatchBytes.sound();
            batch.attributes = codec;
            assertThat(refused(batch.build(), "codec number " + codec))
                    .isInstanceOf(UnsupportedCompressionTypeException.class);
            refused(ByteBuffer.wrap(message(1, codec, 100, joined(int32(-1), int32(-1)))), "codec number " + codec);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = CompressionType.class,
            names = {"GZIP", "SNAPPY", "LZ4", "ZSTD"})
    void compressedDataOfAnotherKindIsRefused(CompressionType codec) {
        BatchBytes batch = BatchBytes.sound();
        batch.attributes = codec.id;
        assertThat(refused(batch.build(), "")).isInstanceOf(CorruptRecordException.class);
        batch.records = new byte[0];
        assertThat(refused(batch.build(), "")).isInstanceOf(CorruptRecordException.class);
    }

    @Test
    void aControlBatchWithAShortKeyIsRefusedWhenItMatters() {
        BatchBytes batch = new BatchBytes().records(recordOf(varint(2), bytes(0, 0), NULL, NO_HEADERS));
        batch.attributes = 0x30;
        batch.producerId = 9;
        batch.count = 1;
        KafkaException e = failure(
                new RecordCursor(
                        PARTITION,
                        batch.build(),
                        0,
                        true,
                        List.of(new AbortedTransaction(9, 0)),
                        true,
                        new Decompressor(1000)),
                new ArrayList<>());
        assertThat(e).hasMessageContaining("control record's key").hasMessageContaining("hostile-5 at offset 0");
    }

    @Test
    void aMalformedMessageIsRefused() {
        for (int magic = 0; magic <= 1; magic++) {
            refusedMessage(message(magic, 0, 100, joined(int32(-2), int32(-1))), "key has the negative length -2");
            refusedMessage(message(magic, 0, 100, joined(int32(HUGE), int32(-1))), "key claims 2147483647 bytes");
            refusedMessage(message(magic, 0, 100, joined(int32(5), int32(-1))), "key claims 5 bytes");
            refusedMessage(message(magic, 0, 100, joined(int32(4), int32(-1))), "value claims 4 bytes");
            refusedMessage(message(magic, 0, 100, joined(int32(-1), int32(-9))), "value has the negative length -9");
            refusedMessage(message(magic, 0, 100, joined(int32(-1), int32(HUGE))), "value claims 2147483647 bytes");
            refusedMessage(message(magic, 0, 100, joined(int32(-1), int32(-1), bytes(1))), "ends 1 bytes before");
        }
    }

    private static void refusedMessage(byte[] message, String expected) {
        refused(ByteBuffer.wrap(message), expected);
        byte[] wrapped = wrapper(message[16], CompressionType.GZIP, 100, message);
        refused(ByteBuffer.wrap(wrapped), expected);
    }

    @Test
    void aMalformedWrapperIsRefused() {
        CompressionType gzip = CompressionType.GZIP;
        for (int magic = 0; magic <= 1; magic++) {
            refused(wrapper(magic, gzip, 100), "holds no message");
            refused(wrapper(magic, gzip, 100, message(magic, 101)), "inner offset 101");
            refused(wrapper(magic, gzip, 100, message(magic, -1)), "inner offset -1");
            refused(wrapper(magic, gzip, 100, message(magic, 5), message(magic, 5)), "which must be above");
            refused(wrapper(magic, gzip, 100, message(magic, 5), message(magic, 4)), "which must be");
            refused(wrapper(magic, gzip, 100, message(magic, 5), bytes(1, 2, 3)), "too few for a message");
            refused(wrapper(magic, gzip, 100, message(2, 5)), "magic number 2");
            refused(wrapper(magic, gzip, 100, wrapper(magic, gzip, 5, message(magic, 5))), "itself compressed");
            refused(message(magic, 1, 100, joined(int32(-1), int32(-1))), "no content");
            refused(message(magic, 4, 100, joined(int32(-1), int32(1), bytes(1))), "zstd");
            for (int size : new int[] {-1, 13, 1000, HUGE}) {
                byte[] inner =
                        ByteBuffer.wrap(message(magic, 5)).putInt(8, size).array();
                refused(wrapper(magic, gzip, 100, inner), "claims " + size + " bytes");
            }
        }
    }

    @Test
    void aCompressedMessageThatFailsItsOwnChecksumIsRefused() {
        byte[] inner = message(1, 0);
        inner[inner.length - 1]++;
        byte[] set = wrapper(1, CompressionType.SNAPPY, 100, inner);
        KafkaException e = failure(cursor(ByteBuffer.wrap(set), true), new ArrayList<>());
        assertThat(e).hasMessageContaining("checksum");
    }

    private static void refused(byte[] records, String message) {
        refusedEitherWay(ByteBuffer.wrap(records), message, null);
    }

    /** The batch is refused, after the given offsets, and nothing of it is passed over. */
    private static KafkaException refused(ByteBuffer records, String message, Long... deliveredBefore) {
        ByteBuffer direct = ByteBuffer.allocateDirect(records.remaining())
                .put(records.duplicate())
                .flip();
        failure(cursor(direct, false), new ArrayList<>());
        KafkaException e = refusedEitherWay(records, message, List.of(deliveredBefore));
        assertThat(e).hasMessageContaining("hostile-5 at offset ");
        return e;
    }

    /**
     * A batch that is decompressed as a stream is refused as one that is decompressed whole, and the stream is closed.
     */
    private static KafkaException refusedEitherWay(
            ByteBuffer records, String message, @Nullable List<Long> deliveredBefore) {
        List<Long> delivered = new ArrayList<>();
        KafkaException e = failure(cursor(records, true), delivered);
        assertThat(e).hasMessageContaining(message);
        assertThat(delivered).isEqualTo(deliveredBefore == null ? delivered : deliveredBefore);
        for (int pieceBytes : new int[] {1, 3, 64, 10_000}) {
            Decompressor streaming = new Decompressor(HUGE, 1, pieceBytes);
            List<Long> streamed = new ArrayList<>();
            KafkaException same = failure(cursor(records, true, streaming), streamed);
            // A claim beyond the bound is refused as such. Where offsets are absolute, none is looked at before its
            // turn.
            assertThat(same).hasMessageContaining(message.replace("inner offset", "offset"));
            assertThat(same).isInstanceOfAny(e.getClass(), RecordTooLargeException.class);
            assertThat(streamed).isEqualTo(deliveredBefore == null ? streamed : deliveredBefore);
            assertThat(streamed.size()).isGreaterThanOrEqualTo(delivered.size());
            assertThat(streaming.openStreams()).isZero();
        }
        return e;
    }

    private static RecordCursor cursor(ByteBuffer records, boolean checkCrcs) {
        return cursor(records, checkCrcs, new Decompressor(1 << 20));
    }

    private static RecordCursor cursor(ByteBuffer records, boolean checkCrcs, Decompressor decompressor) {
        return new RecordCursor(PARTITION, records, 0, false, List.of(), checkCrcs, decompressor);
    }

    private static KafkaException failure(RecordCursor cursor, List<Long> delivered) {
        KafkaException failure = catchThrowableOfType(KafkaException.class, () -> {
            while (cursor.next()) {
                delivered.add(cursor.offset());
            }
        });
        assertThat(failure).as("the exception").isNotNull();
        long position = cursor.nextOffset();
        assertThat(catchThrowableOfType(KafkaException.class, cursor::next)).isSameAs(failure);
        assertThat(cursor.nextOffset()).isEqualTo(position);
        assertThat(position).isEqualTo(delivered.isEmpty() ? 0 : delivered.get(delivered.size() - 1) + 1);
        return failure;
    }
}

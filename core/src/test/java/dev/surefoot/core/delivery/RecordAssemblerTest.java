package dev.surefoot.core.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.surefoot.core.records.Decompressor;
import dev.surefoot.core.records.RecordCursor;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.RecordDeserializationException;
import org.apache.kafka.common.errors.RecordDeserializationException.DeserializationExceptionOrigin;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteBufferDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.IntegerDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;

class RecordAssemblerTest {
    private static final TopicPartition PARTITION = new TopicPartition("t", 3);

    private ByteBuffer receiveBuffer = ByteBuffer.allocate(0);

    /** Keeps the very buffer that it is given. */
    private static final class KeepsBuffer implements Deserializer<ByteBuffer> {
        @Override
        public ByteBuffer deserialize(String topic, byte[] data) {
            throw new AssertionError("the buffer form is there to be used");
        }

        @Override
        public ByteBuffer deserialize(String topic, Headers headers, ByteBuffer data) {
            return data;
        }
    }

    /** Reads what Kafka's does, and keeps the buffer besides. */
    private static final class KeepsBufferOfString extends StringDeserializer {
        private ByteBuffer kept = ByteBuffer.allocate(0);

        @Override
        public String deserialize(String topic, Headers headers, ByteBuffer data) {
            kept = data.duplicate();
            return super.deserialize(topic, headers, data);
        }
    }

    private RecordCursor cursor(boolean direct, SimpleRecord... records) {
        ByteBuffer batch =
                MemoryRecords.withRecords(40, Compression.NONE, 9, records).buffer();
        receiveBuffer = direct ? ByteBuffer.allocateDirect(batch.remaining()) : ByteBuffer.allocate(batch.remaining());
        receiveBuffer.put(batch).flip();
        RecordCursor cursor =
                new RecordCursor(PARTITION, receiveBuffer, 40, false, List.of(), true, new Decompressor(1 << 20));
        assertThat(cursor.next()).isTrue();
        return cursor;
    }

    private RecordCursor cursor(SimpleRecord record) {
        return cursor(true, record);
    }

    private void overwriteReceiveBuffer() {
        for (int i = 0; i < receiveBuffer.limit(); i++) {
            receiveBuffer.put(i, (byte) 0xee);
        }
    }

    private static SimpleRecord record(String key, String value, Header... headers) {
        return new SimpleRecord(
                1234, key == null ? null : key.getBytes(UTF_8), value == null ? null : value.getBytes(UTF_8), headers);
    }

    @Test
    void everythingOfTheRecordIsThere() {
        Header header = new RecordHeader("h", new byte[] {5});
        ConsumerRecord<String, String> made = new RecordAssembler<>(new StringDeserializer(), new StringDeserializer())
                .assemble(PARTITION, cursor(record("key", "välue", header)));
        overwriteReceiveBuffer();

        assertThat(made.topic()).isEqualTo("t");
        assertThat(made.partition()).isEqualTo(3);
        assertThat(made.offset()).isEqualTo(40);
        assertThat(made.timestamp()).isEqualTo(1234);
        assertThat(made.timestampType()).isEqualTo(TimestampType.CREATE_TIME);
        assertThat(made.key()).isEqualTo("key");
        assertThat(made.value()).isEqualTo("välue");
        assertThat(made.serializedKeySize()).isEqualTo(3);
        assertThat(made.serializedValueSize()).isEqualTo(6);
        assertThat(made.headers()).containsExactly(header);
        assertThat(made.leaderEpoch()).isEqualTo(Optional.of(9));
    }

    @Test
    void whatARecordDoesNotHaveIsNull() {
        ConsumerRecord<String, byte[]> made = new RecordAssembler<>(
                        new StringDeserializer(), new ByteArrayDeserializer())
                .assemble(PARTITION, cursor(record(null, null)));

        assertThat(made.key()).isNull();
        assertThat(made.value()).isNull();
        assertThat(made.serializedKeySize()).isEqualTo(-1);
        assertThat(made.serializedValueSize()).isEqualTo(-1);
        assertThat(made.headers()).isEmpty();
    }

    @Test
    void kafkasOwnDeserializersReadHeapAndDirectBuffersAlike() {
        for (boolean direct : new boolean[] {true, false}) {
            SimpleRecord record = new SimpleRecord(0, new byte[] {0, 0, 1, 2}, "v".getBytes(UTF_8));
            ConsumerRecord<Integer, String> made = new RecordAssembler<>(
                            new IntegerDeserializer(), new StringDeserializer())
                    .assemble(PARTITION, cursor(direct, record));

            assertThat(made.key()).isEqualTo(258);
            assertThat(made.value()).isEqualTo("v");
        }
    }

    @Test
    void aBufferThatADeserializerKeepsOutlivesTheReceiveBuffer() {
        ConsumerRecord<ByteBuffer, ByteBuffer> made = new RecordAssembler<>(
                        new KeepsBuffer(), new ByteBufferDeserializer())
                .assemble(PARTITION, cursor(record("key", "value")));
        overwriteReceiveBuffer();

        assertThat(UTF_8.decode(made.key()).toString()).isEqualTo("key");
        assertThat(UTF_8.decode(made.value()).toString()).isEqualTo("value");
    }

    @Test
    void aSubclassOfKafkasDeserializerIsTrustedNoMoreThanAnyOther() {
        KeepsBufferOfString keeps = new KeepsBufferOfString();
        new RecordAssembler<>(keeps, new StringDeserializer()).assemble(PARTITION, cursor(record("key", "value")));
        overwriteReceiveBuffer();

        assertThat(UTF_8.decode(keeps.kept).toString()).isEqualTo("key");
    }

    @Test
    void anArrayIsTheRecordsOwn() {
        Deserializer<byte[]> lambda = (topic, data) -> data;
        ConsumerRecord<byte[], byte[]> made = new RecordAssembler<>(lambda, new ByteArrayDeserializer())
                .assemble(PARTITION, cursor(record("key", "value")));
        overwriteReceiveBuffer();

        assertThat(made.key()).isEqualTo("key".getBytes(UTF_8));
        assertThat(made.value()).isEqualTo("value".getBytes(UTF_8));
    }

    @Test
    void aDeserializerThatMovesItsBufferDisturbsNobody() {
        Deserializer<Long> hungry = new Deserializer<>() {
            @Override
            public Long deserialize(String topic, byte[] data) {
                return 0L;
            }

            @Override
            public Long deserialize(String topic, Headers headers, ByteBuffer data) {
                data.position(data.limit());
                return (long) data.capacity();
            }
        };
        RecordCursor cursor = cursor(true, record("key", "value"), record("k", "v"));
        RecordAssembler<Long, Long> assembler = new RecordAssembler<>(hungry, hungry);

        assertThat(assembler.assemble(PARTITION, cursor).value()).isEqualTo(5);
        assertThat(cursor.next()).isTrue();
        assertThat(assembler.assemble(PARTITION, cursor).key()).isEqualTo(1);
    }

    @Test
    void headersAddedToARecordWrittenWithoutAnyAreItsOwn() {
        RecordCursor cursor = cursor(true, record("a", "b"), record("c", "d"));
        RecordAssembler<String, String> assembler =
                new RecordAssembler<>(new StringDeserializer(), new StringDeserializer());
        ConsumerRecord<String, String> first = assembler.assemble(PARTITION, cursor);
        assertThat(cursor.next()).isTrue();
        ConsumerRecord<String, String> second = assembler.assemble(PARTITION, cursor);
        assertThat(first.toString()).contains("headers = []");

        first.headers().add("later", "x".getBytes(UTF_8));

        assertThat(first.headers().lastHeader("later").value()).isEqualTo("x".getBytes(UTF_8));
        assertThat(first.toString())
                .contains("key = later")
                .contains("offset = 40")
                .contains("value = b");
        assertThat(second.headers()).isEmpty();
    }

    @Test
    void valuesOfEverySizeAreReadFromDirectMemory() {
        for (int size : new int[] {0, 1, 255, 256, 257, 65_536, 65_537, 300_000, 3}) {
            String value = "v".repeat(size);
            ConsumerRecord<String, String> made = new RecordAssembler<>(
                            new StringDeserializer(), new StringDeserializer())
                    .assemble(PARTITION, cursor(true, record("k", value)));

            assertThat(made.value()).hasSize(size).isEqualTo(value);
        }
    }

    @Test
    void deserializersSeeTheHeadersAndMayAddToThem() {
        Deserializer<String> marks = new Deserializer<>() {
            @Override
            public String deserialize(String topic, byte[] data) {
                throw new AssertionError("the form with headers is there to be used");
            }

            @Override
            public String deserialize(String topic, Headers headers, byte[] data) {
                headers.add("seen", data);
                return String.valueOf(headers.lastHeader("h").key());
            }
        };
        RecordCursor cursor = cursor(
                true,
                record("a", "b", new RecordHeader("h", new byte[0])),
                record("c", "d", new RecordHeader("h", new byte[0])));
        RecordAssembler<String, String> assembler = new RecordAssembler<>(marks, marks);

        ConsumerRecord<String, String> first = assembler.assemble(PARTITION, cursor);
        assertThat(cursor.next()).isTrue();
        ConsumerRecord<String, String> second = assembler.assemble(PARTITION, cursor);

        assertThat(first.key()).isEqualTo("h");
        assertThat(first.headers()).extracting(Header::key).containsExactly("h", "seen", "seen");
        assertThat(second.headers().lastHeader("seen").value()).isEqualTo("d".getBytes(UTF_8));
        assertThat(second.headers()).hasSize(3);
    }

    @Test
    void aFailedDeserializationCarriesTheRawRecord() {
        Deserializer<String> refuses = (topic, data) -> {
            throw new IllegalArgumentException("refused");
        };
        Header header = new RecordHeader("h", new byte[] {5});
        RecordCursor cursor = cursor(record("key", "value", header));

        RecordDeserializationException thrown = catchThrowableOfType(
                RecordDeserializationException.class,
                () -> new RecordAssembler<>(new StringDeserializer(), refuses).assemble(PARTITION, cursor));
        overwriteReceiveBuffer();

        assertThat(thrown.origin()).isEqualTo(DeserializationExceptionOrigin.VALUE);
        assertThat(thrown.topicPartition()).isEqualTo(PARTITION);
        assertThat(thrown.offset()).isEqualTo(40);
        assertThat(thrown.timestamp()).isEqualTo(1234);
        assertThat(thrown.timestampType()).isEqualTo(TimestampType.CREATE_TIME);
        assertThat(UTF_8.decode(thrown.keyBuffer()).toString()).isEqualTo("key");
        assertThat(UTF_8.decode(thrown.valueBuffer()).toString()).isEqualTo("value");
        assertThat(thrown.headers()).containsExactly(header);
        assertThat(thrown)
                .hasRootCauseMessage("refused")
                .hasMessageContaining("40")
                .hasMessageContaining("t-3");
    }

    @Test
    void aKeyThatCannotBeReadIsNamedAsSuch() {
        RecordCursor cursor = cursor(record("five!", null));

        RecordDeserializationException thrown = catchThrowableOfType(
                RecordDeserializationException.class,
                () -> new RecordAssembler<>(new IntegerDeserializer(), new StringDeserializer())
                        .assemble(PARTITION, cursor));

        assertThat(thrown.origin()).isEqualTo(DeserializationExceptionOrigin.KEY);
        assertThat(thrown.keyBuffer().remaining()).isEqualTo(5);
        assertThat(thrown.valueBuffer()).isNull();
    }
}

package dev.surefoot.core.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.surefoot.core.records.Decompressor;
import dev.surefoot.core.records.RecordCursor;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.RecordDeserializationException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;

/** Key, value, headers and epoch of a record, each by itself. */
class RecordAssemblerPartsTest {
    private static final TopicPartition PARTITION = new TopicPartition("t", 3);

    /** Adds a header for each part that it reads; refuses the part "bad". */
    private static final class AddsHeader implements Deserializer<String> {
        @Override
        public String deserialize(String topic, byte[] data) {
            throw new AssertionError("the form with headers is there to be used");
        }

        @Override
        public String deserialize(String topic, Headers headers, byte[] data) {
            headers.add("seen", data);
            String text = new String(data, UTF_8);
            if (text.equals("bad")) {
                throw new IllegalArgumentException("refused");
            }
            return text;
        }
    }

    /** As {@link AddsHeader}, of a deserializer that takes buffers only. */
    private static final class AddsHeaderByBuffer implements Deserializer<String> {
        @Override
        public String deserialize(String topic, byte[] data) {
            throw new AssertionError("the form with a buffer is there to be used");
        }

        @Override
        public String deserialize(String topic, Headers headers, ByteBuffer data) {
            String text = UTF_8.decode(data).toString();
            headers.add("seen", text.getBytes(UTF_8));
            return text;
        }
    }

    private static RecordCursor cursor(int leaderEpoch, String key, String value) {
        SimpleRecord record = new SimpleRecord(
                1,
                key == null ? null : key.getBytes(UTF_8),
                value == null ? null : value.getBytes(UTF_8),
                new Header[] {new RecordHeader("h", new byte[0])});
        RecordCursor cursor = new RecordCursor(
                PARTITION,
                MemoryRecords.withRecords(0, Compression.NONE, leaderEpoch, record)
                        .buffer(),
                0,
                false,
                List.of(),
                true,
                new Decompressor(1 << 20));
        assertThat(cursor.next()).isTrue();
        return cursor;
    }

    private static <V> ConsumerRecord<String, V> assemble(Deserializer<V> value, String key, String text) {
        return new RecordAssembler<>(new StringDeserializer(), value).assemble(PARTITION, cursor(0, key, text));
    }

    @Test
    void anEmptyKeyAndAnEmptyValueAreNotNull() {
        ConsumerRecord<String, String> made = assemble(new StringDeserializer(), "", "");

        assertThat(made.key()).isEmpty();
        assertThat(made.value()).isEmpty();
        assertThat(made.serializedKeySize()).isZero();
        assertThat(made.serializedValueSize()).isZero();
    }

    @Test
    void noDeserializerIsAskedForWhatIsNotThere() {
        Deserializer<String> invents = (topic, data) -> "invented";

        assertThat(assemble(invents, "k", null).value()).isNull();
        ConsumerRecord<String, String> keyless =
                new RecordAssembler<>(invents, new StringDeserializer()).assemble(PARTITION, cursor(0, null, "v"));
        assertThat(keyless.key()).isNull();
        assertThat(keyless.value()).isEqualTo("v");
    }

    @Test
    void theDeserializerOfTheKeyAloneMayAddHeaders() {
        ConsumerRecord<String, String> made = new RecordAssembler<>(new AddsHeader(), new StringDeserializer())
                .assemble(PARTITION, cursor(0, "k", "v"));

        assertThat(made.headers()).extracting(Header::key).containsExactly("h", "seen");
        assertThat(made.headers().lastHeader("seen").value()).isEqualTo("k".getBytes(UTF_8));
    }

    @Test
    void theDeserializerOfTheValueAloneMayAddHeaders() {
        ConsumerRecord<String, String> made = assemble(new AddsHeader(), "k", "v");

        assertThat(made.headers()).extracting(Header::key).containsExactly("h", "seen");
        assertThat(made.headers().lastHeader("seen").value()).isEqualTo("v".getBytes(UTF_8));
    }

    @Test
    void aDeserializerThatTakesBuffersMayAddHeadersToo() {
        ConsumerRecord<String, String> made = assemble(new AddsHeaderByBuffer(), "k", "v");

        assertThat(made.value()).isEqualTo("v");
        assertThat(made.headers()).extracting(Header::key).containsExactly("h", "seen");
    }

    @Test
    void aFailureCarriesTheHeadersAsTheDeserializerLeftThem() {
        RecordDeserializationException thrown = catchThrowableOfType(
                RecordDeserializationException.class, () -> assemble(new AddsHeader(), "k", "bad"));

        assertThat(thrown.headers()).extracting(Header::key).containsExactly("h", "seen");
    }

    @Test
    void eachRecordHasTheEpochOfItsBatchOrNone() {
        RecordAssembler<String, String> assembler =
                new RecordAssembler<>(new StringDeserializer(), new StringDeserializer());

        assertThat(assembler.assemble(PARTITION, cursor(7, "k", "v")).leaderEpoch())
                .contains(7);
        assertThat(assembler.assemble(PARTITION, cursor(0, "k", "v")).leaderEpoch())
                .contains(0);
        assertThat(assembler.assemble(PARTITION, cursor(-1, "k", "v")).leaderEpoch())
                .isEmpty();
        assertThat(assembler.assemble(PARTITION, cursor(7, "k", "v")).leaderEpoch())
                .contains(7);
    }
}

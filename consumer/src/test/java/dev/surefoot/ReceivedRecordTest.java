package dev.surefoot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.surefoot.RecordVisitor.Result;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Records that are made for the test of a visitor. */
class ReceivedRecordTest {
    private static ConsumerRecord<byte[], byte[]> orders(@Nullable String key, @Nullable String value) {
        return new ConsumerRecord<>("orders", 3, 17, bytes(key), bytes(value));
    }

    private static byte @Nullable [] bytes(@Nullable String text) {
        return text == null ? null : text.getBytes(UTF_8);
    }

    private static @Nullable String text(@Nullable ByteBuffer bytes) {
        return bytes == null ? null : UTF_8.decode(bytes).toString();
    }

    @Test
    void aVisitorIsTestedWithoutAConsumer() {
        List<String> seen = new ArrayList<>();
        RecordVisitor visitor = record -> {
            seen.add(record.topic() + "-" + record.partition() + "@" + record.offset() + " " + text(record.value()));
            return record.offset() < 17 ? Result.CONTINUE : Result.STOP;
        };

        assertThat(visitor.visit(ReceivedRecord.of(orders("k", "v")))).isEqualTo(Result.STOP);
        assertThat(seen).containsExactly("orders-3@17 v");
    }

    @Test
    void itSaysWhatTheConsumerRecordSays() {
        ConsumerRecord<byte[], byte[]> given = new ConsumerRecord<>(
                "orders",
                3,
                17,
                1234,
                TimestampType.LOG_APPEND_TIME,
                1,
                2,
                bytes("k"),
                bytes("vv"),
                orders("", "").headers(),
                Optional.of(9));

        ReceivedRecord record = ReceivedRecord.of(given);

        assertThat(record.topicPartition()).isEqualTo(new TopicPartition("orders", 3));
        assertThat(record.timestamp()).isEqualTo(1234);
        assertThat(record.timestampType()).isEqualTo(TimestampType.LOG_APPEND_TIME);
        assertThat(record.leaderEpoch()).contains(9);
        assertThat(text(record.key())).isEqualTo("k");
        assertThat(text(record.value())).isEqualTo("vv");
        assertThat(record.toString())
                .contains("orders", "partition = 3", "offset = 17", "LogAppendTime = 1234", "leaderEpoch = 9");
    }

    @Test
    void sizesAreThoseOfTheBytesWhateverTheConsumerRecordSays() {
        ReceivedRecord record = ReceivedRecord.of(orders("key", ""));
        assertThat(record.serializedKeySize()).isEqualTo(3);
        assertThat(record.serializedValueSize()).isZero();

        ReceivedRecord empty = ReceivedRecord.of(orders(null, null));
        assertThat(empty.serializedKeySize()).isEqualTo(-1);
        assertThat(empty.serializedValueSize()).isEqualTo(-1);
        assertThat(empty.key()).isNull();
        assertThat(empty.value()).isNull();
        assertThat(empty.leaderEpoch()).isEmpty();
        assertThat(empty.timestamp()).isEqualTo(ConsumerRecord.NO_TIMESTAMP);
        assertThat(empty.timestampType()).isEqualTo(TimestampType.NO_TIMESTAMP_TYPE);
    }

    @Test
    void bytesAreReadFromTheirBeginningEachTimeAndCannotBeChanged() {
        ReceivedRecord record = ReceivedRecord.of(orders("key", "value"));

        assertThat(text(record.value())).isEqualTo("value");
        assertThat(text(record.value())).isEqualTo("value");
        assertThat(text(record.key())).isEqualTo("key");
        assertThat(record.value().order()).isEqualTo(ByteOrder.BIG_ENDIAN);
        assertThatThrownBy(() -> record.value().put((byte) 1)).isInstanceOf(ReadOnlyBufferException.class);
        assertThatThrownBy(() -> record.key().put((byte) 1)).isInstanceOf(ReadOnlyBufferException.class);
    }

    @Test
    void headersAreLookedUpByKeyInTheOrderOfWriting() {
        ConsumerRecord<byte[], byte[]> given = orders("k", "v");
        given.headers().add("trace", bytes("1")).add("é", null).add("trace", bytes("2"));
        ReceivedRecord record = ReceivedRecord.of(given);
        List<String> all = new ArrayList<>();
        List<String> traces = new ArrayList<>();

        record.forEachHeader((key, value) -> all.add(text(key) + "=" + text(value)));
        record.forEachHeader("trace", value -> traces.add(text(value)));

        assertThat(record.headerCount()).isEqualTo(3);
        assertThat(all).containsExactly("trace=1", "é=null", "trace=2");
        assertThat(traces).containsExactly("1", "2");
        assertThat(text(record.lastHeaderValue("trace"))).isEqualTo("2");
        assertThat(record.lastHeaderValue("é")).isNull();
        assertThat(record.hasHeader("é")).isTrue();
        assertThat(record.hasHeader("none")).isFalse();
        assertThat(record.lastHeaderValue("none")).isNull();
    }

    @Test
    void headersThatAreChangedLaterDoNotChangeTheRecord() {
        ConsumerRecord<byte[], byte[]> given = orders("k", "v");
        given.headers().add("trace", bytes("1"));
        Headers expected = orders("k", "v").headers().add("trace", bytes("1"));
        ReceivedRecord record = ReceivedRecord.of(given);

        given.headers().remove("trace");
        record.headers().add("more", bytes("2"));

        assertThat(record.headers()).isEqualTo(expected);
        assertThat(record.headerCount()).isEqualTo(1);
    }
}

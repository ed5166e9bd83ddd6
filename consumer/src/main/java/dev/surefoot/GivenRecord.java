package dev.surefoot;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.surefoot.core.records.KafkaHeaders;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * A record with the content of a {@link ConsumerRecord}, for tests of visitors. Immutable, as long as the caller does
 * not change the arrays.
 */
final class GivenRecord implements ReceivedRecord {
    private final ConsumerRecord<byte[], byte[]> record;
    private final TopicPartition partition;
    private final List<Header> headers;

    GivenRecord(ConsumerRecord<byte[], byte[]> record) {
        this.record = record;
        this.partition = new TopicPartition(record.topic(), record.partition());
        this.headers = List.of(record.headers().toArray());
    }

    @Override
    public String topic() {
        return record.topic();
    }

    @Override
    public int partition() {
        return record.partition();
    }

    @Override
    public TopicPartition topicPartition() {
        return partition;
    }

    @Override
    public long offset() {
        return record.offset();
    }

    @Override
    public long timestamp() {
        return record.timestamp();
    }

    @Override
    public TimestampType timestampType() {
        return record.timestampType();
    }

    @Override
    public Optional<Integer> leaderEpoch() {
        return record.leaderEpoch();
    }

    @Override
    public @Nullable ByteBuffer key() {
        return buffer(record.key());
    }

    @Override
    public int serializedKeySize() {
        return size(record.key());
    }

    @Override
    public @Nullable ByteBuffer value() {
        return buffer(record.value());
    }

    @Override
    public int serializedValueSize() {
        return size(record.value());
    }

    @Override
    public int headerCount() {
        return headers.size();
    }

    @Override
    public void forEachHeader(BiConsumer<ByteBuffer, @Nullable ByteBuffer> action) {
        for (Header header : headers) {
            action.accept(ByteBuffer.wrap(header.key().getBytes(UTF_8)).asReadOnlyBuffer(), buffer(header.value()));
        }
    }

    @Override
    public void forEachHeader(String key, Consumer<@Nullable ByteBuffer> action) {
        for (Header header : headers) {
            if (header.key().equals(key)) {
                action.accept(buffer(header.value()));
            }
        }
    }

    @Override
    public boolean hasHeader(String key) {
        return headers.stream().anyMatch(header -> header.key().equals(key));
    }

    @Override
    public @Nullable ByteBuffer lastHeaderValue(String key) {
        Header last = headers().lastHeader(key);
        return last == null ? null : buffer(last.value());
    }

    @Override
    public Headers headers() {
        Headers copy = KafkaHeaders.none();
        headers.forEach(header -> copy.add(header.key(), header.value()));
        return copy;
    }

    private static @Nullable ByteBuffer buffer(byte @Nullable [] bytes) {
        return bytes == null ? null : ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    private static int size(byte @Nullable [] bytes) {
        return bytes == null ? ConsumerRecord.NULL_SIZE : bytes.length;
    }

    @Override
    public String toString() {
        return VisitedRecord.text(this);
    }
}

package dev.surefoot.bench.throughput;

import dev.surefoot.ReceivedRecord;
import dev.surefoot.SurefootConsumer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** Reads with a visitor, without making objects, and looks at each value and header. */
final class VisitReader implements Reader {
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final SurefootConsumer<byte[], byte[]> consumer;
    private long bytes;

    VisitReader(Map<String, Object> config, WrittenTopic topic) {
        this.consumer = new SurefootConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        consumer.assign(topic.partitions());
    }

    @Override
    public int next() {
        return consumer.poll(PATIENCE, this::look);
    }

    private void look(ReceivedRecord record) {
        bytes += Objects.requireNonNull(record.value()).remaining();
        if (record.headerCount() > 0) {
            record.forEachHeader(this::look);
        }
    }

    private void look(ByteBuffer key, @Nullable ByteBuffer value) {
        bytes += Objects.requireNonNull(value).remaining();
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public void close() {
        consumer.close();
    }
}

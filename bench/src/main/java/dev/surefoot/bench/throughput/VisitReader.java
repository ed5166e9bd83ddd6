package dev.surefoot.bench.throughput;

import dev.surefoot.ReceivedRecord;
import dev.surefoot.RecordVisitor.Result;
import dev.surefoot.SurefootConsumer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Reads with a visitor, without making objects, and accesses each value and header. */
final class VisitReader implements Reader {
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final SurefootConsumer<byte[], byte[]> consumer;
    /** Kept: a method reference made for each record would be an object for each. */
    private final BiConsumer<ByteBuffer, ByteBuffer> headerVisitor = this::lookAtHeader;

    private long bytes;

    VisitReader(Map<String, Object> config, WrittenTopic topic) {
        this.consumer = SurefootConsumer.ofBytes(config);
        consumer.assign(topic.partitions());
    }

    @Override
    public int next() {
        return consumer.poll(PATIENCE, this::look);
    }

    private Result look(ReceivedRecord record) {
        bytes += Objects.requireNonNull(record.value()).remaining();
        if (record.headerCount() > 0) {
            record.forEachHeader(headerVisitor);
        }
        return Result.CONTINUE;
    }

    private void lookAtHeader(ByteBuffer key, @Nullable ByteBuffer value) {
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

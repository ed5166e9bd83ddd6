package dev.surefoot.bench.throughput;

import java.time.Duration;
import java.util.List;
import java.util.function.ToIntFunction;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.header.Header;

/** Reads as most applications do: {@code poll()}, and access to each record. */
final class PollReader<V> implements Reader {
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Consumer<byte[], V> consumer;
    private final ToIntFunction<V> sizeOf;
    private final boolean withHeaders;
    private long bytes;

    /** @param inGroup whether to subscribe; otherwise all partitions are assigned */
    PollReader(Consumer<byte[], V> consumer, ToIntFunction<V> sizeOf, WrittenTopic topic, boolean inGroup) {
        this.consumer = consumer;
        this.sizeOf = sizeOf;
        this.withHeaders = topic.workload().headers() > 0;
        if (inGroup) {
            consumer.subscribe(List.of(topic.topic()));
        } else {
            consumer.assign(topic.partitions());
        }
    }

    @Override
    public int next() {
        ConsumerRecords<byte[], V> records = consumer.poll(PATIENCE);
        int count = 0;
        long seen = 0;
        for (ConsumerRecord<byte[], V> each : records) {
            count++;
            seen += sizeOf.applyAsInt(each.value());
            if (withHeaders) {
                for (Header header : each.headers()) {
                    seen += header.value().length;
                }
            }
        }
        bytes += seen;
        return count;
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

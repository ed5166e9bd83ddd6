package dev.surefoot.bench.memory;

import dev.surefoot.SurefootConfig;
import dev.surefoot.SurefootConsumer;
import dev.surefoot.runtime.ConsumerMeter;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads the topic from its beginning with a consumer of its own, at the pace of the order. */
final class MemoryTrial {
    private static final Duration POLL = Duration.ofMillis(100);

    /** A trial fails after this long without a record, while there are more. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final MemoryOrder order;
    private final Timeline timeline = new Timeline();
    private long records;
    private long bytes;

    MemoryTrial(MemoryOrder order) {
        this.order = order;
    }

    MemoryFigures run() {
        MemorySampler.forgetEarlier();
        try (Consumer<byte[], byte[]> consumer = open()) {
            consumer.assign(order.topicPartitions());
            consumer.seekToBeginning(order.topicPartitions());
            try (MemorySampler sampler = MemorySampler.start(heldBytesOf(consumer))) {
                long nanos = read(consumer);
                MemorySampler.Peaks peaks = sampler.stop();
                return new MemoryFigures(
                        records,
                        bytes * 1e3 / nanos,
                        peaks.heldBytes(),
                        peaks.directBytes(),
                        peaks.samples(),
                        order.pace() == Pace.PHASES ? timeline.recoveryMillis() : 0);
            }
        }
    }

    private Consumer<byte[], byte[]> open() {
        ByteArrayDeserializer raw = new ByteArrayDeserializer();
        Map<String, Object> config = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                order.bootstrapServers(),
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                SurefootConfig.BUFFER_BYTES_CONFIG,
                order.bufferBytes());
        return new SurefootConsumer<>(config, raw, raw);
    }

    private static LongSupplier heldBytesOf(Consumer<byte[], byte[]> consumer) {
        Metric held = consumer.metrics().values().stream()
                .filter(metric -> metric.metricName().group().equals(ConsumerMeter.SESSION_GROUP)
                        && metric.metricName().name().equals("buffered-bytes"))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("The consumer does not tell how much it holds"));
        return () -> ((Number) held.metricValue()).longValue();
    }

    /** Returns the nanoseconds from the first record to the last. */
    private long read(Consumer<byte[], byte[]> consumer) {
        long started = 0;
        long last = System.nanoTime();
        while (records < order.records()) {
            ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
            long now = System.nanoTime();
            if (polled.isEmpty()) {
                if (now - last > PATIENCE_NANOS) {
                    throw new IllegalStateException("received only " + records + " of " + order.records() + " records");
                }
                continue;
            }
            if (records == 0) {
                started = now;
            }
            last = now;
            take(polled, now - started);
            if (order.pace().restsAt(now - started)) {
                if (order.pace() == Pace.SLOW && now - started > TimeUnit.SECONDS.toNanos(order.mostSeconds())) {
                    break;
                }
                LockSupport.parkNanos(this, TimeUnit.MICROSECONDS.toNanos(order.restMicros()));
            }
        }
        return Math.max(1, last - started);
    }

    private void take(ConsumerRecords<byte[], byte[]> polled, long nanos) {
        long taken = 0;
        for (ConsumerRecord<byte[], byte[]> record : polled) {
            taken += record.value().length;
        }
        records += polled.count();
        bytes += taken;
        timeline.add(nanos, taken);
    }
}

package dev.surefoot.bench.latency;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;

/** Sends and receives the records of one round, with a producer and a consumer that exist for this round only. */
final class LatencyRound {
    /** Seconds at the start whose records are not counted, while connections and sessions are set up. */
    private static final int SETTLING_SECONDS = 1;

    private static final long LEAD_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final Duration POLL = Duration.ofMillis(100);

    /** A round fails if it has not ended this long after its last record was due. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

    private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(2);
    private static final int DIGITS = 3;

    private static final OperatingSystemMXBean PROCESS =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private final LatencyOrder order;

    LatencyRound(LatencyOrder order) {
        this.order = order;
    }

    LatencyFigures run() {
        try (Consumer<byte[], byte[]> consumer = order.consumer().open(config());
                PacedProducer producer = PacedProducer.open(order)) {
            consumer.assign(order.topicPartitions());
            consumer.seekToEnd(order.topicPartitions());
            order.topicPartitions().forEach(consumer::position);
            SendSchedule schedule = new SendSchedule(System.nanoTime() + LEAD_NANOS, order.ratePerSecond());
            producer.start(schedule, schedule.recordsIn(SETTLING_SECONDS + order.seconds()));
            return receive(consumer, producer, schedule);
        }
    }

    private Map<String, Object> config() {
        Map<String, Object> config = new HashMap<>();
        config.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, order.bootstrapServers());
        config.put(
                ConsumerConfig.CLIENT_ID_CONFIG, "latency-" + order.consumer().label());
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        return config;
    }

    private LatencyFigures receive(Consumer<byte[], byte[]> consumer, PacedProducer producer, SendSchedule schedule) {
        Histogram latencies = new Histogram(LONGEST_NANOS, DIGITS);
        long countedFrom = schedule.dueNanos(schedule.recordsIn(SETTLING_SECONDS));
        long expected = schedule.recordsIn(order.seconds());
        long giveUpAt = schedule.dueNanos(schedule.recordsIn(SETTLING_SECONDS + order.seconds())) + PATIENCE_NANOS;
        long cpuBefore = 0;
        while (latencies.getTotalCount() < expected) {
            ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
            long now = System.nanoTime();
            for (ConsumerRecord<byte[], byte[]> record : polled) {
                long due = ByteBuffer.wrap(record.value()).getLong();
                if (due - countedFrom >= 0) {
                    cpuBefore = latencies.getTotalCount() == 0 ? PROCESS.getProcessCpuTime() : cpuBefore;
                    latencies.recordValue(now - due);
                }
            }
            producer.throwIfFailed();
            if (now - giveUpAt > 0) {
                throw new IllegalStateException(order.consumer().label() + " received only " + latencies.getTotalCount()
                        + " of " + expected + " records");
            }
        }
        return LatencyFigures.of(latencies, PROCESS.getProcessCpuTime() - cpuBefore);
    }
}

package dev.surefoot.testkit.memory;

import dev.surefoot.SurefootConsumer;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A program with many consumers, for a JVM with little memory. Prints one line of figures. */
final class ScarceReaders {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(3);

    private ScarceReaders() {}

    /** @param args bootstrap servers, topic, partitions, records in the topic, consumers */
    public static void main(String[] args) throws Exception {
        int consumers = Integer.parseInt(args[4]);
        ExecutorService threads = Executors.newFixedThreadPool(consumers, work -> {
            Thread thread = new Thread(work);
            thread.setDaemon(true);
            return thread;
        });
        List<Future<Double>> reads = new ArrayList<>();
        for (int i = 0; i < consumers; i++) {
            reads.add(threads.submit(read(args)));
        }
        long peak = 0;
        while (!reads.stream().allMatch(Future::isDone)) {
            peak = Math.max(peak, directBytes());
            Thread.onSpinWait();
        }
        double[] perSecond = new double[consumers];
        for (int i = 0; i < consumers; i++) {
            perSecond[i] = reads.get(i).get();
        }
        double mean = IntStream.range(0, consumers)
                .mapToDouble(i -> perSecond[i])
                .average()
                .orElseThrow();
        double least = IntStream.range(0, consumers)
                .mapToDouble(i -> perSecond[i])
                .min()
                .orElseThrow();
        System.out.println("peak " + peak + " least " + Math.round(100 * least / mean));
    }

    /** Reads the whole topic; returns how many records a second that were. */
    private static Callable<Double> read(String[] args) {
        return () -> {
            long records = Long.parseLong(args[3]);
            try (SurefootConsumer<byte[], byte[]> consumer = consumer(args[0])) {
                assign(consumer, args[1], Integer.parseInt(args[2]));
                long started = System.nanoTime();
                for (long read = 0; read < records; read += consumer.poll(POLL).count()) {
                    if (System.nanoTime() - started > PATIENCE_NANOS) {
                        throw new IllegalStateException("only " + read + " of " + records + " records");
                    }
                }
                return records * 1e9 / (System.nanoTime() - started);
            }
        };
    }

    static SurefootConsumer<byte[], byte[]> consumer(String bootstrapServers) {
        return new SurefootConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    static void assign(SurefootConsumer<byte[], byte[]> consumer, String topic, int partitions) {
        List<TopicPartition> all = IntStream.range(0, partitions)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
        consumer.assign(all);
        consumer.seekToBeginning(all);
    }

    static long directBytes() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getTotalCapacity)
                .sum();
    }
}

package dev.surefoot.bench.memory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Runs consumers on threads of their own, each of which reads the whole topic from its beginning. */
final class ScarceTrial {
    private static final Duration POLL = Duration.ofMillis(100);

    /** A consumer is stopped after this long without a record. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final ScarceOrder order;
    private final CountDownLatch start = new CountDownLatch(1);

    ScarceTrial(ScarceOrder order) {
        this.order = order;
    }

    ScarceFigures run() {
        List<Reader> readers = new ArrayList<>();
        for (int i = 0; i < order.consumers(); i++) {
            Reader reader = new Reader();
            reader.setDaemon(true);
            reader.start();
            readers.add(reader);
        }
        try (MemorySampler sampler = MemorySampler.start(() -> 0)) {
            long started = System.nanoTime();
            start.countDown();
            for (Reader reader : readers) {
                reader.join();
            }
            double seconds = (System.nanoTime() - started) / 1e9;
            return new ScarceFigures(
                    (int) readers.stream().filter(reader -> reader.finished).count(),
                    seconds,
                    readers.stream().mapToDouble(Reader::mbPerSecond).average().orElse(0),
                    readers.stream().mapToDouble(Reader::mbPerSecond).min().orElse(0),
                    sampler.stop().directBytes(),
                    readers.stream()
                            .filter(reader -> !reader.finished)
                            .findFirst()
                            .map(reader -> reader.failure)
                            .orElse(""));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private final class Reader extends Thread {
        // Written by this thread, read after it has ended.
        private long bytes;
        private long nanos = 1;
        private boolean finished;
        private String failure = "";

        double mbPerSecond() {
            return bytes * 1e3 / nanos;
        }

        @Override
        public void run() {
            try {
                read();
            } catch (RuntimeException | OutOfMemoryError | InterruptedException e) {
                failure = e.toString();
            }
        }

        private void read() throws InterruptedException {
            List<TopicPartition> partitions = IntStream.range(0, order.partitions())
                    .mapToObj(partition -> new TopicPartition(order.topic(), partition))
                    .toList();
            try (Consumer<byte[], byte[]> consumer = order.client()
                    .open(Map.of(
                            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                            order.bootstrapServers(),
                            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                            false))) {
                start.await();
                consumer.assign(partitions);
                consumer.seekToBeginning(partitions);
                poll(consumer);
            }
        }

        private void poll(Consumer<byte[], byte[]> consumer) {
            long started = System.nanoTime();
            long last = started;
            long records = 0;
            while (records < order.records()) {
                long before = records;
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    records++;
                    bytes += record.value().length;
                }
                long now = System.nanoTime();
                nanos = Math.max(1, now - started);
                last = records > before ? now : last;
                if (nanos > TimeUnit.SECONDS.toNanos(order.mostSeconds()) || now - last > PATIENCE_NANOS) {
                    failure = "only " + records + " of " + order.records() + " records in time";
                    return;
                }
            }
            finished = true;
        }
    }
}

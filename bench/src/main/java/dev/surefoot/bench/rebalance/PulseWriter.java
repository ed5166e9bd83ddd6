package dev.surefoot.bench.rebalance;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Writes a record to every partition of a topic at fixed times, until it is closed. */
final class PulseWriter implements AutoCloseable {
    private static final byte[] VALUE = new byte[16];
    private static final long JOIN_BOUND_MS = TimeUnit.SECONDS.toMillis(10);

    private final String topic;
    private final int partitions;
    private final long pulseNanos;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Thread thread;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private volatile boolean closed;

    private PulseWriter(String bootstrapServers, String topic, int partitions, int pulseMs) {
        this.topic = topic;
        this.partitions = partitions;
        this.pulseNanos = TimeUnit.MILLISECONDS.toNanos(pulseMs);
        Map<String, Object> config = new HashMap<>();
        config.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        config.put(ProducerConfig.ACKS_CONFIG, "1");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, false);
        // One batch of all partitions in a request, and little memory for each.
        config.put(ProducerConfig.LINGER_MS_CONFIG, 5);
        config.put(ProducerConfig.BATCH_SIZE_CONFIG, 256);
        this.producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
        this.thread = new Thread(this::write, "bench-pulses");
        thread.setDaemon(true);
    }

    static PulseWriter start(String bootstrapServers, String topic, int partitions, int pulseMs) {
        PulseWriter writer = new PulseWriter(bootstrapServers, topic, partitions, pulseMs);
        writer.thread.start();
        return writer;
    }

    private void write() {
        long dueNanos = System.nanoTime();
        while (!closed) {
            for (int partition = 0; partition < partitions && !closed; partition++) {
                var unused = producer.send(new ProducerRecord<>(topic, partition, null, VALUE), (written, e) -> {
                    if (e != null && !closed) {
                        failure.compareAndSet(null, e);
                    }
                });
            }
            dueNanos += pulseNanos;
            for (long left = dueNanos - System.nanoTime(); left > 0 && !closed; left = dueNanos - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
        }
    }

    /** @throws IllegalStateException if a record could not be written */
    void requireSound() {
        Exception seen = failure.get();
        if (seen != null) {
            throw new IllegalStateException("The records of the measurement could not be written: " + seen, seen);
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        try {
            thread.join(JOIN_BOUND_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            producer.close();
        }
    }
}

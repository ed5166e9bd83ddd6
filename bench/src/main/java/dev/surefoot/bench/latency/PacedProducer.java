package dev.surefoot.bench.latency;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Sends each record when it is due, or as soon after that as it can. The thread parks between records and does not
 * spin: on a machine of few cores, a spinning producer would delay the consumer. Used by the thread of its round, which
 * {@link #start}s the sending thread.
 */
final class PacedProducer implements AutoCloseable {
    private final LatencyOrder order;
    private final KafkaProducer<byte[], byte[]> producer;
    private final FirstFailure failure = new FirstFailure();
    private volatile boolean closing;
    private @Nullable Thread sender;

    private PacedProducer(LatencyOrder order, KafkaProducer<byte[], byte[]> producer) {
        this.order = order;
        this.producer = producer;
    }

    /** Opens a producer and waits for the metadata of the topic. */
    static PacedProducer open(LatencyOrder order) {
        Map<String, Object> config = Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                order.bootstrapServers(),
                ProducerConfig.ACKS_CONFIG,
                "1",
                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                false,
                ProducerConfig.LINGER_MS_CONFIG,
                0);
        KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
        producer.partitionsFor(order.topic());
        return new PacedProducer(order, producer);
    }

    /** Starts to send this number of records from a thread of its own. */
    void start(SendSchedule schedule, long records) {
        Thread thread = new Thread(() -> send(schedule, records), "paced-producer");
        thread.setDaemon(true);
        thread.start();
        sender = thread;
    }

    private void send(SendSchedule schedule, long records) {
        try {
            for (long i = 0; i < records && !closing; i++) {
                long due = schedule.dueNanos(i);
                for (long early = due - System.nanoTime(); early > 0 && !closing; early = due - System.nanoTime()) {
                    LockSupport.parkNanos(this, early);
                }
                send((int) (i % order.partitions()), due);
            }
        } catch (RuntimeException e) {
            failure.onCompletion(null, e);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // The callback handles a failure.
    private void send(int partition, long due) {
        byte[] value = ByteBuffer.allocate(order.valueBytes()).putLong(due).array();
        producer.send(new ProducerRecord<>(order.topic(), partition, null, value), failure);
    }

    /** @throws IllegalStateException if a record could not be sent */
    void throwIfFailed() {
        Exception cause = failure.first.get();
        if (cause != null) {
            throw new IllegalStateException("a record could not be sent: " + cause.getMessage(), cause);
        }
    }

    @Override
    public void close() {
        closing = true;
        if (sender != null) {
            LockSupport.unpark(sender);
        }
        producer.close(Duration.ofSeconds(5));
    }

    private static final class FirstFailure implements Callback {
        final AtomicReference<@Nullable Exception> first = new AtomicReference<>();

        @Override
        public void onCompletion(@Nullable RecordMetadata written, @Nullable Exception cause) {
            if (cause != null) {
                first.compareAndSet(null, cause);
            }
        }
    }
}

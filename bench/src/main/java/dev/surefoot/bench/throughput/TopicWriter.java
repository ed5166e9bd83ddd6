package dev.surefoot.bench.throughput;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Writes the topic of a workload. */
final class TopicWriter {
    private static final long SEED = 1;
    private static final int HEADER_VALUE_BYTES = 16;
    private static final int RECORD_OVERHEAD_BYTES = 12;
    private static final int TRANSACTION_RECORDS_MAX = 10_000;
    private static final int TRANSACTIONS_MIN = 20;
    private static final int ONE_ABORTED_IN = 10;

    /** The number of records after which it checks whether it was stopped. */
    private static final int LOOK_EVERY = 4096;

    private final Workload workload;
    private final String topic;
    private final BooleanSupplier isStopped;
    private final TopicText text;
    private final List<Header> headers = new ArrayList<>();
    private final int run;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private long sent;

    private TopicWriter(Workload workload, String topic, BooleanSupplier isStopped) {
        this.workload = workload;
        this.topic = topic;
        this.isStopped = isStopped;
        this.text = new TopicText(workload.valueBytes(), SEED);
        for (int i = 0; i < workload.headers(); i++) {
            headers.add(new RecordHeader("header-" + i, new byte[HEADER_VALUE_BYTES]));
        }
        this.run = runLength(workload);
    }

    /**
     * Writes the records to a topic that exists and is empty.
     *
     * @param isStopped called from time to time
     * @throws CancellationException if {@code isStopped} returned true
     */
    static WrittenTopic write(String bootstrapServers, String topic, Workload workload, BooleanSupplier isStopped) {
        TopicWriter writer = new TopicWriter(workload, topic, isStopped);
        Map<String, Object> config = new HashMap<>();
        config.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        config.put(ProducerConfig.LINGER_MS_CONFIG, 20);
        config.put(ProducerConfig.BATCH_SIZE_CONFIG, workload.batchBytes());
        config.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 64L << 20);
        config.put(
                ProducerConfig.COMPRESSION_TYPE_CONFIG, workload.compression().configValue());
        if (workload.readCommitted()) {
            config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, topic);
        } else {
            config.put(ProducerConfig.ACKS_CONFIG, "1");
            config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, false);
        }
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            if (workload.readCommitted()) {
                writer.transactions(producer);
            } else {
                writer.send(producer, workload.records());
            }
            producer.flush();
        }
        writer.requireNoFailure();
        long headerBytes = workload.records() * workload.headers() * HEADER_VALUE_BYTES;
        return new WrittenTopic(bootstrapServers, topic, workload, workload.records(), writer.sent, headerBytes);
    }

    private void transactions(KafkaProducer<byte[], byte[]> producer) {
        producer.initTransactions();
        long remaining = workload.records();
        long size = Math.max(1, Math.min(TRANSACTION_RECORDS_MAX, remaining / TRANSACTIONS_MIN));
        for (int transaction = 1; remaining > 0; transaction++) {
            long records = Math.min(size, remaining);
            producer.beginTransaction();
            send(producer, records);
            if (transaction % ONE_ABORTED_IN == 0) {
                // An abort drops records that were not sent yet, but the log must contain them.
                producer.flush();
                producer.abortTransaction();
            } else {
                producer.commitTransaction();
                remaining -= records;
            }
        }
    }

    private void send(KafkaProducer<byte[], byte[]> producer, long records) {
        for (long i = 0; i < records; i++) {
            if (sent % LOOK_EVERY == 0) {
                look();
            }
            int partition = (int) (sent / run % workload.partitions());
            // Kafka makes a record's headers read-only when it is sent, so one list serves for all.
            var unused = producer.send(
                    new ProducerRecord<>(topic, partition, null, null, text.next(), headers), this::onCompletion);
            sent++;
        }
    }

    private void onCompletion(@Nullable RecordMetadata written, @Nullable Exception e) {
        if (e != null) {
            failure.compareAndSet(null, e);
        }
    }

    private void look() {
        if (isStopped.getAsBoolean()) {
            throw new CancellationException("stopped while writing the topic");
        }
        requireNoFailure();
    }

    private void requireNoFailure() {
        Exception seen = failure.get();
        if (seen != null) {
            throw new IllegalStateException(
                    "Cannot write the topic of workload " + workload.name() + ": " + seen, seen);
        }
    }

    /** Returns the number of records in a row for one partition: enough to fill batches. */
    private static int runLength(Workload workload) {
        int recordBytes = workload.valueBytes() + RECORD_OVERHEAD_BYTES;
        long batch = Math.max(1, workload.batchBytes() / recordBytes);
        long share = Math.max(1, workload.records() / workload.partitions());
        return (int) Math.min(batch, share);
    }
}

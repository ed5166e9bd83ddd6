package dev.surefoot.bench.memory;

import dev.surefoot.bench.throughput.Compression;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Writes records of one size, over the partitions in turn. */
record TopicFiller(String bootstrapServers, String topic, int partitions, int valueBytes, Compression compression) {
    private static final int BATCH_BYTES = 64 * 1024;
    private static final long SEED = 1;
    private static final int BETWEEN_TELLINGS = 10_000;

    /** More than fit into a batch, so that no value is compressed as a repetition of another one. */
    private static final int VALUES = 512;

    /** Makes values of random hexadecimal digits, which compress to a half. */
    private byte[][] values() {
        Random random = new Random(SEED);
        byte[][] values = new byte[VALUES][valueBytes];
        for (byte[] value : values) {
            for (int i = 0; i < value.length; i++) {
                value[i] = (byte) Character.forDigit(random.nextInt(16), 16);
            }
        }
        return values;
    }

    /**
     * Returns when the broker has acknowledged all records.
     *
     * @param written receives from time to time how many have been sent
     */
    @SuppressWarnings("FutureReturnValueIgnored") // The callback handles a failure.
    void fill(long records, LongConsumer written) {
        Map<String, Object> config = Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ProducerConfig.BATCH_SIZE_CONFIG,
                BATCH_BYTES,
                ProducerConfig.LINGER_MS_CONFIG,
                20,
                ProducerConfig.COMPRESSION_TYPE_CONFIG,
                compression.configValue());
        byte[][] values = values();
        AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (long i = 0; i < records && failure.get() == null; i++) {
                producer.send(
                        new ProducerRecord<>(topic, (int) (i % partitions), null, values[(int) (i % VALUES)]),
                        (metadata, cause) -> {
                            if (cause != null) {
                                failure.compareAndSet(null, cause);
                            }
                        });
                if (i % BETWEEN_TELLINGS == 0) {
                    written.accept(i);
                }
            }
            producer.flush();
        }
        Exception cause = failure.get();
        if (cause != null) {
            throw new IllegalStateException("the topic could not be filled: " + cause.getMessage(), cause);
        }
        written.accept(records);
    }
}

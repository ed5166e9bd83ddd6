package dev.surefoot.cli.demo;

import dev.surefoot.cli.console.Progress;
import dev.surefoot.cli.console.Termination;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Fills the demo's topic, over its partitions in turn. */
record SequenceWriter(String bootstrapServers, String topic, int partitions) {

    /**
     * Writes records, and returns when the broker has acknowledged them all.
     *
     * @throws org.apache.kafka.common.errors.WakeupException if the demo is asked to stop
     */
    void write(long records, Progress progress, Termination termination) {
        Map<String, Object> config = Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ProducerConfig.ACKS_CONFIG,
                "all",
                ProducerConfig.LINGER_MS_CONFIG,
                20);
        FirstFailure failure = new FirstFailure();
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            // This also ends a wait in send or flush; an orderly close would wait for the broker.
            termination.toStop(() -> producer.close(Duration.ZERO));
            for (long i = 0; i < records && !termination.isAsked(); i++) {
                int partition = (int) (i % partitions);
                send(producer, partition, SequencedRecord.encode(partition, i / partitions), failure);
                progress.reached(i + 1);
            }
            producer.flush();
            termination.toStop(() -> {});
        } catch (IllegalStateException | KafkaException e) {
            if (!termination.isAsked()) {
                throw e;
            }
        }
        if (termination.isAsked()) {
            throw new WakeupException();
        }
        failure.rethrow();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // The callback handles a failure.
    private void send(KafkaProducer<byte[], byte[]> producer, int partition, byte[] value, FirstFailure failure) {
        producer.send(new ProducerRecord<>(topic, partition, null, value), failure);
    }

    /** Keeps the first failure, since the later ones usually follow from it. */
    private static final class FirstFailure implements Callback {

        private final AtomicReference<@Nullable Exception> first = new AtomicReference<>();

        @Override
        public void onCompletion(@Nullable RecordMetadata written, @Nullable Exception failure) {
            if (failure != null) {
                first.compareAndSet(null, failure);
            }
        }

        void rethrow() {
            Exception failure = first.get();
            if (failure != null) {
                throw new KafkaException("the demo's records could not be written", failure);
            }
        }
    }
}

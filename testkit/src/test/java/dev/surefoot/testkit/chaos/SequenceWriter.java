package dev.surefoot.testkit.chaos;

import dev.surefoot.testkit.check.SequencedRecord;
import dev.surefoot.testkit.check.WriteObserver;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;

/** Writes sequences with an idempotent producer for as long as it may, and tells the observer what was acknowledged. */
final class SequenceWriter implements Callable<Long> {
    private final Map<String, Object> config;
    private final List<TopicPartition> partitions;
    private final WriteObserver observer;
    private final SplittableRandom random;
    private final BooleanSupplier goOn;

    SequenceWriter(
            Map<String, Object> config,
            List<TopicPartition> partitions,
            WriteObserver observer,
            SplittableRandom random,
            BooleanSupplier goOn) {
        this.config = config;
        this.partitions = partitions;
        this.observer = observer;
        this.random = random;
        this.goOn = goOn;
    }

    /** Returns how many records it wrote. */
    @Override
    public Long call() {
        long written = 0;
        Map<TopicPartition, Integer> next = new HashMap<>();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(config)) {
            while (goOn.getAsBoolean()) {
                for (int i = random.nextInt(40); i >= 0; i--) {
                    TopicPartition partition = partitions.get(random.nextInt(partitions.size()));
                    int sequence = next.merge(partition, 1, Integer::sum) - 1;
                    producer.send(SequencedRecord.of(partition, sequence, random.nextInt(400)), (at, failure) -> {
                        if (failure == null) {
                            observer.acknowledged(partition, sequence);
                        }
                    });
                    written++;
                }
                LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
            }
            producer.flush();
        }
        return written;
    }
}

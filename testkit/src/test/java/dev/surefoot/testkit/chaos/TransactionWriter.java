package dev.surefoot.testkit.chaos;

import dev.surefoot.testkit.check.SequencedRecord;
import dev.surefoot.testkit.check.WriteObserver;
import dev.surefoot.testkit.group.Written;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Writes sequences in transactions, of which it commits some and aborts others, and tells the observer how each ended.
 * A transaction whose commit was asked for and never confirmed has an unknown fate, of which it says nothing.
 */
final class TransactionWriter implements Callable<Long> {
    private final Map<String, Object> config;
    private final List<TopicPartition> partitions;
    private final WriteObserver observer;
    private final SplittableRandom random;
    private final BooleanSupplier goOn;
    private final Map<TopicPartition, Integer> next = new HashMap<>();
    private long ended;

    TransactionWriter(
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

    /** Returns how many transactions ended as they should. */
    @Override
    public Long call() {
        while (goOn.getAsBoolean()) {
            try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(config)) {
                untilDone(producer::initTransactions);
                while (goOn.getAsBoolean()) {
                    transact(producer);
                    LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
                }
            } catch (KafkaException e) {
                // This producer has come to its end; the next one with its id ends what it left open.
                LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
            }
        }
        try (KafkaProducer<byte[], byte[]> last = new KafkaProducer<>(config)) {
            untilDone(last::initTransactions);
        }
        return ended;
    }

    private record Written(TopicPartition partition, int sequence) {}

    private void transact(KafkaProducer<byte[], byte[]> producer) {
        producer.beginTransaction();
        List<Written> all = random.ints(1 + random.nextInt(20), 0, partitions.size())
                .mapToObj(partitions::get)
                .map(partition -> new Written(partition, next.merge(partition, 1, Integer::sum) - 1))
                .toList();
        boolean commits = random.nextInt(10) < 7;
        try {
            for (Written written : all) {
                producer.send(SequencedRecord.of(written.partition(), written.sequence(), random.nextInt(400)));
            }
            if (commits) {
                untilDone(producer::commitTransaction);
                all.forEach(written -> observer.acknowledged(written.partition(), written.sequence()));
                ended++;
                return;
            }
        } catch (KafkaException e) {
            // Nothing of it is committed yet, or else the abort below is refused.
        }
        untilDone(producer::abortTransaction);
        all.forEach(written -> observer.aborted(written.partition(), written.sequence()));
        ended++;
    }

    /** A step that timed out is still under way and is to be repeated until it is done. */
    private static void untilDone(Runnable step) {
        while (true) {
            try {
                step.run();
                return;
            } catch (TimeoutException e) {
                // Again.
            }
        }
    }
}

package dev.surefoot.testkit.chaos;

import dev.surefoot.SurefootConsumer;
import dev.surefoot.testkit.check.DeliveryChecker;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * An application that polls, asks for partitions and offsets, pauses and resumes, and seeks to where it is, all at
 * random. No outage is its business: an exception from any of this, other than the time being up, ends it.
 */
final class ChaoticApplication implements Callable<String> {
    private final SurefootConsumer<byte[], byte[]> consumer;
    private final List<TopicPartition> partitions;
    private final DeliveryChecker checker;
    private final SplittableRandom random;
    private final BooleanSupplier disturbed;
    private final BooleanSupplier goOn;
    private final Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();

    /**
     * @param disturbed whether it behaves at random; afterwards it only polls
     * @param goOn whether it polls on
     */
    ChaoticApplication(
            SurefootConsumer<byte[], byte[]> consumer,
            List<TopicPartition> partitions,
            DeliveryChecker checker,
            SplittableRandom random,
            BooleanSupplier disturbed,
            BooleanSupplier goOn) {
        this.consumer = consumer;
        this.partitions = partitions;
        this.checker = checker;
        this.random = random;
        this.disturbed = disturbed;
        this.goOn = goOn;
    }

    /** Returns where it got to, in words. */
    @Override
    public String call() {
        consumer.assign(partitions);
        while (goOn.getAsBoolean()) {
            poll();
            if (disturbed.getAsBoolean()) {
                withinItsTime(this::behave);
            } else {
                consumer.resume(consumer.paused());
            }
        }
        Map<String, Long> positions = new TreeMap<>();
        for (TopicPartition partition : partitions) {
            withinItsTime(
                    () -> positions.put(partition.toString(), consumer.position(partition, Duration.ofMillis(50))));
        }
        return consumer.fetchReport() + " positions " + positions;
    }

    private void poll() {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(random.nextInt(100)));
        records.forEach(checker::delivered);
        next.putAll(records.nextOffsets());
    }

    private void behave() {
        TopicPartition one = partitions.get(random.nextInt(partitions.size()));
        switch (random.nextInt(40)) {
            case 0 -> consumer.partitionsFor(one.topic(), Duration.ofMillis(200));
            case 1 -> consumer.endOffsets(partitions, Duration.ofMillis(200));
            case 2, 3 -> consumer.pause(List.of(one));
            case 4 -> consumer.pause(partitions.subList(0, random.nextInt(partitions.size())));
            case 5, 6, 7 -> consumer.resume(consumer.paused());
            case 8 -> consumer.seek(one, consumer.position(one, Duration.ofMillis(100)));
            case 9 -> seekWithEpoch(one);
            // Long enough for what is read ahead to fill the buffer.
            case 10 ->
                LockSupport.parkNanos(Duration.ofMillis(random.nextInt(2_000)).toNanos());
            default -> consumer.currentLag(one);
        }
    }

    /** To where the last records ended, which no log may have lost, and has it validated. */
    private void seekWithEpoch(TopicPartition partition) {
        OffsetAndMetadata position = next.get(partition);
        if (position != null) {
            consumer.seek(partition, position);
        }
    }

    private static void withinItsTime(Runnable action) {
        try {
            action.run();
        } catch (TimeoutException e) {
            // The cluster could not answer just now.
        }
    }
}

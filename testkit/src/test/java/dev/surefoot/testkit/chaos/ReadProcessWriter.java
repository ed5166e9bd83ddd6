package dev.surefoot.testkit.chaos;

import dev.surefoot.assembly.SeamedConsumers;
import dev.surefoot.testkit.cluster.KafkaCluster;
import dev.surefoot.testkit.group.GroupStory;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * A place in a group that is taken by one program after another, each of which reads records, writes each of them to
 * another topic, and commits what it has read in the same transaction. A program whose transaction fails, or that
 * aborts it at random, goes back to what is committed. Once the faults are over, the program that is there stays.
 */
final class ReadProcessWriter implements Callable<Long> {
    private static final Duration ANSWER = Duration.ofSeconds(5);

    private final String name;
    private final KafkaCluster cluster;
    private final Map<String, Object> config;
    private final String from;
    private final String to;
    private final GroupStory story;
    private final ChaosWatch watch;
    private final SplittableRandom random;
    private long committed;

    /**
     * @param config of the consumer
     * @param from the topic to read
     * @param to the topic to write, with as many partitions
     */
    ReadProcessWriter(
            String name,
            KafkaCluster cluster,
            Map<String, Object> config,
            String from,
            String to,
            GroupStory story,
            ChaosWatch watch,
            SplittableRandom random) {
        this.name = name;
        this.cluster = cluster;
        this.config = config;
        this.from = from;
        this.to = to;
        this.story = story;
        this.watch = watch;
        this.random = random;
    }

    /** Returns how many transactions were committed, as far as that was confirmed. */
    @Override
    public Long call() {
        for (int life = 1; watch.isRunning(); life++) {
            new Program(name + "." + life).run();
        }
        return committed;
    }

    private KafkaProducer<byte[], byte[]> producer() {
        KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(ChaosCluster.producer(
                cluster,
                Map.of(
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                        to + "/" + name,
                        ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                        10_000,
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                        15_000,
                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                        10_000)));
        untilDone(producer::initTransactions);
        return producer;
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

    /** One consumer and the producers that it needs. */
    private final class Program implements ConsumerRebalanceListener {
        private final String name;
        private final Lifeline lifeline = new Lifeline();
        private final Consumer<byte[], byte[]> consumer;
        private final long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(3_000 + random.nextInt(20_000));
        private KafkaProducer<byte[], byte[]> producer = producer();
        private boolean dead;

        Program(String name) {
            this.name = name;
            Map<String, Object> own = new HashMap<>(config);
            own.put("client.id", to + "/" + name);
            consumer = SeamedConsumers.open(own, null, null, lifeline.seams());
        }

        void run() {
            story.tell(name, "joins");
            consumer.subscribe(List.of(from), this);
            try {
                while (watch.isRunning() && (System.nanoTime() < endNanos || !watch.isFaulty())) {
                    ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(random.nextInt(100)));
                    if (!records.isEmpty() && !transact(records)) {
                        goBack();
                    }
                    if (watch.isFaulty() && random.nextInt(100) == 0) {
                        watch.idle(random.nextInt(10_000));
                    }
                }
            } catch (RuntimeException e) {
                story.tell(name, "fails: " + e);
                crash();
                throw e;
            }
            if (dead) {
                return;
            }
            if (watch.isFaulty() && random.nextBoolean()) {
                crash();
            } else {
                story.tell(name, "closes");
                consumer.close(CloseOptions.timeout(Duration.ofSeconds(20)));
                producer.close(ANSWER);
            }
        }

        /** Dies. */
        private void crash() {
            story.tell(name, "crashes");
            lifeline.cut();
            dead = true;
            producer.close(Duration.ZERO);
            try {
                consumer.close(CloseOptions.timeout(Duration.ZERO));
            } catch (KafkaException e) {
                story.tell(name, "is tidied away: " + e);
            }
        }

        /** Returns whether the transaction was committed; if not, the positions are too far ahead. */
        private boolean transact(ConsumerRecords<byte[], byte[]> records) {
            try {
                producer.beginTransaction();
                records.forEach(record ->
                        producer.send(new ProducerRecord<>(to, record.partition(), record.key(), record.value())));
                if (watch.isFaulty() && random.nextInt(20) == 0) {
                    watch.idle(random.nextInt(3_000));
                }
                producer.sendOffsetsToTransaction(records.nextOffsets(), consumer.groupMetadata());
                if (watch.isFaulty() && random.nextInt(10) == 0) {
                    untilDone(producer::abortTransaction);
                    return false;
                }
                if (watch.isFaulty() && System.nanoTime() >= endNanos && random.nextBoolean()) {
                    crash();
                    return true;
                }
                untilDone(producer::commitTransaction);
                committed++;
                return true;
            } catch (KafkaException e) {
                story.tell(name, "its transaction ends: " + e);
                abort();
                return false;
            }
        }

        private void abort() {
            try {
                untilDone(producer::abortTransaction);
            } catch (KafkaException e) {
                // This producer has come to its end; the next one with its id ends what it left open, either way.
                producer.close(Duration.ZERO);
                while (watch.isRunning()) {
                    try {
                        producer = producer();
                        return;
                    } catch (KafkaException again) {
                        story.tell(name, "its next producer fails: " + again);
                    }
                }
            }
        }

        /** To what is committed: the records of the failed transaction are read again, if they are still its own. */
        private void goBack() {
            while (watch.isRunning()) {
                try {
                    Map<TopicPartition, OffsetAndMetadata> offsets = consumer.committed(consumer.assignment(), ANSWER);
                    offsets.forEach(
                            (partition, offset) -> consumer.seek(partition, offset == null ? 0 : offset.offset()));
                    return;
                } catch (TimeoutException e) {
                    // A transaction of another producer or an outage has to end first.
                }
            }
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            tell("is assigned", partitions);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            tell("has revoked", partitions);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            tell("has lost", partitions);
        }

        private void tell(String what, Collection<TopicPartition> partitions) {
            if (!dead) {
                story.tell(
                        name,
                        what + " " + partitions + " in "
                                + consumer.groupMetadata().generationId());
            }
        }
    }
}

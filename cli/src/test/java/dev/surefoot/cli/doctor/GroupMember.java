package dev.surefoot.cli.doctor;

import dev.surefoot.SurefootConsumer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;

/** A member of a group, which behaves in a certain way. */
final class GroupMember implements AutoCloseable {

    /** Which consumer it is. */
    enum Client {
        KAFKA_CLASSIC("classic", KafkaConsumer::new),
        KAFKA_CONSUMER("consumer", KafkaConsumer::new),
        SUREFOOT_CLASSIC("classic", SurefootConsumer::ofBytes),
        SUREFOOT_CONSUMER("consumer", SurefootConsumer::ofBytes);

        private final String protocol;
        private final Function<Map<String, Object>, Consumer<byte[], byte[]>> opening;

        Client(String protocol, Function<Map<String, Object>, Consumer<byte[], byte[]>> opening) {
            this.protocol = protocol;
            this.opening = opening;
        }
    }

    /** What it does with records. */
    enum Behaviour {
        /** It commits what it has read after each poll. */
        READS,
        /** It commits the first record that it gets, and never returns from the processing of the next. */
        HANGS,
        /** It reads on and commits nothing. */
        NEVER_COMMITS,
        /** It reads and commits, but pauses partition 0 once it has a record of it. */
        PAUSES
    }

    private static final Duration STEP = Duration.ofMillis(100);

    private final CountDownLatch ended = new CountDownLatch(1);
    private final CountDownLatch hanging = new CountDownLatch(1);
    private final Consumer<byte[], byte[]> consumer;
    private final Behaviour behaviour;
    private final Thread thread;

    /** Makes a member of a group that has the name of its topic. */
    GroupMember(
            Map<String, Object> clusterConfig,
            String groupAndTopic,
            Client client,
            Behaviour behaviour,
            Map<String, Object> more) {
        this(clusterConfig, groupAndTopic, groupAndTopic, client, behaviour, more);
    }

    GroupMember(
            Map<String, Object> clusterConfig,
            String group,
            String topic,
            Client client,
            Behaviour behaviour,
            Map<String, Object> more) {
        Map<String, Object> config = new HashMap<>(clusterConfig);
        config.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        config.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, client.protocol);
        config.put(ConsumerConfig.CLIENT_ID_CONFIG, "member-of-" + group);
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.putAll(more);
        this.behaviour = behaviour;
        this.consumer = client.opening.apply(config);
        this.thread = new Thread(() -> run(topic), "member-of-" + group);
        thread.setDaemon(true);
        thread.start();
    }

    private void run(String topic) {
        consumer.subscribe(List.of(topic));
        while (ended.getCount() > 0) {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(STEP);
            if (!records.isEmpty()) {
                process(records);
            }
        }
        consumer.close();
    }

    private void process(ConsumerRecords<byte[], byte[]> records) {
        switch (behaviour) {
            case READS -> consumer.commitSync();
            case NEVER_COMMITS -> {}
            case PAUSES -> {
                for (TopicPartition each : records.partitions()) {
                    if (each.partition() == 0) {
                        consumer.pause(List.of(each));
                    }
                }
                consumer.commitSync();
            }
            case HANGS -> {
                ConsumerRecord<byte[], byte[]> first = records.iterator().next();
                consumer.commitSync(Map.of(
                        new TopicPartition(first.topic(), first.partition()),
                        new OffsetAndMetadata(first.offset() + 1)));
                hanging.countDown();
                awaitEnd();
            }
        }
    }

    private void awaitEnd() {
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns once it hangs in its processing. */
    void awaitHanging() throws InterruptedException {
        hanging.await();
    }

    /** Lets it leave the group in order, whatever it is doing. */
    @Override
    public void close() {
        ended.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}

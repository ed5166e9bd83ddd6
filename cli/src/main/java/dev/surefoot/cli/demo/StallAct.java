package dev.surefoot.cli.demo;

import dev.surefoot.SurefootConsumer;
import dev.surefoot.cli.console.Termination;
import dev.surefoot.cli.consumer.Consumers;
import dev.surefoot.progress.Diagnosis;
import dev.surefoot.progress.StallCause;
import dev.surefoot.testkit.cluster.KafkaCluster;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Makes one partition stand still in three ways, and asks the consumer each time why it does. */
final class StallAct {
    /** Longer than any cause takes to be named. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration CLOSE_BOUND = Duration.ofSeconds(5);

    private final KafkaCluster cluster;
    private final TopicPartition partition;
    private final List<NamedStall> stalls = new ArrayList<>();

    /** @param topic a topic that does not exist yet, as it gets a transaction that is not for others to see */
    StallAct(KafkaCluster cluster, String topic) {
        this.cluster = cluster;
        this.partition = new TopicPartition(topic, 0);
    }

    /**
     * Plays the act.
     *
     * @param story receives what happens
     * @throws org.apache.kafka.common.errors.WakeupException if the demo is asked to stop
     */
    List<NamedStall> play(PrintStream story, Termination termination) {
        Thread waiting = Thread.currentThread();
        termination.toStop(waiting::interrupt);
        cluster.createTopic(partition.topic(), 1, 1, Map.of());
        SurefootConsumer<byte[], byte[]> consumer = Consumers.surefoot(Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                cluster.bootstrapServers(),
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                false));
        termination.toStop(consumer::wakeup);
        try {
            pause(consumer, story);
            takeAMissingTopic(consumer, story);
            openATransaction(consumer, story);
        } finally {
            termination.toStop(() -> {});
            consumer.close(CloseOptions.timeout(CLOSE_BOUND));
        }
        return List.copyOf(stalls);
    }

    private void pause(SurefootConsumer<byte[], byte[]> consumer, PrintStream story) {
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        consumer.pause(List.of(partition));
        await(consumer, partition, "the application pauses it", StallCause.PAUSED, story);
    }

    private void takeAMissingTopic(SurefootConsumer<byte[], byte[]> consumer, PrintStream story) {
        TopicPartition missing = new TopicPartition(partition.topic() + "-misspelt", 0);
        consumer.assign(List.of(missing));
        consumer.seekToBeginning(List.of(missing));
        await(consumer, missing, "its topic does not exist", StallCause.TOPIC_MISSING, story);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a failure leaves no open transaction, and so no name for it
    private void openATransaction(SurefootConsumer<byte[], byte[]> consumer, PrintStream story) {
        Map<String, Object> config = Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                cluster.bootstrapServers(),
                ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                "surefoot-demo");
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(partition.topic(), partition.partition(), null, new byte[1]));
            producer.flush();
            consumer.assign(List.of(partition));
            consumer.seekToEnd(List.of(partition));
            await(consumer, partition, "a transaction is left open", StallCause.TRANSACTION_OPEN, story);
            producer.abortTransaction();
        }
    }

    private void await(
            SurefootConsumer<byte[], byte[]> consumer,
            TopicPartition stalled,
            String made,
            StallCause expected,
            PrintStream story) {
        long beganNanos = System.nanoTime();
        Diagnosis why = consumer.progress(stalled).why();
        while (why.cause() != expected && System.nanoTime() - beganNanos < PATIENCE.toNanos()) {
            consumer.poll(POLL);
            why = consumer.progress(stalled).why();
        }
        Duration after = Duration.ofNanos(System.nanoTime() - beganNanos);
        stalls.add(new NamedStall(made, expected, why.cause(), after));
        story.printf(
                Locale.ROOT,
                "  %s: %s, named after %.1f s%n    %s%n",
                made,
                why.cause(),
                after.toMillis() / 1e3,
                why.advice());
    }
}

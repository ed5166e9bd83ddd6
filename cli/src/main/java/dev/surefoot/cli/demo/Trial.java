package dev.surefoot.cli.demo;

import dev.surefoot.SurefootConsumer;
import dev.surefoot.cli.console.Progress;
import dev.surefoot.cli.console.Termination;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads the demo's topic with one consumer, under the conditions that made kafka-python 2.1.3 stop for ever: fetch
 * sessions on, queries about the topic's partitions before and during consumption, frequent metadata refreshes, and
 * fetches much smaller than the unread data.
 */
final class Trial {

    /**
     * This long without a record, while there are more, is a stall: ten times as long as a broker waits before it
     * answers.
     */
    static final Duration STALL_AFTER = Duration.ofSeconds(5);

    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration BETWEEN_LOOKUPS = Duration.ofMillis(50);
    private static final Duration LAST_LOOK = Duration.ofMillis(200);
    private static final Duration CLOSE_BOUND = Duration.ofSeconds(5);

    private final String topic;
    private final int partitions;
    private final long records;

    Trial(String topic, int partitions, long records) {
        this.topic = topic;
        this.partitions = partitions;
        this.records = records;
    }

    /** Returns the configuration of a consumer in the demo. */
    static Map<String, Object> conditions(String bootstrapServers) {
        return Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ConsumerConfig.CLIENT_ID_CONFIG,
                "surefoot-demo",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.METADATA_MAX_AGE_CONFIG,
                300,
                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                20_000);
    }

    /**
     * Reads until all records are there, or none has come for {@link #STALL_AFTER}.
     *
     * @throws org.apache.kafka.common.errors.WakeupException if the demo is asked to stop
     */
    TrialResult run(Contestant contestant, Progress progress, Termination termination) {
        SurefootConsumer<byte[], byte[]> consumer = contestant.opening().get();
        termination.toStop(consumer::wakeup);
        try {
            return read(contestant, consumer, progress);
        } finally {
            termination.toStop(() -> {});
            consumer.close(CloseOptions.timeout(CLOSE_BOUND));
        }
    }

    private TrialResult read(Contestant contestant, SurefootConsumer<byte[], byte[]> consumer, Progress progress) {
        SequenceLedger ledger = new SequenceLedger(records, partitions);
        consumer.partitionsFor(topic);
        consumer.assign(topicPartitions());
        consumer.seekToBeginning(topicPartitions());
        long started = System.nanoTime();
        long lastRecord = started;
        long lastLookup = started;
        // Bounded: a consumer that delivers the same records for ever must not run for ever.
        while (ledger.gaps() > 0 && ledger.consumed() < 2 * records) {
            ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
            long now = System.nanoTime();
            if (!polled.isEmpty()) {
                lastRecord = now;
                enter(polled, ledger);
                progress.reached(ledger.consumed());
            } else if (now - lastRecord >= STALL_AFTER.toNanos()) {
                break;
            }
            if (now - lastLookup >= BETWEEN_LOOKUPS.toNanos()) {
                consumer.partitionsFor(topic);
                lastLookup = now;
            }
        }
        if (ledger.gaps() == 0) {
            enter(consumer.poll(LAST_LOOK), ledger);
        }
        Duration elapsed = Duration.ofNanos(lastRecord - started);
        return new TrialResult(contestant.name(), ledger, elapsed, stuck(consumer), consumer.fetchReport());
    }

    private static void enter(ConsumerRecords<byte[], byte[]> polled, SequenceLedger ledger) {
        for (ConsumerRecord<byte[], byte[]> each : polled) {
            ledger.enter(each);
        }
    }

    private List<StuckPartition> stuck(Consumer<byte[], byte[]> consumer) {
        Map<TopicPartition, Long> ends = new HashMap<>(consumer.endOffsets(topicPartitions()));
        return topicPartitions().stream()
                .map(each -> new StuckPartition(each.partition(), consumer.position(each), ends.getOrDefault(each, 0L)))
                .filter(each -> each.remaining() > 0)
                .toList();
    }

    private List<TopicPartition> topicPartitions() {
        return IntStream.range(0, partitions)
                .mapToObj(each -> new TopicPartition(topic, each))
                .toList();
    }
}

package dev.surefoot.testkit.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.testkit.Await;
import dev.surefoot.testkit.check.SequencedRecord;
import dev.surefoot.testkit.check.SequencedTopic;
import dev.surefoot.testkit.cluster.KafkaCluster;
import dev.surefoot.testkit.group.CommittedOffsetsLog;
import dev.surefoot.testkit.group.GroupStory;
import dev.surefoot.testkit.group.Written;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Programs read, write what they have read, and commit both in one transaction, while they leave, crash and stall,
 * brokers die and connections break. In the end what was written is what was read: every record once and in order,
 * though a part of the transactions was aborted or has ended with its program. {@code -Dsurefoot.chaos.seconds} sets
 * how long it lasts, {@code -Dsurefoot.chaos.seed} repeats the decisions of a run.
 */
@Tag("soak")
class ExactlyOnceChaosTest {
    private static final String SOURCE = "source";
    private static final int PARTITIONS = 12;
    private static final long CHAOS_SECONDS = Long.getLong("surefoot.chaos.seconds", 60);
    private static final Duration CALM_AT_THE_END = Duration.ofSeconds(Math.min(10, CHAOS_SECONDS / 4));
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    /** A transaction copies at most 100 records, so what was left over from the faults may take long to copy. */
    private static final Duration AT_MOST =
            Duration.ofSeconds(2 * CHAOS_SECONDS).plus(PATIENCE);

    private final long seed = Long.getLong("surefoot.chaos.seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);
    private final Map<String, GroupStory> groups = new TreeMap<>();
    private final List<Future<Long>> programs = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @Test
    void whatIsReadIsWrittenOnce() throws Exception {
        System.out.println("exactly once in chaos for " + CHAOS_SECONDS + " s with -Dsurefoot.chaos.seed=" + seed);
        boolean passed = false;
        try (KafkaCluster cluster = ChaosCluster.start()) {
            cluster.createTopic(SOURCE, PARTITIONS, 3);
            String outcome = run(cluster);
            System.out.println(outcome);
            Map<Integer, List<Long>> source = everything(cluster, SOURCE);
            assertThat(source.values().stream().mapToLong(List::size).sum()).isPositive();
            for (String group : groups.keySet()) {
                Map<Integer, List<Long>> copy = everything(cluster, group);
                source.forEach((partition, sequences) -> assertThat(difference(sequences, copy.get(partition)))
                        .as("partition %d of %s, seed %d", partition, group, seed)
                        .isEqualTo("none"));
            }
            CommittedOffsetsLog offsets = CommittedOffsetsLog.read(cluster);
            for (String group : groups.keySet()) {
                assertThat(offsets.stepsBack(group)).as(outcome).isEmpty();
            }
            passed = true;
        } finally {
            threads.shutdownNow();
            if (!passed) {
                System.out.println("seed " + seed);
                groups.forEach((group, story) ->
                        System.out.println("The story of " + group + "\n" + String.join("\n", story.lines())));
            }
        }
    }

    private String run(KafkaCluster cluster) throws Exception {
        ChaosWatch watch = new ChaosWatch(CHAOS_SECONDS, CALM_AT_THE_END);
        begin(cluster, watch, "eager-copy", classic(RangeAssignor.class));
        begin(cluster, watch, "cooperative-copy", classic(CooperativeStickyAssignor.class));
        begin(cluster, watch, "consumer-copy", Map.of("group.protocol", "consumer"));
        Written written = new Written();
        Future<Long> writer = threads.submit(new SequenceWriter(
                ChaosCluster.producer(cluster, Map.of()),
                partitions(SOURCE),
                written,
                random.split(),
                watch::isWriting));
        String caused = new ChaosFaults(cluster, threads, random.split(), watch::isFaulty).ended();
        String wrote = writer.get() + " records";
        awaitEverything(cluster);
        watch.end();
        long transactions = 0;
        for (Future<Long> program : programs) {
            transactions += program.get();
        }
        return "seed " + seed + ": " + caused + ", " + wrote + ", copied in " + transactions + " transactions";
    }

    private static Map<String, Object> classic(Class<?> assignor) {
        Map<String, Object> config = new HashMap<>(ChaosCluster.classicTimes());
        config.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, List.of(assignor));
        return config;
    }

    /** Four programs that copy all records to a topic with the name of their group. */
    private void begin(KafkaCluster cluster, ChaosWatch watch, String group, Map<String, Object> kind) {
        cluster.createTopic(group, PARTITIONS, 3);
        GroupStory story = new GroupStory(watch.startNanos);
        groups.put(group, story);
        Map<String, Object> config = ChaosCluster.consumer(cluster, group);
        config.putAll(kind);
        for (int i = 0; i < 4; i++) {
            programs.add(threads.submit(new ReadProcessWriter(
                    "program-" + i, cluster, config, SOURCE, group, story, watch, random.split())));
        }
    }

    /** Until every group has committed the end of every partition. Each has to come nearer to it all the time. */
    private void awaitEverything(KafkaCluster cluster) {
        try (KafkaConsumer<byte[], byte[]> observer = new KafkaConsumer<>(cluster.consumerConfig())) {
            Map<TopicPartition, Long> ends = observer.endOffsets(partitions(SOURCE));
            Map<String, GroupProgress> progress = new HashMap<>();
            groups.keySet().forEach(group -> progress.put(group, new GroupProgress(group, ends)));
            Await.until("everything to be copied, seed " + seed, AT_MOST, () -> {
                for (Future<Long> program : programs) {
                    if (program.isDone()) {
                        program.get();
                    }
                }
                boolean ended = true;
                for (String group : groups.keySet()) {
                    GroupProgress each = progress.get(group);
                    each.note(committed(cluster, group));
                    ended &= each.isAtEnd();
                }
                return ended;
            });
        }
    }

    /** What a group has committed of what there is. */
    private final class GroupProgress {
        private final String group;
        private final Map<TopicPartition, Long> ends;
        private Map<TopicPartition, Long> last = Map.of();
        private long movedNanos = System.nanoTime();

        GroupProgress(String group, Map<TopicPartition, Long> ends) {
            this.group = group;
            this.ends = ends;
        }

        /** @throws IllegalStateException if it has not come nearer to the end for too long */
        void note(Map<TopicPartition, Long> committed) {
            if (!committed.equals(last)) {
                last = committed;
                movedNanos = System.nanoTime();
            }
            if (!isAtEnd() && System.nanoTime() - movedNanos > PATIENCE.toNanos()) {
                throw new IllegalStateException("For " + PATIENCE + " " + group + " has committed nothing beyond "
                        + committed + " of " + ends + ", seed " + seed);
            }
        }

        boolean isAtEnd() {
            return last.equals(ends);
        }
    }

    private static Map<TopicPartition, Long> committed(KafkaCluster cluster, String group)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetAndMetadata> offsets = cluster.admin()
                .listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get();
        return offsets.entrySet().stream()
                .filter(offset -> offset.getValue() != null)
                .collect(Collectors.toMap(
                        Map.Entry::getKey, offset -> offset.getValue().offset()));
    }

    /** The sequence numbers of what is committed in a topic, by partition, as Kafka's consumer reads them. */
    private static Map<Integer, List<Long>> everything(KafkaCluster cluster, String topic) {
        Map<Integer, List<Long>> sequences = new TreeMap<>();
        Collection<TopicPartition> partitions = partitions(topic);
        partitions.forEach(partition -> sequences.put(partition.partition(), new ArrayList<>()));
        Map<String, Object> config = cluster.consumerConfig();
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(config)) {
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            Await.until("the end of " + topic, PATIENCE, () -> {
                consumer.poll(Duration.ofMillis(100))
                        .forEach(record -> sequences.get(record.partition()).add(SequencedRecord.sequenceOf(record)));
                return partitions.stream().allMatch(partition -> consumer.position(partition) >= ends.get(partition));
            });
        }
        return sequences;
    }

    /** Where two sequences differ first, in words. */
    private static String difference(List<Long> read, List<Long> written) {
        int both = Math.min(read.size(), written.size());
        for (int i = 0; i < both; i++) {
            if (!read.get(i).equals(written.get(i))) {
                Set<Long> missing = read.stream()
                        .filter(one -> !written.contains(one))
                        .limit(5)
                        .collect(Collectors.toSet());
                return "at record " + i + ": read " + read.get(i) + ", written " + written.get(i) + "; missing "
                        + missing;
            }
        }
        return read.size() == written.size() ? "none" : read.size() + " read, " + written.size() + " written";
    }

    private static List<TopicPartition> partitions(String topic) {
        return SequencedTopic.partitions(topic, PARTITIONS).stream()
                .sorted(Comparator.comparingInt(TopicPartition::partition))
                .toList();
    }
}

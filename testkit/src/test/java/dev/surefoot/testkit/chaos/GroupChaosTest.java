package dev.surefoot.testkit.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.fixtures.LogLines;
import dev.surefoot.testkit.Await;
import dev.surefoot.testkit.chaos.MemberLife.Style;
import dev.surefoot.testkit.check.SequencedTopic;
import dev.surefoot.testkit.cluster.KafkaCluster;
import dev.surefoot.testkit.group.CommittedOffsetsLog;
import dev.surefoot.testkit.group.GroupLedger;
import dev.surefoot.testkit.group.GroupStory;
import dev.surefoot.testkit.group.Written;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.clients.consumer.RoundRobinAssignor;
import org.apache.kafka.clients.consumer.StickyAssignor;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Groups of four, one of each kind of rebalance, share twelve partitions while their members join, leave, crash and
 * stall, brokers die and come back, connections break, and a transactional writer aborts a part of what it writes.
 * Every record that was acknowledged is processed, none twice within one ownership, no committed offset goes back,
 * and the groups are stable soon after the faults have ended.
 * {@code -Dsurefoot.chaos.seconds} sets how long it lasts, {@code -Dsurefoot.chaos.seed} repeats the decisions of a
 * run, {@code -Dsurefoot.chaos.story=true} prints what happened to each group even if all is well.
 */
@Tag("soak")
class GroupChaosTest {
    private static final List<String> TOPICS = List.of("plain", "committed");
    private static final int PARTITIONS_EACH = 6;
    private static final long CHAOS_SECONDS = Long.getLong("surefoot.chaos.seconds", 60);
    private static final Duration CALM_AT_THE_END = Duration.ofSeconds(Math.min(10, CHAOS_SECONDS / 4));
    private static final Duration STABLE_WITHIN = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final List<Class<?>> EAGER =
            List.of(RangeAssignor.class, RoundRobinAssignor.class, StickyAssignor.class);

    private final long seed = Long.getLong("surefoot.chaos.seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);
    private final Written written = new Written();
    private final List<GroupLedger> groups = new ArrayList<>();
    private final List<Future<Integer>> members = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @Test
    void everyRecordIsProcessedAndNoneTwiceByOneOwner() throws Exception {
        System.out.println("groups in chaos for " + CHAOS_SECONDS + " s with -Dsurefoot.chaos.seed=" + seed);
        boolean passed = false;
        try (LogLines log = LogLines.printed();
                KafkaCluster cluster = ChaosCluster.start()) {
            TOPICS.forEach(topic -> cluster.createTopic(topic, PARTITIONS_EACH, 3));
            String outcome = run(cluster);
            System.out.println(outcome);
            CommittedOffsetsLog offsets = CommittedOffsetsLog.read(cluster);
            for (GroupLedger group : groups) {
                assertThat(group.violations(written)).as(outcome).isEmpty();
                assertThat(group.missing(written)).as(outcome).isEmpty();
                assertThat(offsets.stepsBack(group.group())).as(outcome).isEmpty();
                assertThat(offsets.count(group.group())).as(outcome).isPositive();
            }
            assertThat(written.acknowledgedCount()).isPositive();
            assertThat(complaints(log)).as("logged, seed " + seed).isEmpty();
            passed = true;
        } finally {
            threads.shutdownNow();
            if (!passed || Boolean.getBoolean("surefoot.chaos.story")) {
                System.out.println("seed " + seed);
                groups.forEach(group -> System.out.println(group.text()));
            }
        }
    }

    /** What Surefoot logged that no outage explains: errors, and faults of its own. */
    private static List<String> complaints(LogLines log) {
        return log.warnings().stream()
                .filter(line -> line.contains("dev.surefoot"))
                .filter(line -> LogLines.isError(line)
                        || line.toLowerCase(Locale.ROOT).contains("bug")
                        || line.contains("Position of "))
                .toList();
    }

    private String run(KafkaCluster cluster) throws Exception {
        ChaosWatch watch = new ChaosWatch(CHAOS_SECONDS, CALM_AT_THE_END);
        Class<?> eager = EAGER.get(random.nextInt(EAGER.size()));
        begin(cluster, watch, "eager", classic(eager));
        begin(cluster, watch, "cooperative", classic(CooperativeStickyAssignor.class));
        begin(cluster, watch, "consumer", Map.of("group.protocol", "consumer"));
        Future<Long> writer = threads.submit(new SequenceWriter(
                ChaosCluster.producer(cluster, Map.of()),
                partitions("plain"),
                written,
                random.split(),
                watch::isWriting));
        Future<Long> transactions = threads.submit(new TransactionWriter(
                ChaosCluster.producer(cluster, Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "chaos")),
                partitions("committed"),
                written,
                random.split(),
                watch::isWriting));
        String caused = new ChaosFaults(cluster, threads, random.split(), watch::isFaulty).ended();
        long stableMs = awaitStable(cluster);
        String wrote = writer.get() + " records, " + transactions.get() + " transactions";
        awaitEverything();
        watch.end();
        int lives = 0;
        for (Future<Integer> member : members) {
            lives += member.get();
        }
        return "seed " + seed + ": " + caused + ", " + wrote + ", " + lives + " consumers, stable " + stableMs
                + " ms after the faults\n"
                + groups.stream().map(GroupLedger::summary).collect(Collectors.joining("\n"));
    }

    private static Map<String, Object> classic(Class<?> assignor) {
        Map<String, Object> config = new HashMap<>(ChaosCluster.classicTimes());
        config.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, List.of(assignor));
        return config;
    }

    private void begin(KafkaCluster cluster, ChaosWatch watch, String group, Map<String, Object> kind) {
        GroupLedger ledger = new GroupLedger(group, new GroupStory(watch.startNanos));
        groups.add(ledger);
        Map<String, Object> config = ChaosCluster.consumer(cluster, group);
        config.putAll(kind);
        member("sync", Style.SYNC, config, ledger, watch);
        member("async", Style.ASYNC, config, ledger, watch);
        Map<String, Object> auto = new HashMap<>(config);
        auto.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, true);
        auto.put(ConsumerConfig.AUTO_COMMIT_INTERVAL_MS_CONFIG, 300);
        member("auto", Style.AUTO, auto, ledger, watch);
        Map<String, Object> fixed = new HashMap<>(config);
        fixed.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, "static");
        member("static", Style.SYNC, fixed, ledger, watch);
    }

    private void member(String name, Style style, Map<String, Object> config, GroupLedger ledger, ChaosWatch watch) {
        members.add(threads.submit(new ChaoticMember(name, style, config, TOPICS, ledger, watch, random.split())));
    }

    /** Returns how long it took, in milliseconds. */
    private long awaitStable(KafkaCluster cluster) throws Exception {
        long from = System.nanoTime();
        Set<TopicPartition> all = new HashSet<>();
        TOPICS.forEach(topic -> all.addAll(partitions(topic)));
        Await.until("stable groups", STABLE_WITHIN, () -> {
            failEarly();
            return groups.stream().allMatch(group -> group.isShared(all, 4)) && areStable(cluster);
        });
        return Duration.ofNanos(System.nanoTime() - from).toMillis();
    }

    private boolean areStable(KafkaCluster cluster) throws Exception {
        Map<String, ConsumerGroupDescription> described = cluster.admin()
                .describeConsumerGroups(groups.stream().map(GroupLedger::group).toList())
                .all()
                .get();
        return described.values().stream()
                .allMatch(group -> group.groupState() == GroupState.STABLE
                        && group.members().size() == 4);
    }

    private void awaitEverything() {
        Await.until("every record to be processed, seed " + seed, PATIENCE, () -> {
            failEarly();
            return groups.stream().allMatch(group -> group.missing(written).isEmpty());
        });
    }

    /** A member that has ended by an exception will not come back. */
    private void failEarly() throws ExecutionException, InterruptedException {
        for (Future<Integer> member : members) {
            if (member.isDone()) {
                member.get();
            }
        }
    }

    private static List<TopicPartition> partitions(String topic) {
        return SequencedTopic.partitions(topic, PARTITIONS_EACH).stream()
                .sorted(Comparator.comparingInt(TopicPartition::partition))
                .toList();
    }
}

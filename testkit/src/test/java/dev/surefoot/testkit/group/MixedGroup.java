package dev.surefoot.testkit.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.testkit.Await;
import dev.surefoot.testkit.check.SequencedRecord;
import dev.surefoot.testkit.check.SequencedTopic;
import dev.surefoot.testkit.cluster.KafkaCluster;
import dev.surefoot.testkit.consumer.Client;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;

/**
 * A topic and the group that reads it, whose members are of either client. All members are driven by the test's thread,
 * in turn, so a poll of one never waits for the poll of another. The topic is written all the while.
 */
final class MixedGroup implements AutoCloseable {
    static final int PARTITIONS = 6;

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int RECORDS_EACH = 2;
    private static final AtomicInteger GROUPS = new AtomicInteger();

    private final KafkaCluster cluster;
    private final String name = "mixed-" + GROUPS.incrementAndGet();
    private final Set<TopicPartition> partitions;
    private final Written written = new Written();
    private final GroupLedger ledger = new GroupLedger(name, new GroupStory(System.nanoTime()));
    private final KafkaProducer<byte[], byte[]> producer;
    private final List<MixedMember> members = new ArrayList<>();
    private int nextSequence;
    private final List<KcatMember> others = new ArrayList<>();

    MixedGroup(KafkaCluster cluster) {
        this.cluster = cluster;
        cluster.createTopic(name, PARTITIONS, 1);
        partitions = SequencedTopic.partitions(name, PARTITIONS);
        producer = new KafkaProducer<>(cluster.producerConfig());
    }

    /** The name of the group, and of its topic. */
    String name() {
        return name;
    }

    Set<TopicPartition> partitions() {
        return partitions;
    }

    GroupLedger ledger() {
        return ledger;
    }

    /** Adds a member of librdkafka. */
    KcatMember joinKcat(String member, String assignor) throws IOException {
        ledger.story().tell(member, "joins, a kcat with " + assignor);
        KcatMember joined = new KcatMember(cluster.bootstrapServers(), name, assignor, ledger);
        others.add(joined);
        return joined;
    }

    /** The process of the member ends, in the orderly way. */
    void leave(KcatMember member) throws IOException, InterruptedException {
        ledger.story().tell("kcat", "closes");
        member.close();
        others.remove(member);
    }

    /** Takes turns until the coordinator says that each of so many members has its share of the partitions. */
    void awaitSharedWithKcat(int count) {
        until("shares of " + count + " members", () -> {
            ConsumerGroupDescription group = describe();
            IntSummaryStatistics shares = group.members().stream()
                    .mapToInt(one -> one.assignment().topicPartitions().size())
                    .summaryStatistics();
            return group.groupState() == GroupState.STABLE
                    && shares.getCount() == count
                    && shares.getSum() == PARTITIONS
                    && shares.getMax() - shares.getMin() <= 1
                    && members.stream()
                            .allMatch(member -> group.members().stream()
                                    .anyMatch(one ->
                                            one.assignment().topicPartitions().equals(member.assignment())));
        });
    }

    /** Adds a member with these options over the rules, given as key, value, key, value. */
    MixedMember join(String member, Client client, Rules rules, Object... options) {
        Map<String, Object> config = cluster.consumerConfig();
        config.put(ConsumerConfig.GROUP_ID_CONFIG, name);
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.putAll(rules.config());
        for (int i = 0; i < options.length; i += 2) {
            config.put((String) options[i], options[i + 1]);
        }
        MixedMember joined = new MixedMember(member, client, config, name, ledger);
        members.add(joined);
        return joined;
    }

    /** The member closes. */
    void leave(MixedMember member) {
        members.remove(member);
        member.close();
    }

    List<MixedMember> members() {
        return List.copyOf(members);
    }

    /** Writes a few records to each partition, and polls each member once. */
    void turn() {
        for (int i = 0; i < RECORDS_EACH; i++) {
            int sequence = nextSequence++;
            for (TopicPartition partition : partitions) {
                producer.send(SequencedRecord.of(partition, sequence, 20), (at, failure) -> {
                    if (failure == null) {
                        written.acknowledged(partition, sequence);
                    }
                });
            }
        }
        members.forEach(member -> member.poll(this::hearOthers));
    }

    private void hearOthers() {
        others.forEach(KcatMember::hear);
    }

    /** Takes turns until the condition holds. */
    void until(String what, Await.Condition condition) {
        try {
            Await.until(what, PATIENCE, () -> {
                turn();
                return condition.holds();
            });
        } catch (IllegalStateException e) {
            throw new AssertionError(e.getMessage() + "\n" + ledger.text(), e);
        }
    }

    /**
     * Takes turns until each partition has one owner, each member its share, the coordinator says that all is done, and
     * every member has been told so.
     */
    void awaitBalance() {
        until("balance of " + members.size() + " members", new Balance()::isKept);
    }

    /** Balance is only what outlasts some turns: the coordinator is done before every member has been told. */
    private final class Balance {
        private static final int TURNS = 5;

        private Map<MixedMember, Integer> told = Map.of();
        private int turns;

        boolean isKept() throws Exception {
            Map<MixedMember, Integer> now = callbacks();
            turns = now.equals(told) && isBalanced() && isStable() ? turns + 1 : 0;
            told = now;
            return turns == TURNS;
        }
    }

    private boolean isBalanced() {
        if (!ledger.isShared(partitions, members.size())) {
            return false;
        }
        IntSummaryStatistics shares =
                members.stream().mapToInt(member -> member.assignment().size()).summaryStatistics();
        long epochs = members.stream()
                .map(member -> member.identity().generationId())
                .distinct()
                .count();
        return epochs == 1 && shares.getMax() - shares.getMin() <= 1 && shares.getSum() == PARTITIONS;
    }

    private boolean isStable() throws Exception {
        ConsumerGroupDescription group = describe();
        return group.groupState() == GroupState.STABLE && group.members().size() == members.size();
    }

    ConsumerGroupDescription describe() throws Exception {
        return cluster.admin()
                .describeConsumerGroups(List.of(name))
                .describedGroups()
                .get(name)
                .get();
    }

    /** Takes turns for some heartbeats of each member, in which no listener may be called. */
    void staysAsItIs() {
        Map<MixedMember, Integer> before = callbacks();
        long until =
                System.nanoTime() + Duration.ofMillis(5L * Rules.HEARTBEAT_MS).toNanos();
        until("some heartbeats", () -> System.nanoTime() - until > 0);
        assertThat(callbacks()).as(ledger.text()).isEqualTo(before);
    }

    private Map<MixedMember, Integer> callbacks() {
        Map<MixedMember, Integer> callbacks = new HashMap<>();
        members.forEach(member -> callbacks.put(member, member.callbacks()));
        return callbacks;
    }

    /** Every record has been processed by now or is soon, and none twice. */
    void hasLostAndDoubledNothing() {
        hasLostNothing();
        assertThat(ledger.repetitions()).as(ledger.text()).isZero();
    }

    /** Every record has been processed by now or is soon, and none twice within one ownership. */
    void hasLostNothing() {
        producer.flush();
        until("everything written so far", new AllSoFar(written.acknowledgedCount())::isProcessed);
        hearOthers();
        assertThat(ledger.violations(written)).as(ledger.text()).isEmpty();
    }

    private final class AllSoFar {
        private final long count;

        AllSoFar(long count) {
            this.count = count;
        }

        boolean isProcessed() {
            hearOthers();
            return ledger.recordsProcessed() >= count;
        }
    }

    @Override
    public void close() {
        producer.close();
        members.forEach(MixedMember::close);
        others.forEach(KcatMember::kill);
    }
}

package dev.surefoot.testkit.consumer;

import static dev.surefoot.testkit.consumer.Members.LONG;
import static dev.surefoot.testkit.consumer.Members.RECORDS;
import static dev.surefoot.testkit.consumer.Members.SHORT;
import static dev.surefoot.testkit.consumer.Members.group;
import static dev.surefoot.testkit.consumer.Members.open;
import static dev.surefoot.testkit.consumer.Members.pollUntilShared;
import static dev.surefoot.testkit.consumer.Members.read;
import static dev.surefoot.testkit.consumer.Members.written;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.testkit.Await;
import dev.surefoot.testkit.consumer.Members.Told;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Membership in a group means the same to both consumers, in both protocols. */
@Timeout(120)
class GroupContractTest {
    @ParameterizedTest
    @MethodSource(Members.CLIENTS_AND_PROTOCOLS)
    void aMemberReadsWhatItSubscribesTo(Client client, String protocol) {
        String topic = written(2);
        Told told = new Told();
        try (Consumer<byte[], byte[]> consumer = open(client, protocol, group())) {
            consumer.subscribe(List.of(topic), told);
            assertThat(consumer.subscription()).containsExactly(topic);
            assertThat(read(consumer, 2 * RECORDS)).doesNotHaveDuplicates().hasSize(2 * RECORDS);
            assertThat(consumer.assignment()).hasSize(2);
            assertThat(told.calls).contains("assigned [0, 1]");
        }
        assertThat(told.calls).endsWith("revoked [0, 1]");
    }

    @ParameterizedTest
    @MethodSource(Members.CLIENTS_AND_PROTOCOLS)
    void twoMembersShareATopic(Client client, String protocol) {
        String topic = written(2);
        String group = group();
        try (Consumer<byte[], byte[]> first = open(client, protocol, group)) {
            first.subscribe(List.of(topic));
            read(first, 2 * RECORDS);
            try (Consumer<byte[], byte[]> second = open(client, protocol, group)) {
                second.subscribe(List.of(topic));
                pollUntilShared(first, second);
                Set<TopicPartition> both = new HashSet<>(first.assignment());
                both.addAll(second.assignment());
                assertThat(both).hasSize(2);
            }
            Await.until("all partitions again", LONG, () -> {
                first.poll(SHORT);
                return first.assignment().size() == 2;
            });
        }
    }

    @ParameterizedTest
    @MethodSource(Members.CLIENTS_AND_PROTOCOLS)
    void whatIsCommittedIsWhereTheNextMemberBegins(Client client, String protocol) {
        String topic = written(1);
        TopicPartition partition = new TopicPartition(topic, 0);
        String group = group();
        try (Consumer<byte[], byte[]> consumer = open(client, protocol, group, "max.poll.records", 10)) {
            consumer.subscribe(List.of(topic));
            read(consumer, 10);
            consumer.commitSync();
            OffsetAndMetadata committed = consumer.committed(Set.of(partition)).get(partition);
            assertThat(committed.offset()).isEqualTo(consumer.position(partition));
            consumer.commitSync(Map.of(partition, new OffsetAndMetadata(7, "by hand")));
        }
        try (Consumer<byte[], byte[]> consumer = open(client, protocol, group)) {
            consumer.subscribe(List.of(topic));
            assertThat(read(consumer, RECORDS - 7).get(0)).isEqualTo("0:7");
            assertThat(consumer.committed(Set.of(partition)).get(partition).metadata())
                    .isEqualTo("by hand");
            List<Long> told = new ArrayList<>();
            consumer.commitAsync(
                    (offsets, failure) -> told.add(offsets.get(partition).offset()));
            consumer.commitAsync(
                    Map.of(partition, new OffsetAndMetadata(3)),
                    (offsets, failure) -> told.add(offsets.get(partition).offset()));
            Await.until("the callbacks", LONG, () -> {
                consumer.poll(SHORT);
                return told.size() == 2;
            });
            assertThat(told).containsExactly((long) RECORDS, 3L);
            assertThat(consumer.groupMetadata().groupId()).isEqualTo(group);
            assertThat(consumer.groupMetadata().generationId()).isPositive();
        }
    }

    @ParameterizedTest
    @MethodSource(Members.CLIENTS_AND_PROTOCOLS)
    void closingCommitsWhatWasRead(Client client, String protocol) {
        String topic = written(2);
        String group = group();
        try (Consumer<byte[], byte[]> consumer = open(client, protocol, group, "enable.auto.commit", "true")) {
            consumer.subscribe(List.of(topic));
            read(consumer, 2 * RECORDS);
        }
        try (Consumer<byte[], byte[]> consumer = open(client, protocol, group)) {
            Map<TopicPartition, Long> committed = new HashMap<>();
            consumer.committed(new HashSet<>(OneBroker.partitions(topic, 2)))
                    .forEach((partition, offset) -> committed.put(partition, offset.offset()));
            assertThat(committed.values()).containsExactly((long) RECORDS, (long) RECORDS);
        }
    }

    @ParameterizedTest
    @MethodSource(Members.CLIENTS_AND_PROTOCOLS)
    void aPatternFindsTopics(Client client, String protocol) {
        String topic = written(1);
        try (Consumer<byte[], byte[]> consumer = open(client, protocol, group())) {
            consumer.subscribe(Pattern.compile(Pattern.quote(topic)));
            read(consumer, RECORDS);
            assertThat(consumer.subscription()).containsExactly(topic);
            consumer.unsubscribe();
            assertThat(consumer.subscription()).isEmpty();
            assertThat(consumer.assignment()).isEmpty();
            consumer.assign(List.of(new TopicPartition(topic, 0)));
            consumer.seek(new TopicPartition(topic, 0), RECORDS - 1);
            read(consumer, 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCooperativeMemberKeepsWhatItNeedNotGiveUp(Client client) {
        String topic = written(2);
        String group = group();
        String assignor = CooperativeStickyAssignor.class.getName();
        Told told = new Told();
        try (Consumer<byte[], byte[]> first =
                open(client, "classic", group, "partition.assignment.strategy", assignor)) {
            first.subscribe(List.of(topic), told);
            read(first, 2 * RECORDS);
            assertThat(told.calls).containsExactly("assigned [0, 1]");
            told.calls.clear();
            try (Consumer<byte[], byte[]> second =
                    open(client, "classic", group, "partition.assignment.strategy", assignor)) {
                second.subscribe(List.of(topic));
                pollUntilShared(first, second);
                assertThat(told.calls.stream().filter(call -> call.startsWith("revoked")))
                        .hasSize(1)
                        .doesNotContain("revoked [0, 1]");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void anEagerMemberGivesUpEverythingBeforeItJoins(Client client) {
        String topic = written(2);
        String group = group();
        String assignor = RangeAssignor.class.getName();
        Told told = new Told();
        try (Consumer<byte[], byte[]> first =
                open(client, "classic", group, "partition.assignment.strategy", assignor)) {
            first.subscribe(List.of(topic), told);
            read(first, 2 * RECORDS);
            assertThat(told.calls).containsExactly("assigned [0, 1]");
            told.calls.clear();
            try (Consumer<byte[], byte[]> second =
                    open(client, "classic", group, "partition.assignment.strategy", assignor)) {
                second.subscribe(List.of(topic));
                pollUntilShared(first, second);
            }
        }
        assertThat(told.calls.subList(0, 2)).satisfies(calls -> {
            assertThat(calls.get(0)).isEqualTo("revoked [0, 1]");
            assertThat(calls.get(1)).isIn("assigned [0]", "assigned [1]");
        });
    }
}

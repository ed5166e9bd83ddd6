package dev.surefoot.testkit.consumer;

import static dev.surefoot.testkit.consumer.Members.LONG;
import static dev.surefoot.testkit.consumer.Members.RECORDS;
import static dev.surefoot.testkit.consumer.Members.SHORT;
import static dev.surefoot.testkit.consumer.Members.count;
import static dev.surefoot.testkit.consumer.Members.group;
import static dev.surefoot.testkit.consumer.Members.open;
import static dev.surefoot.testkit.consumer.Members.pollUntilAssigned;
import static dev.surefoot.testkit.consumer.Members.pollUntilShared;
import static dev.surefoot.testkit.consumer.Members.read;
import static dev.surefoot.testkit.consumer.Members.written;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.surefoot.testkit.Await;
import dev.surefoot.testkit.consumer.Members.Told;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnreleasedInstanceIdException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** How memberships end and begin again: static members, slow applications, the ways to close. */
@Timeout(120)
@Tag("thorough")
class GroupMembershipContractTest {

    @ParameterizedTest
    @MethodSource(Members.CLIENTS_AND_PROTOCOLS)
    void aStaticMemberThatReturnsHasItsPartitions(Client client, String protocol) {
        String topic = written(2);
        String group = group();
        Told told = new Told();
        try (Consumer<byte[], byte[]> other = open(client, protocol, group)) {
            other.subscribe(List.of(topic), told);
            Set<TopicPartition> had;
            try (Consumer<byte[], byte[]> leaver = open(client, protocol, group, "group.instance.id", "static")) {
                leaver.subscribe(List.of(topic));
                pollUntilShared(other, leaver);
                had = leaver.assignment();
            }
            told.calls.clear();
            try (Consumer<byte[], byte[]> returned = open(client, protocol, group, "group.instance.id", "static")) {
                returned.subscribe(List.of(topic));
                Await.until("the partition that it had", LONG, () -> {
                    other.poll(SHORT);
                    returned.poll(SHORT);
                    return returned.assignment().equals(had);
                });
                assertThat(count(group)).isEqualTo(2);
                assertThat(told.calls.stream().filter(call -> call.startsWith("revoked")))
                        .isEmpty();
            }
        }
    }

    /** KafkaConsumer does not notice what came while it was away, as the coordinator keeps the plan (KIP-814). */
    @Test
    void aStaticLeaderThatReturnsNoticesPartitionsThatCameMeanwhile() throws Exception {
        String topic = written(2);
        String group = group();
        try (Consumer<byte[], byte[]> leaver = open(Client.SUREFOOT, "classic", group, "group.instance.id", "static")) {
            leaver.subscribe(List.of(topic));
            pollUntilAssigned(leaver, 2);
        }
        OneBroker.cluster()
                .admin()
                .createPartitions(Map.of(topic, NewPartitions.increaseTo(3)))
                .all()
                .get();
        try (Consumer<byte[], byte[]> returned =
                open(Client.SUREFOOT, "classic", group, "group.instance.id", "static")) {
            returned.subscribe(List.of(topic));
            pollUntilAssigned(returned, 3);
        }
    }

    @ParameterizedTest
    @MethodSource(Members.CLIENTS_AND_PROTOCOLS)
    void oneOfTwoMembersOfOneInstanceIdIsRefused(Client client, String protocol) {
        String topic = written(1);
        String group = group();
        try (Consumer<byte[], byte[]> first = open(client, protocol, group, "group.instance.id", "static");
                Consumer<byte[], byte[]> second = open(client, protocol, group, "group.instance.id", "static")) {
            first.subscribe(List.of(topic));
            pollUntilAssigned(first, 1);
            second.subscribe(List.of(topic));
            List<KafkaException> thrown = new ArrayList<>();
            Await.until("the exception", LONG, () -> {
                for (Consumer<byte[], byte[]> consumer : List.of(first, second)) {
                    try {
                        consumer.poll(SHORT);
                    } catch (FencedInstanceIdException | UnreleasedInstanceIdException e) {
                        thrown.add(e);
                    }
                }
                return !thrown.isEmpty();
            });
            boolean fencesTheFirst = protocol.equals("classic");
            assertThat(thrown.get(0))
                    .isExactlyInstanceOf(
                            fencesTheFirst ? FencedInstanceIdException.class : UnreleasedInstanceIdException.class);
            pollUntilAssigned(fencesTheFirst ? second : first, 1);
        }
    }

    @ParameterizedTest
    @MethodSource(Members.CLIENTS_AND_PROTOCOLS)
    void whoDoesNotPollLosesItsPartitionsAndJoinsAgain(Client client, String protocol) {
        TopicPartition partition = new TopicPartition(written(1), 0);
        String group = group();
        Told told = new Told();
        try (Consumer<byte[], byte[]> consumer = open(client, protocol, group, "max.poll.interval.ms", 1500)) {
            consumer.subscribe(List.of(partition.topic()), told);
            read(consumer, RECORDS);
            Await.until("the end of the membership", LONG, () -> count(group) == 0);
            if (client == Client.SUREFOOT || protocol.equals("classic")) {
                assertThatExceptionOfType(CommitFailedException.class)
                        .isThrownBy(() -> consumer.commitSync(Map.of(partition, new OffsetAndMetadata(3))));
            }
            read(consumer, RECORDS);
            assertThat(count(group)).isEqualTo(1);
        }
        assertThat(told.calls).startsWith("assigned [0]", "lost [0]", "assigned [0]");
    }

    /** Time in the listener counts as time out of poll. */
    @ParameterizedTest
    @MethodSource(Members.CLIENTS_AND_PROTOCOLS)
    void aListenerThatBlocksForTooLongEndsTheMembership(Client client, String protocol) {
        String topic = written(1);
        String group = group();
        Told told = new Told() {
            @Override
            void assigned(Collection<TopicPartition> partitions) {
                if (calls.size() == 1) {
                    Await.until("the end of the membership", LONG, () -> count(group) == 0);
                }
            }
        };
        try (Consumer<byte[], byte[]> consumer = open(client, protocol, group, "max.poll.interval.ms", 1500)) {
            consumer.subscribe(List.of(topic), told);
            Await.until("the second assignment", LONG, () -> {
                consumer.poll(SHORT);
                return told.calls.size() > 2;
            });
        }
        assertThat(told.calls).startsWith("assigned [0]", "lost [0]", "assigned [0]");
    }

    @ParameterizedTest
    @MethodSource(Members.CLIENTS_AND_PROTOCOLS)
    void aListenerThatThrowsAtALossFailsThePoll(Client client, String protocol) {
        String topic = written(1);
        String group = group();
        Told told = new Told() {
            @Override
            void lost(Collection<TopicPartition> partitions) {
                throw new IllegalStateException("cannot lose");
            }
        };
        try (Consumer<byte[], byte[]> consumer = open(client, protocol, group, "max.poll.interval.ms", 1500)) {
            consumer.subscribe(List.of(topic), told);
            pollUntilAssigned(consumer, 1);
            Await.until("the end of the membership", LONG, () -> count(group) == 0);
            List<KafkaException> thrown = new ArrayList<>();
            Await.until("the exception", LONG, () -> {
                try {
                    consumer.poll(SHORT);
                } catch (KafkaException e) {
                    thrown.add(e);
                }
                return !thrown.isEmpty();
            });
            assertThat(thrown.get(0))
                    .hasMessage("User rebalance callback throws an error")
                    .hasRootCauseMessage("cannot lose");
            Await.until("records after it", LONG, () -> !consumer.poll(SHORT).isEmpty());
        }
    }

    static Stream<Arguments> waysToClose() {
        return Members.clientsAndProtocols()
                .flatMap(member -> Arrays.stream(GroupMembershipOperation.values())
                        .flatMap(how -> Stream.of(true, false)
                                .map(isStatic -> Arguments.of(member.get()[0], member.get()[1], how, isStatic))))
                .filter(way -> !isWrongInKafka(way.get()));
    }

    /** KafkaConsumer leaves though it is told to remain. */
    private static boolean isWrongInKafka(Object[] way) {
        return way[0] == Client.KAFKA
                && way[1].equals("consumer")
                && way[2] == GroupMembershipOperation.REMAIN_IN_GROUP
                && way[3].equals(false);
    }

    @ParameterizedTest
    @MethodSource("waysToClose")
    void whoClosesLeavesAsItsOptionsSay(
            Client client, String protocol, GroupMembershipOperation how, boolean isStatic) {
        String topic = written(1);
        String group = group();
        Object[] options = isStatic ? new Object[] {"group.instance.id", "static"} : new Object[0];
        Told told = new Told();
        Consumer<byte[], byte[]> consumer = open(client, protocol, group, options);
        consumer.subscribe(List.of(topic), told);
        pollUntilAssigned(consumer, 1);
        consumer.close(CloseOptions.groupMembershipOperation(how));
        boolean stays =
                switch (how) {
                    case DEFAULT -> isStatic;
                    case LEAVE_GROUP -> false;
                    case REMAIN_IN_GROUP -> true;
                };
        assertThat(count(group)).isEqualTo(stays ? 1 : 0);
        assertThat(told.calls).containsExactly("assigned [0]", "revoked [0]");
    }

    @ParameterizedTest
    @MethodSource(Members.CLIENTS_AND_PROTOCOLS)
    void aThreadThatIsInterruptedClosesAndLeaves(Client client, String protocol) {
        String topic = written(1);
        String group = group();
        Told told = new Told();
        Consumer<byte[], byte[]> consumer = open(client, protocol, group);
        consumer.subscribe(List.of(topic), told);
        pollUntilAssigned(consumer, 1);
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(InterruptException.class).isThrownBy(consumer::close);
        boolean stillInterrupted = Thread.interrupted(); // KafkaConsumer clears it in the consumer protocol
        assertThat(stillInterrupted || client == Client.KAFKA).isTrue();
        assertThat(told.calls).containsExactly("assigned [0]", "revoked [0]");
        Await.until("the end of the membership", LONG, () -> count(group) == 0);
    }

    @ParameterizedTest
    @MethodSource(Members.CLIENTS_AND_PROTOCOLS)
    void aRebalanceIsEnforcedInTheClassicProtocol(Client client, String protocol) {
        String topic = written(1);
        Told told = new Told();
        try (Consumer<byte[], byte[]> consumer = open(client, protocol, group())) {
            consumer.subscribe(List.of(topic), told);
            read(consumer, RECORDS);
            int generation = consumer.groupMetadata().generationId();
            consumer.enforceRebalance("for a test");
            if (protocol.equals("classic")) {
                Await.until("the next generation", LONG, () -> {
                    consumer.poll(SHORT);
                    return consumer.groupMetadata().generationId() == generation + 1;
                });
                pollUntilAssigned(consumer, 1);
                assertThat(told.calls).containsExactly("assigned [0]", "revoked [0]", "assigned [0]");
            } else {
                consumer.poll(SHORT);
                consumer.commitSync();
                assertThat(consumer.groupMetadata().generationId()).isEqualTo(generation);
                assertThat(told.calls).containsExactly("assigned [0]");
            }
        }
    }

    @ParameterizedTest
    @MethodSource(Members.CLIENTS_AND_PROTOCOLS)
    void anotherSubscriptionTakesThePlaceOfTheFirst(Client client, String protocol) {
        String first = written(1);
        String second = written(1);
        Told told = new Told();
        try (Consumer<byte[], byte[]> consumer = open(client, protocol, group())) {
            consumer.subscribe(List.of(first), told);
            read(consumer, RECORDS);
            consumer.subscribe(List.of(second), told);
            assertThat(consumer.subscription()).containsExactly(second);
            read(consumer, RECORDS);
            assertThat(consumer.assignment()).isEqualTo(new HashSet<>(OneBroker.partitions(second, 1)));
        }
        assertThat(told.calls).containsExactly("assigned [0]", "revoked [0]", "assigned [0]", "revoked [0]");
    }
}

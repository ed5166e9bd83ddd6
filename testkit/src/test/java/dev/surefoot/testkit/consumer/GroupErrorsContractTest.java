package dev.surefoot.testkit.consumer;

import static dev.surefoot.testkit.consumer.Members.LONG;
import static dev.surefoot.testkit.consumer.Members.SHORT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.surefoot.testkit.Await;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidGroupIdException;
import org.apache.kafka.common.errors.WakeupException;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What both consumers refuse about groups, in the same words. */
@Timeout(120)
class GroupErrorsContractTest {
    private static Consumer<byte[], byte[]> open(Client client, String protocol) {
        return Members.open(client, protocol, Members.group());
    }

    @ParameterizedTest
    @EnumSource
    void withoutAGroupThereIsNone(Client client) {
        TopicPartition partition = new TopicPartition("t", 0);
        try (Consumer<byte[], byte[]> consumer = client.open(OneBroker.config())) {
            for (Runnable needsGroup : List.<Runnable>of(
                    () -> consumer.subscribe(List.of("t")),
                    () -> consumer.subscribe(Pattern.compile("t")),
                    consumer::commitSync,
                    () -> consumer.commitSync(Map.of(partition, new OffsetAndMetadata(1))),
                    consumer::commitAsync,
                    () -> consumer.committed(Set.of(partition)),
                    consumer::groupMetadata)) {
                assertThatExceptionOfType(InvalidGroupIdException.class)
                        .isThrownBy(needsGroup::run)
                        .withMessage("To use the group management or offset commit APIs, you must provide a valid"
                                + " group.id in the consumer configuration.");
            }
            assertThatIllegalStateException().isThrownBy(consumer::enforceRebalance);
        }
    }

    @ParameterizedTest
    @MethodSource(Members.CLIENTS_AND_PROTOCOLS)
    void waysToSubscribeExcludeEachOther(Client client, String protocol) {
        String message = "Subscription to topics, partitions and pattern are mutually exclusive";
        TopicPartition partition = new TopicPartition(OneBroker.topic(1), 0);
        try (Consumer<byte[], byte[]> consumer = open(client, protocol)) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> consumer.poll(SHORT))
                    .withMessage("Consumer is not subscribed to any topics or assigned any partitions");
            consumer.subscribe(List.of(partition.topic()));
            assertThatIllegalStateException()
                    .isThrownBy(() -> consumer.assign(List.of(partition)))
                    .withMessage(message);
            assertThatIllegalStateException()
                    .isThrownBy(() -> consumer.subscribe(Pattern.compile("t")))
                    .withMessage(message);
            consumer.unsubscribe();
            consumer.assign(List.of(partition));
            assertThatIllegalStateException()
                    .isThrownBy(() -> consumer.subscribe(List.of(partition.topic())))
                    .withMessage(message);
        }
    }

    @ParameterizedTest
    @MethodSource(Members.CLIENTS_AND_PROTOCOLS)
    void whatCannotBeSubscribedToIsRefused(Client client, String protocol) {
        try (Consumer<byte[], byte[]> consumer = open(client, protocol)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> consumer.subscribe((Collection<String>) null))
                    .withMessage("Topic collection to subscribe to cannot be null");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> consumer.subscribe(Arrays.asList("t", null)))
                    .withMessage("Topic collection to subscribe to cannot contain null or empty topic");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> consumer.subscribe(List.of("t"), null))
                    .withMessage("RebalanceListener cannot be null");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> consumer.subscribe((Pattern) null))
                    .withMessage("Topic pattern to subscribe to cannot be null");
            consumer.subscribe(List.of());
            assertThat(consumer.subscription()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void theClassicProtocolHasNoPatternOfTheCoordinator(Client client) {
        try (Consumer<byte[], byte[]> consumer = open(client, "classic")) {
            assertThatExceptionOfType(UnsupportedOperationException.class)
                    .isThrownBy(() -> consumer.subscribe(new SubscriptionPattern("t")))
                    .withMessageContaining("group.protocol");
        }
    }

    @ParameterizedTest
    @EnumSource
    void theCoordinatorFindsTopicsByItsPattern(Client client) {
        String topic = OneBroker.topic(1);
        TopicPartition partition = new TopicPartition(topic, 0);
        Writing.numbers(OneBroker.cluster(), partition, 0, 5);
        try (Consumer<byte[], byte[]> consumer = open(client, "consumer")) {
            consumer.subscribe(new SubscriptionPattern(topic));
            Await.until("a record", LONG, () -> !consumer.poll(SHORT).isEmpty());
            assertThat(consumer.assignment()).containsExactly(partition);
        }
    }

    @ParameterizedTest
    @MethodSource(Members.CLIENTS_AND_PROTOCOLS)
    void aListenerThatThrowsFailsThePollAndKeepsTheAssignment(Client client, String protocol) {
        TopicPartition partition = new TopicPartition(OneBroker.topic(1), 0);
        Writing.numbers(OneBroker.cluster(), partition, 0, 5);
        List<String> calls = new ArrayList<>();
        ConsumerRebalanceListener throwing = new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {}

            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                calls.add("assigned " + partitions);
                if (calls.size() == 1) {
                    throw new IllegalStateException("not ready");
                }
            }
        };
        try (Consumer<byte[], byte[]> consumer = open(client, protocol)) {
            consumer.subscribe(List.of(partition.topic()), throwing);
            List<KafkaException> thrown = new ArrayList<>();
            Await.until("the error of the listener", LONG, () -> {
                try {
                    consumer.poll(SHORT);
                } catch (KafkaException e) {
                    thrown.add(e);
                }
                return !thrown.isEmpty();
            });
            assertThat(thrown.get(0)).hasMessage("User rebalance callback throws an error");
            assertThat(thrown.get(0)).hasRootCauseMessage("not ready");
            Await.until("records after it", LONG, () -> !consumer.poll(SHORT).isEmpty());
            assertThat(consumer.assignment()).containsExactly(partition);
        }
    }

    @ParameterizedTest
    @MethodSource(Members.CLIENTS_AND_PROTOCOLS)
    void aWakeupEndsAPollOfAMember(Client client, String protocol) {
        TopicPartition partition = new TopicPartition(OneBroker.topic(1), 0);
        try (Consumer<byte[], byte[]> consumer = open(client, protocol)) {
            consumer.subscribe(List.of(partition.topic()));
            consumer.wakeup();
            assertThatExceptionOfType(WakeupException.class).isThrownBy(() -> consumer.poll(LONG));
            Await.until("the assignment", LONG, () -> {
                consumer.poll(SHORT);
                return !consumer.assignment().isEmpty();
            });
        }
    }

    @ParameterizedTest
    @MethodSource(Members.CLIENTS_AND_PROTOCOLS)
    void whoChoosesPartitionsMayNotCommitForALivingGroup(Client client, String protocol) {
        TopicPartition partition = new TopicPartition(OneBroker.topic(1), 0);
        String group = Members.group();
        try (Consumer<byte[], byte[]> member = Members.open(client, protocol, group);
                Consumer<byte[], byte[]> other = Members.open(client, protocol, group)) {
            other.assign(List.of(partition));
            other.commitSync(Map.of(partition, new OffsetAndMetadata(1)));
            assertThat(other.committed(Set.of(partition)).get(partition).offset())
                    .isEqualTo(1);
            member.subscribe(List.of(partition.topic()));
            Await.until("the assignment", LONG, () -> {
                member.poll(SHORT);
                return !member.assignment().isEmpty();
            });
            assertThatExceptionOfType(CommitFailedException.class)
                    .isThrownBy(() -> other.commitSync(Map.of(partition, new OffsetAndMetadata(2))));
            assertThat(member.committed(Set.of(partition)).get(partition).offset())
                    .isEqualTo(1);
        }
    }
}

package dev.surefoot.testkit.consumer;

import static dev.surefoot.testkit.consumer.Members.LONG;
import static dev.surefoot.testkit.consumer.Members.RECORDS;
import static dev.surefoot.testkit.consumer.Members.SHORT;
import static dev.surefoot.testkit.consumer.Members.group;
import static dev.surefoot.testkit.consumer.Members.open;
import static dev.surefoot.testkit.consumer.Members.pollUntilAssigned;
import static dev.surefoot.testkit.consumer.Members.read;
import static dev.surefoot.testkit.consumer.Members.written;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.surefoot.testkit.Await;
import dev.surefoot.testkit.consumer.Members.Told;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a rebalance listener may do within a call, and what its exceptions do. */
@Timeout(120)
@Tag("thorough")
class GroupListenerContractTest {

    @ParameterizedTest
    @MethodSource(Members.CLIENTS_AND_PROTOCOLS)
    void aListenerAsksAboutAndMovesWhatItIsGiven(Client client, String protocol) {
        TopicPartition partition = new TopicPartition(written(1), 0);
        try (Consumer<byte[], byte[]> consumer = open(client, protocol, group())) {
            List<Object> seen = new ArrayList<>();
            Told told = new Told() {
                @Override
                void assigned(Collection<TopicPartition> partitions) {
                    seen.addAll(consumer.assignment());
                    seen.add(consumer.position(partition));
                    seen.add(consumer.committed(Set.of(partition)).get(partition));
                    consumer.commitSync(Map.of(partition, new OffsetAndMetadata(3)));
                    seen.add(
                            consumer.committed(Set.of(partition)).get(partition).offset());
                    consumer.seek(partition, 20);
                    seen.add(consumer.position(partition));
                    seen.add(consumer.endOffsets(partitions).get(partition));
                    consumer.pause(partitions);
                    seen.addAll(consumer.paused());
                    consumer.resume(partitions);
                }
            };
            consumer.subscribe(List.of(partition.topic()), told);
            assertThat(read(consumer, RECORDS - 20).get(0)).isEqualTo("0:20");
            assertThat(seen).containsExactly(partition, 0L, null, 3L, 20L, (long) RECORDS, partition);
        }
    }

    @ParameterizedTest
    @MethodSource(Members.CLIENTS_AND_PROTOCOLS)
    void whatIsRevokedIsAssignedStillAndMayBeCommitted(Client client, String protocol) {
        TopicPartition partition = new TopicPartition(written(1), 0);
        try (Consumer<byte[], byte[]> consumer = open(client, protocol, group())) {
            List<Object> seen = new ArrayList<>();
            Told told = new Told() {
                @Override
                void revoked(Collection<TopicPartition> partitions) {
                    seen.addAll(consumer.assignment());
                    seen.add(consumer.position(partition));
                    consumer.commitSync();
                    seen.add(
                            consumer.committed(Set.of(partition)).get(partition).offset());
                }
            };
            consumer.subscribe(List.of(partition.topic()), told);
            read(consumer, RECORDS);
            consumer.unsubscribe();
            assertThat(told.calls).containsExactly("assigned [0]", "revoked [0]");
            assertThat(seen).containsExactly(partition, (long) RECORDS, (long) RECORDS);
            assertThat(consumer.assignment()).isEmpty();
            assertThatIllegalStateException().isThrownBy(() -> consumer.position(partition));
        }
    }

    @ParameterizedTest
    @MethodSource(Members.CLIENTS_AND_PROTOCOLS)
    void aListenerThatCloseCallsMayAskAndCommit(Client client, String protocol) {
        TopicPartition partition = new TopicPartition(written(1), 0);
        String group = group();
        List<Object> seen = new ArrayList<>();
        Consumer<byte[], byte[]> consumer = open(client, protocol, group);
        Told told = new Told() {
            @Override
            void revoked(Collection<TopicPartition> partitions) {
                seen.addAll(consumer.assignment());
                seen.add(consumer.endOffsets(partitions).get(partition));
                seen.add(consumer.position(partition));
                consumer.commitSync();
            }
        };
        consumer.subscribe(List.of(partition.topic()), told);
        read(consumer, RECORDS);
        consumer.close();
        assertThat(seen).containsExactly(partition, (long) RECORDS, (long) RECORDS);
        assertThatIllegalStateException().isThrownBy(consumer::assignment);
        try (Consumer<byte[], byte[]> observer = open(client, protocol, group)) {
            assertThat(observer.committed(Set.of(partition)).get(partition).offset())
                    .isEqualTo(RECORDS);
        }
    }

    /** A transaction that has not ended holds back the committed offset, and with it the first position. */
    @ParameterizedTest
    @MethodSource(Members.BUT_FOR_KAFKA_BY_CONSUMER)
    void theFirstPositionMayComeWhileThePartitionIsRevoked(Client client, String protocol) {
        TopicPartition partition = new TopicPartition(written(1), 0);
        String group = group();
        try (Consumer<byte[], byte[]> consumer = open(client, protocol, group);
                KafkaProducer<byte[], byte[]> producer =
                        Writing.producer(OneBroker.cluster(), "transactional.id", "offsets-of-" + group)) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.sendOffsetsToTransaction(Map.of(partition, new OffsetAndMetadata(7)), consumer.groupMetadata());
            List<Long> positions = new ArrayList<>();
            Told told = new Told() {
                @Override
                void revoked(Collection<TopicPartition> partitions) {
                    producer.commitTransaction();
                    positions.add(consumer.position(partition));
                }
            };
            consumer.subscribe(List.of(partition.topic()), told);
            pollUntilAssigned(consumer, 1);
            consumer.unsubscribe();
            assertThat(positions).containsExactly(7L);
        }
    }

    @ParameterizedTest
    @MethodSource(Members.CLIENTS_AND_PROTOCOLS)
    void anUnsubscriptionWithinAListenerGivesEverythingUp(Client client, String protocol) {
        String topic = written(1);
        try (Consumer<byte[], byte[]> consumer = open(client, protocol, group())) {
            Told told = new Told() {
                @Override
                void assigned(Collection<TopicPartition> partitions) {
                    consumer.unsubscribe();
                }
            };
            consumer.subscribe(List.of(topic), told);
            Await.until("the end of the subscription", LONG, () -> {
                consumer.poll(SHORT);
                return consumer.subscription().isEmpty();
            });
            assertThat(told.calls).containsExactly("assigned [0]", "revoked [0]");
            assertThat(consumer.assignment()).isEmpty();
            assertThatIllegalStateException().isThrownBy(() -> consumer.poll(SHORT));
            consumer.subscribe(List.of(topic));
            read(consumer, RECORDS);
        }
    }

    @ParameterizedTest
    @MethodSource(Members.CLIENTS_AND_PROTOCOLS)
    void aListenerMaySubscribeToOtherTopics(Client client, String protocol) {
        String first = written(1);
        String second = written(2);
        try (Consumer<byte[], byte[]> consumer = open(client, protocol, group())) {
            Told told = new Told() {
                @Override
                void assigned(Collection<TopicPartition> partitions) {
                    if (consumer.subscription().contains(first)) {
                        consumer.subscribe(List.of(second), this);
                    }
                }
            };
            consumer.subscribe(List.of(first), told);
            Set<TopicPartition> wanted = new HashSet<>(OneBroker.partitions(second, 2));
            Await.until("the other topic", LONG, () -> {
                consumer.poll(SHORT);
                return consumer.assignment().equals(wanted);
            });
            assertThat(told.calls).startsWith("assigned [0]").contains("revoked [0]");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void aPollWithinAListenerIsRefused(String protocol) {
        String topic = written(1);
        try (Consumer<byte[], byte[]> consumer = open(Client.SUREFOOT, protocol, group())) {
            List<Throwable> thrown = new ArrayList<>();
            Told told = new Told() {
                @Override
                void assigned(Collection<TopicPartition> partitions) {
                    assertThatCode(() -> consumer.poll(SHORT)).satisfies(thrown::add);
                }
            };
            consumer.subscribe(List.of(topic), told);
            read(consumer, RECORDS);
            assertThat(thrown).hasSize(1);
            assertThat(thrown.get(0))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("called by a rebalance listener");
        }
    }

    /** Polls until something is thrown. */
    private static KafkaException thrownByPoll(Consumer<byte[], byte[]> consumer) {
        return thrownByPoll(consumer, () -> {});
    }

    /** Polls until something is thrown, and does something else after each poll that throws nothing. */
    private static KafkaException thrownByPoll(Consumer<byte[], byte[]> consumer, Runnable between) {
        List<KafkaException> thrown = new ArrayList<>();
        Await.until("an exception of poll", LONG, () -> {
            try {
                consumer.poll(SHORT);
                between.run();
            } catch (KafkaException e) {
                thrown.add(e);
            }
            return !thrown.isEmpty();
        });
        return thrown.get(0);
    }

    @ParameterizedTest
    @MethodSource(Members.CLIENTS_AND_PROTOCOLS)
    void nothingIsReadUntilTheListenerHasReturned(Client client, String protocol) {
        String topic = written(1);
        Told told = new Told() {
            /** KafkaConsumer tells of no partitions when it calls again, Surefoot of the same. */
            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                calls.add("assigned");
                if (calls.size() < 4) {
                    throw new IllegalStateException("not ready");
                }
            }
        };
        try (Consumer<byte[], byte[]> consumer = open(client, protocol, group())) {
            consumer.subscribe(List.of(topic), told);
            List<String> read = new ArrayList<>();
            Await.until("the records", LONG, () -> {
                try {
                    consumer.poll(SHORT).forEach(record -> read.add("record after " + told.calls.size() + " calls"));
                } catch (KafkaException e) {
                    assertThat(e).hasMessage("User rebalance callback throws an error");
                }
                return !read.isEmpty();
            });
            assertThat(read.get(0)).isEqualTo("record after 4 calls");
        }
    }

    @ParameterizedTest
    @MethodSource(Members.CLIENTS_AND_PROTOCOLS)
    void aListenerThatThrowsWhenItGivesUpStopsNobody(Client client, String protocol) {
        String topic = written(2);
        String group = group();
        Told told = new Told() {
            @Override
            void revoked(Collection<TopicPartition> partitions) {
                if (calls.stream().filter(call -> call.startsWith("revoked")).count() == 1) {
                    throw new IllegalStateException("cannot give up");
                }
            }
        };
        try (Consumer<byte[], byte[]> first = open(client, protocol, group);
                Consumer<byte[], byte[]> second = open(client, protocol, group)) {
            first.subscribe(List.of(topic), told);
            pollUntilAssigned(first, 2);
            second.subscribe(List.of(topic));
            assertThat(thrownByPoll(first, () -> second.poll(SHORT)))
                    .hasMessage("User rebalance callback throws an error")
                    .hasRootCauseMessage("cannot give up");
            Members.pollUntilShared(first, second);
        }
    }

    @ParameterizedTest
    @MethodSource(Members.CLIENTS_AND_PROTOCOLS)
    void aListenerThatThrowsAtTheEndIsReported(Client client, String protocol) {
        String topic = written(1);
        Told told = new Told() {
            @Override
            void revoked(Collection<TopicPartition> partitions) {
                throw new IllegalStateException("cannot give up");
            }
        };
        try (Consumer<byte[], byte[]> consumer = open(client, protocol, group())) {
            consumer.subscribe(List.of(topic), told);
            pollUntilAssigned(consumer, 1);
            assertThatExceptionOfType(KafkaException.class)
                    .isThrownBy(consumer::unsubscribe)
                    .withMessage("User rebalance callback throws an error")
                    .withRootCauseInstanceOf(IllegalStateException.class);
            consumer.unsubscribe();
            assertThat(consumer.assignment()).isEmpty();
            assertThat(consumer.subscription()).isEmpty();
        }
        Consumer<byte[], byte[]> closed = open(client, protocol, group());
        closed.subscribe(List.of(topic), told);
        pollUntilAssigned(closed, 1);
        assertThatExceptionOfType(KafkaException.class)
                .isThrownBy(closed::close)
                .withRootCauseInstanceOf(IllegalStateException.class);
        assertThatIllegalStateException().isThrownBy(() -> closed.poll(SHORT));
    }

    @ParameterizedTest
    @MethodSource(Members.CLIENTS_AND_PROTOCOLS)
    void aWakeupWithinAListenerEndsItAndThePoll(Client client, String protocol) {
        TopicPartition partition = new TopicPartition(written(1), 0);
        try (Consumer<byte[], byte[]> consumer = open(client, protocol, group())) {
            Told told = new Told() {
                @Override
                void assigned(Collection<TopicPartition> partitions) {
                    if (calls.size() == 1) {
                        consumer.wakeup();
                        consumer.commitSync(Map.of(partition, new OffsetAndMetadata(3)));
                    }
                }
            };
            consumer.subscribe(List.of(partition.topic()), told);
            assertThat(thrownByPoll(consumer)).isInstanceOf(WakeupException.class);
            read(consumer, RECORDS - 3); // the commit may have been stored
            assertThat(consumer.assignment()).containsExactly(partition);
        }
    }

    @ParameterizedTest
    @MethodSource(Members.CLIENTS_AND_PROTOCOLS)
    void aWakeupOfAnotherThreadStopsNoRebalance(Client client, String protocol) {
        String topic = written(2);
        String group = group();
        Told told = new Told();
        try (Consumer<byte[], byte[]> first = open(client, protocol, group);
                Consumer<byte[], byte[]> second = open(client, protocol, group)) {
            first.subscribe(List.of(topic), told);
            pollUntilAssigned(first, 2);
            second.subscribe(List.of(topic));
            Await.until("one partition each", LONG, () -> {
                first.wakeup();
                assertThatExceptionOfType(WakeupException.class).isThrownBy(() -> first.poll(SHORT));
                first.poll(SHORT);
                second.poll(SHORT);
                return first.assignment().size() == 1 && second.assignment().size() == 1;
            });
            assertThat(told.calls.stream().filter(call -> call.startsWith("revoked")))
                    .isNotEmpty();
        }
    }
}

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
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.surefoot.testkit.Await;
import dev.surefoot.testkit.consumer.Members.Told;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.OffsetMetadataTooLarge;
import org.apache.kafka.common.errors.WakeupException;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Commits mean the same to both consumers, in both protocols, when they succeed and when they fail. */
@Timeout(120)
class GroupCommitsContractTest {

    private static long committed(Consumer<?, ?> consumer, TopicPartition partition) {
        return consumer.committed(Set.of(partition)).get(partition).offset();
    }

    @ParameterizedTest
    @MethodSource(Members.CLIENTS_AND_PROTOCOLS)
    void aMemberMayCommitForAPartitionThatItDoesNotOwn(Client client, String protocol) {
        String topic = written(1);
        TopicPartition other = new TopicPartition(written(1), 0);
        try (Consumer<byte[], byte[]> consumer = open(client, protocol, group())) {
            consumer.subscribe(List.of(topic));
            read(consumer, RECORDS);
            consumer.commitSync(Map.of(other, new OffsetAndMetadata(5, Optional.of(0), "not mine")));
            assertThat(consumer.committed(Set.of(other)).get(other))
                    .isEqualTo(new OffsetAndMetadata(5, Optional.of(0), "not mine"));
        }
    }

    @ParameterizedTest
    @MethodSource(Members.BUT_FOR_KAFKA_BY_CONSUMER)
    void whoHasNotJoinedCannotCommit(Client client, String protocol) {
        TopicPartition partition = new TopicPartition(written(1), 0);
        try (Consumer<byte[], byte[]> consumer = open(client, protocol, group())) {
            consumer.subscribe(List.of(partition.topic()));
            assertThatExceptionOfType(CommitFailedException.class)
                    .isThrownBy(() -> consumer.commitSync(Map.of(partition, new OffsetAndMetadata(5))));
            assertThat(consumer.committed(Set.of(partition)).get(partition)).isNull();
        }
    }

    @ParameterizedTest
    @MethodSource(Members.CLIENTS_AND_PROTOCOLS)
    void callbacksOfEarlierCommitsRunBeforeACommitReturns(Client client, String protocol) {
        TopicPartition partition = new TopicPartition(written(1), 0);
        try (Consumer<byte[], byte[]> consumer = open(client, protocol, group())) {
            consumer.subscribe(List.of(partition.topic()));
            read(consumer, RECORDS);
            List<Long> told = new ArrayList<>();
            for (long offset = 1; offset <= 20; offset++) {
                consumer.commitAsync(
                        Map.of(partition, new OffsetAndMetadata(offset)),
                        (offsets, failure) -> told.add(offsets.get(partition).offset()));
            }
            consumer.commitSync(Map.of(partition, new OffsetAndMetadata(21)));
            List<Long> inOrder = new ArrayList<>();
            for (long offset = 1; offset <= 20; offset++) {
                inOrder.add(offset);
            }
            assertThat(told).isEqualTo(inOrder);
            assertThat(committed(consumer, partition)).isEqualTo(21);
        }
    }

    @ParameterizedTest
    @MethodSource(Members.CLIENTS_AND_PROTOCOLS)
    void aCallbackMayCommit(Client client, String protocol) {
        TopicPartition partition = new TopicPartition(written(1), 0);
        List<String> told = new ArrayList<>();
        try (Consumer<byte[], byte[]> consumer = open(client, protocol, group())) {
            consumer.subscribe(List.of(partition.topic()));
            read(consumer, RECORDS);
            consumer.commitAsync(Map.of(partition, new OffsetAndMetadata(1)), (offsets, failure) -> {
                told.add("first " + failure);
                consumer.commitAsync(
                        Map.of(partition, new OffsetAndMetadata(2)),
                        (more, alsoFailed) -> told.add("second " + alsoFailed));
            });
            Await.until("both callbacks", LONG, () -> {
                consumer.poll(SHORT);
                return told.size() == 2;
            });
            assertThat(told).containsExactly("first null", "second null");
            assertThat(committed(consumer, partition)).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @MethodSource(Members.BUT_FOR_KAFKA_BY_CLASSIC)
    void closingRunsTheCallbacksOfCommitsUnderWay(Client client, String protocol) {
        TopicPartition partition = new TopicPartition(written(1), 0);
        List<Object> told = new ArrayList<>();
        try (Consumer<byte[], byte[]> consumer = open(client, protocol, group())) {
            consumer.subscribe(List.of(partition.topic()));
            read(consumer, RECORDS);
            consumer.commitAsync((offsets, failure) -> told.add(failure == null ? "committed" : failure));
        }
        assertThat(told).containsExactly("committed");
    }

    @ParameterizedTest
    @MethodSource(Members.CLIENTS_AND_PROTOCOLS)
    void aCommitOfNothingSucceeds(Client client, String protocol) {
        String topic = written(1);
        List<Object> told = new ArrayList<>();
        try (Consumer<byte[], byte[]> consumer = open(client, protocol, group())) {
            consumer.subscribe(List.of(topic));
            pollUntilAssigned(consumer, 1);
            consumer.commitSync(Map.of());
            consumer.commitAsync(Map.of(), (offsets, failure) -> told.add(failure == null ? "committed" : failure));
            Await.until("the callback", LONG, () -> {
                consumer.poll(SHORT);
                return !told.isEmpty();
            });
            assertThat(told).containsExactly("committed");
            assertThat(consumer.committed(Set.of())).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource(Members.CLIENTS_AND_PROTOCOLS)
    void metadataThatIsTooLongIsRefused(Client client, String protocol) {
        TopicPartition partition = new TopicPartition(written(1), 0);
        OffsetAndMetadata tooLong = new OffsetAndMetadata(1, "x".repeat(5000));
        List<Exception> told = new ArrayList<>();
        try (Consumer<byte[], byte[]> consumer = open(client, protocol, group())) {
            consumer.subscribe(List.of(partition.topic()));
            read(consumer, RECORDS);
            assertThatExceptionOfType(OffsetMetadataTooLarge.class)
                    .isThrownBy(() -> consumer.commitSync(Map.of(partition, tooLong)));
            consumer.commitAsync(Map.of(partition, tooLong), (offsets, failure) -> told.add(failure));
            consumer.commitSync(Map.of(partition, new OffsetAndMetadata(2)));
            assertThat(told).singleElement().isInstanceOf(OffsetMetadataTooLarge.class);
            assertThat(committed(consumer, partition)).isEqualTo(2);
        }
    }

    /** KafkaConsumer of the consumer protocol may have its answer before it looks for a wake-up. */
    @ParameterizedTest
    @MethodSource(Members.BUT_FOR_KAFKA_BY_CONSUMER)
    void aWakeupEndsACommit(Client client, String protocol) {
        TopicPartition partition = new TopicPartition(written(1), 0);
        try (Consumer<byte[], byte[]> consumer = open(client, protocol, group())) {
            consumer.subscribe(List.of(partition.topic()));
            read(consumer, RECORDS);
            consumer.wakeup();
            assertThatExceptionOfType(WakeupException.class)
                    .isThrownBy(() -> consumer.commitSync(Map.of(partition, new OffsetAndMetadata(5))));
            consumer.commitSync(Map.of(partition, new OffsetAndMetadata(6)));
            assertThat(committed(consumer, partition)).isEqualTo(6);
        }
    }

    @ParameterizedTest
    @MethodSource(Members.CLIENTS_AND_PROTOCOLS)
    void autoCommitFollowsWhatWasReadAndSought(Client client, String protocol) {
        TopicPartition partition = new TopicPartition(written(1), 0);
        String group = group();
        try (Consumer<byte[], byte[]> consumer = open(
                        client,
                        protocol,
                        group,
                        "enable.auto.commit",
                        "true",
                        "auto.commit.interval.ms",
                        0,
                        "max.poll.records",
                        10);
                Consumer<byte[], byte[]> observer = open(client, protocol, group)) {
            consumer.subscribe(List.of(partition.topic()));
            read(consumer, 10);
            consumer.pause(List.of(partition));
            Await.until("the commit of the first records", LONG, () -> {
                consumer.poll(SHORT);
                OffsetAndMetadata stored = observer.committed(Set.of(partition)).get(partition);
                return stored != null && stored.offset() == 10;
            });
            consumer.seek(partition, 4);
            Await.until("the commit of what was sought", LONG, () -> {
                consumer.poll(SHORT);
                return committed(observer, partition) == 4;
            });
        }
    }

    @ParameterizedTest
    @MethodSource(Members.CLIENTS_AND_PROTOCOLS)
    void unsubscribingCommitsNothing(Client client, String protocol) {
        TopicPartition partition = new TopicPartition(written(1), 0);
        Told told = new Told();
        try (Consumer<byte[], byte[]> consumer = open(client, protocol, group(), "enable.auto.commit", "true")) {
            consumer.subscribe(List.of(partition.topic()), told);
            read(consumer, RECORDS);
            consumer.unsubscribe();
            assertThat(told.calls).containsExactly("assigned [0]", "revoked [0]");
            assertThat(consumer.committed(Set.of(partition)).get(partition)).isNull();
        }
    }

    @ParameterizedTest
    @MethodSource(Members.CLIENTS_AND_PROTOCOLS)
    void aTopicThatIsNoneFailsTheCommitInTime(Client client, String protocol) {
        String topic = written(1);
        TopicPartition none = new TopicPartition(OneBroker.unusedName(), 0);
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>(Map.of(none, new OffsetAndMetadata(1)));
        try (Consumer<byte[], byte[]> consumer =
                open(client, protocol, group(), "default.api.timeout.ms", 1000, "request.timeout.ms", 900)) {
            consumer.subscribe(List.of(topic));
            read(consumer, RECORDS);
            assertThatExceptionOfType(KafkaException.class)
                    .isThrownBy(() -> consumer.commitSync(offsets))
                    .satisfies(thrown -> assertThat(thrown.getClass().getSimpleName())
                            .isIn("TimeoutException", "UnknownTopicOrPartitionException"));
        }
    }
}

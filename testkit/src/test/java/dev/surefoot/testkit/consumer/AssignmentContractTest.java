package dev.surefoot.testkit.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.surefoot.testkit.Await;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Assignments, positions and pauses mean the same to both consumers. */
class AssignmentContractTest {
    private static final int RECORDS = 30;
    private static TopicPartition first;
    private static TopicPartition second;
    private static TopicPartition unassigned;

    @BeforeAll
    static void write() {
        String topic = OneBroker.topic(3);
        first = new TopicPartition(topic, 0);
        second = new TopicPartition(topic, 1);
        unassigned = new TopicPartition(topic, 2);
        Writing.numbers(OneBroker.cluster(), first, 0, RECORDS);
        Writing.numbers(OneBroker.cluster(), second, 0, RECORDS);
    }

    private static Consumer<byte[], byte[]> open(Client client) {
        return client.open(OneBroker.config());
    }

    @ParameterizedTest
    @EnumSource
    void anAssignmentWithoutATopicIsRefused(Client client) {
        try (Consumer<byte[], byte[]> consumer = open(client)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> consumer.assign(null))
                    .withMessage("Topic partition collection to assign to cannot be null");
            for (TopicPartition wrong : Arrays.asList(
                    null, new TopicPartition(null, 0), new TopicPartition("", 0), new TopicPartition("  ", 0))) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> consumer.assign(Arrays.asList(first, wrong)))
                        .withMessage("Topic partitions to assign to cannot have null or empty topic");
            }
            assertThat(consumer.assignment()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPollNeedsAnAssignment(Client client) {
        try (Consumer<byte[], byte[]> consumer = open(client)) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> consumer.poll(Duration.ZERO))
                    .withMessage("Consumer is not subscribed to any topics or assigned any partitions");
            consumer.assign(List.of(first));
            consumer.assign(List.of());
            assertThatIllegalStateException().isThrownBy(() -> consumer.poll(Duration.ZERO));
            consumer.assign(List.of(first));
            consumer.unsubscribe();
            assertThat(consumer.assignment()).isEmpty();
            assertThat(consumer.subscription()).isEmpty();
            assertThatIllegalStateException().isThrownBy(() -> consumer.poll(Duration.ZERO));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPollTakesNoNegativeTime(Client client) {
        try (Consumer<byte[], byte[]> consumer = open(client)) {
            consumer.assign(List.of(first));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> consumer.poll(Duration.ofMillis(-1)))
                    .withMessageContaining("negative");
        }
    }

    @ParameterizedTest
    @EnumSource
    @Timeout(60)
    void aPollOfNoTimeReturnsAtOnceAndStillMakesProgress(Client client) {
        try (Consumer<byte[], byte[]> consumer = open(client)) {
            consumer.assign(List.of(first));
            consumer.poll(Duration.ZERO);
            int[] count = {0};
            Await.until("records by polls of no time", Reading.PATIENCE, () -> {
                count[0] += consumer.poll(Duration.ZERO).count();
                return count[0] >= RECORDS;
            });
            assertThat(count[0]).isEqualTo(RECORDS);
        }
    }

    @ParameterizedTest
    @EnumSource
    void onlyAssignedPartitionsCanBeMoved(Client client) {
        try (Consumer<byte[], byte[]> consumer = open(client)) {
            consumer.assign(List.of(first));
            String message = "No current assignment for partition " + unassigned;
            assertThatIllegalStateException()
                    .isThrownBy(() -> consumer.seek(unassigned, 1))
                    .withMessage(message);
            assertThatIllegalStateException()
                    .isThrownBy(() -> consumer.seek(unassigned, new OffsetAndMetadata(1)))
                    .withMessage(message);
            assertThatIllegalStateException()
                    .isThrownBy(() -> consumer.seekToBeginning(List.of(unassigned)))
                    .withMessage(message);
            assertThatIllegalStateException()
                    .isThrownBy(() -> consumer.seekToEnd(List.of(unassigned)))
                    .withMessage(message);
            assertThatIllegalStateException()
                    .isThrownBy(() -> consumer.pause(List.of(unassigned)))
                    .withMessage(message);
            assertThatIllegalStateException()
                    .isThrownBy(() -> consumer.resume(List.of(unassigned)))
                    .withMessage(message);
            assertThatIllegalStateException()
                    .isThrownBy(() -> consumer.currentLag(unassigned))
                    .withMessage(message);
            assertThatIllegalStateException()
                    .isThrownBy(() -> consumer.position(unassigned))
                    .withMessage("You can only check the position for partitions assigned to this consumer.");
        }
    }

    @ParameterizedTest
    @EnumSource
    void anOffsetToSeekIsNotNegative(Client client) {
        try (Consumer<byte[], byte[]> consumer = open(client)) {
            consumer.assign(List.of(first));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> consumer.seek(first, -1))
                    .withMessage("seek offset must not be a negative number");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> consumer.seekToBeginning(null))
                    .withMessage("Partitions collection cannot be null");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> consumer.seekToEnd(null))
                    .withMessage("Partitions collection cannot be null");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSeekMovesThePositionAtOnceAndTheNextRecordsComeFromThere(Client client) {
        try (Consumer<byte[], byte[]> consumer = open(client)) {
            consumer.assign(List.of(first));
            consumer.seek(first, 20);
            assertThat(consumer.position(first)).isEqualTo(20);
            assertThat(Reading.take(consumer, 10).get(0).offset()).isEqualTo(20);
            assertThat(consumer.position(first)).isEqualTo(RECORDS);
            consumer.seek(first, new OffsetAndMetadata(25, Optional.of(0), "mine"));
            assertThat(consumer.position(first)).isEqualTo(25);
            assertThat(Reading.take(consumer, 5).get(0).offset()).isEqualTo(25);
            consumer.seek(first, new OffsetAndMetadata(3));
            consumer.seek(first, 28);
            assertThat(Reading.values(Reading.take(consumer, 2))).containsExactly("28", "29");
        }
    }

    @ParameterizedTest
    @EnumSource
    void seekingToTheEndsOfNothingMeansAllPartitions(Client client) {
        try (Consumer<byte[], byte[]> consumer = open(client)) {
            consumer.assign(List.of(first, second));
            consumer.seekToEnd(List.of());
            assertThat(consumer.position(first)).isEqualTo(RECORDS);
            assertThat(consumer.position(second)).isEqualTo(RECORDS);
            consumer.seekToBeginning(List.of());
            assertThat(consumer.position(second)).isZero();
            consumer.seekToEnd(List.of(second));
            assertThat(consumer.position(first)).isZero();
            assertThat(consumer.position(second)).isEqualTo(RECORDS);
            assertThat(Reading.take(consumer, RECORDS)).hasSize(RECORDS).allMatch(r -> r.partition() == 0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void pausedPartitionsDeliverNothingAndKeepTheirPosition(Client client) {
        try (Consumer<byte[], byte[]> consumer = client.open(OneBroker.config("max.poll.records", 5))) {
            consumer.assign(List.of(first, second));
            assertThat(consumer.paused()).isEmpty();
            Reading.take(consumer, 10);
            consumer.pause(List.of(first));
            consumer.pause(List.of(first));
            assertThat(consumer.paused()).containsExactly(first);
            long position = consumer.position(first);
            Reading.take(consumer, RECORDS - (int) consumer.position(second))
                    .forEach(record -> assertThat(record.partition()).isEqualTo(1));
            assertThat(consumer.poll(Duration.ofMillis(300))).isEmpty();
            assertThat(consumer.position(first)).isEqualTo(position);
            consumer.resume(Set.of(first, second));
            assertThat(consumer.paused()).isEmpty();
            if (position < RECORDS) {
                assertThat(Reading.take(consumer, RECORDS - (int) position)
                                .get(0)
                                .offset())
                        .isEqualTo(position);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void everythingPausedIsAnEmptyPollAndASeekWorksMeanwhile(Client client) {
        try (Consumer<byte[], byte[]> consumer = open(client)) {
            consumer.assign(List.of(first));
            consumer.pause(List.of(first));
            assertThat(consumer.poll(Duration.ofMillis(200))).isEmpty();
            consumer.seek(first, 27);
            assertThat(consumer.poll(Duration.ofMillis(200))).isEmpty();
            assertThat(consumer.position(first)).isEqualTo(27);
            consumer.resume(List.of(first));
            assertThat(Reading.values(Reading.take(consumer, 3))).containsExactly("27", "28", "29");
        }
    }

    @ParameterizedTest
    @EnumSource
    void assigningAgainKeepsPositionsAndPausesOfWhatStays(Client client) {
        try (Consumer<byte[], byte[]> consumer = open(client)) {
            consumer.assign(List.of(first));
            consumer.seek(first, 7);
            consumer.pause(List.of(first));
            consumer.assign(List.of(first, second));
            assertThat(consumer.position(first)).isEqualTo(7);
            assertThat(consumer.paused()).containsExactly(first);
            assertThat(Reading.take(consumer, RECORDS)).allMatch(record -> record.partition() == 1);
            consumer.assign(List.of(second));
            consumer.assign(List.of(second, first));
            assertThat(consumer.paused()).isEmpty();
            assertThat(consumer.position(first)).isZero();
            assertThat(consumer.position(second)).isEqualTo(RECORDS);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theAssignmentIsACopy(Client client) {
        try (Consumer<byte[], byte[]> consumer = open(client)) {
            consumer.assign(List.of(first));
            Set<TopicPartition> before = consumer.assignment();
            consumer.assign(List.of(second));
            assertThat(before).containsExactly(first);
            assertThat(consumer.assignment()).containsExactly(second);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theLagIsKnownOnceSomethingWasRead(Client client) {
        try (Consumer<byte[], byte[]> consumer = client.open(OneBroker.config("max.poll.records", 10))) {
            consumer.assign(List.of(first));
            Reading.take(consumer, 10);
            assertThat(consumer.currentLag(first).orElseThrow()).isEqualTo(RECORDS - consumer.position(first));
        }
    }
}

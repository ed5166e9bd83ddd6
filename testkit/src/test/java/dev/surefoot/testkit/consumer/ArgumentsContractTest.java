package dev.surefoot.testkit.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.surefoot.RecordVisitor;
import dev.surefoot.RecordVisitor.Result;
import dev.surefoot.SurefootConsumer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Arguments that cannot be, timeouts of zero, and what is answered without asking anyone. */
class ArgumentsContractTest {
    private static final Duration NEGATIVE = Duration.ofMillis(-1);
    private static TopicPartition partition;
    private static TopicPartition unassigned;

    @BeforeAll
    static void create() {
        String topic = OneBroker.topic(2);
        partition = new TopicPartition(topic, 0);
        unassigned = new TopicPartition(topic, 1);
    }

    private static Consumer<byte[], byte[]> assigned(Client client) {
        Consumer<byte[], byte[]> consumer = client.open(OneBroker.config());
        consumer.assign(List.of(partition));
        return consumer;
    }

    private static Consumer<byte[], byte[]> inGroup() {
        Consumer<byte[], byte[]> consumer =
                Client.SUREFOOT.open(OneBroker.config(ConsumerConfig.GROUP_ID_CONFIG, "arguments"));
        consumer.assign(List.of(partition));
        return consumer;
    }

    private static void assertStillReads(Consumer<byte[], byte[]> consumer) {
        assertThat(consumer.endOffsets(List.of(partition))).isEqualTo(Map.of(partition, 0L));
        assertThat(consumer.poll(Duration.ofMillis(10))).isEmpty();
    }

    /** Of these KafkaConsumer refuses some with a bare NullPointerException, or waits for them, or overlooks them. */
    private static List<Runnable> impossible(Consumer<byte[], byte[]> consumer) {
        List<TopicPartition> holed = Arrays.asList(partition, null);
        List<TopicPartition> nameless = List.of(new TopicPartition(null, 0));
        List<TopicPartition> below = List.of(new TopicPartition(partition.topic(), -1));
        Map<TopicPartition, Long> noTime = Collections.singletonMap(partition, null);
        Map<TopicPartition, Long> noPartition = Collections.singletonMap(null, 1L);
        List<Runnable> uses = new ArrayList<>(List.of(
                () -> consumer.partitionsFor(null),
                () -> consumer.partitionsFor(partition.topic(), null),
                () -> consumer.partitionsFor(partition.topic(), NEGATIVE),
                () -> consumer.listTopics(null),
                () -> consumer.listTopics(NEGATIVE),
                () -> consumer.position(partition, null),
                () -> consumer.position(partition, NEGATIVE),
                () -> consumer.poll((Duration) null),
                () -> consumer.poll(NEGATIVE),
                () -> consumer.offsetsForTimes(null),
                () -> consumer.offsetsForTimes(noTime),
                () -> consumer.offsetsForTimes(noPartition),
                () -> consumer.offsetsForTimes(Map.of(partition, -1L)),
                () -> consumer.offsetsForTimes(Map.of(nameless.get(0), 1L)),
                () -> consumer.offsetsForTimes(Map.of(partition, 1L), null),
                () -> consumer.offsetsForTimes(Map.of(partition, 1L), NEGATIVE),
                () -> consumer.offsetsForTimes(Map.of(), NEGATIVE)));
        for (List<TopicPartition> bad : Arrays.asList(null, holed, nameless, below)) {
            uses.add(() -> consumer.endOffsets(bad));
            uses.add(() -> consumer.beginningOffsets(bad));
        }
        for (Duration bad : Arrays.asList(null, NEGATIVE)) {
            uses.add(() -> consumer.endOffsets(List.of(partition), bad));
            uses.add(() -> consumer.beginningOffsets(List.of(partition), bad));
            uses.add(() -> consumer.endOffsets(List.of(), bad));
        }
        for (Map<TopicPartition, OffsetAndMetadata> bad : Arrays.<Map<TopicPartition, OffsetAndMetadata>>asList(
                null,
                Collections.singletonMap(partition, null),
                Collections.singletonMap(null, new OffsetAndMetadata(1)),
                Map.of(nameless.get(0), new OffsetAndMetadata(1)))) {
            uses.add(() -> consumer.commitSync(bad));
            uses.add(() -> consumer.commitSync(bad, Duration.ofSeconds(1)));
            uses.add(() -> consumer.commitAsync(bad, null));
        }
        uses.add(() -> consumer.committed(null));
        uses.add(() -> consumer.committed(new HashSet<>(holed)));
        uses.add(() -> consumer.pause(null));
        uses.add(() -> consumer.resume(null));
        uses.add(() -> consumer.seek(partition, (OffsetAndMetadata) null));
        uses.add(() -> consumer.close((CloseOptions) null));
        return uses;
    }

    @Test
    void whatCannotBeIsRefusedWithWords() {
        try (Consumer<byte[], byte[]> consumer = inGroup()) {
            for (Runnable use : impossible(consumer)) {
                Throwable thrown = catchThrowable(use::run);
                assertThat(thrown).isInstanceOf(IllegalArgumentException.class);
                assertThat(thrown.getMessage()).isNotBlank();
            }
            assertStillReads(consumer);
        }
    }

    @Test
    void aVisitorIsNotNull() {
        try (SurefootConsumer<byte[], byte[]> consumer =
                new SurefootConsumer<>(OneBroker.config(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> consumer.poll(Duration.ZERO, (RecordVisitor) null))
                    .withMessageContaining("visitor");
            assertThatIllegalArgumentException().isThrownBy(() -> consumer.poll(null, record -> Result.CONTINUE));
            assertThatIllegalArgumentException().isThrownBy(() -> consumer.poll(NEGATIVE, record -> Result.CONTINUE));
        }
    }

    @ParameterizedTest
    @EnumSource
    void bothRefuseTheseAlike(Client client) {
        try (Consumer<byte[], byte[]> consumer = assigned(client)) {
            List<Runnable> arguments = List.of(
                    () -> consumer.assign(null),
                    () -> consumer.assign(Arrays.asList(partition, null)),
                    () -> consumer.assign(List.of(new TopicPartition(" ", 0))),
                    () -> consumer.assign(List.of(new TopicPartition(null, 0))),
                    () -> consumer.seek(partition, -1),
                    () -> consumer.seekToEnd(null),
                    () -> consumer.seekToBeginning(null),
                    () -> consumer.position(partition, NEGATIVE),
                    () -> consumer.poll(NEGATIVE),
                    () -> consumer.offsetsForTimes(Map.of(partition, -1L)),
                    () -> consumer.close(CloseOptions.timeout(NEGATIVE)));
            arguments.forEach(use -> assertThatIllegalArgumentException().isThrownBy(use::run));
            for (TopicPartition nobodys : Arrays.asList(null, unassigned)) {
                List<TopicPartition> some = Arrays.asList(partition, nobodys);
                List<Runnable> states = List.of(
                        () -> consumer.seek(nobodys, 0),
                        () -> consumer.seek(nobodys, new OffsetAndMetadata(0)),
                        () -> consumer.seekToEnd(some),
                        () -> consumer.pause(some),
                        () -> consumer.resume(some),
                        () -> consumer.currentLag(nobodys),
                        () -> consumer.position(nobodys));
                states.forEach(use -> assertThatIllegalStateException().isThrownBy(use::run));
            }
            consumer.resume(List.of(partition));
            assertStillReads(consumer);
        }
    }

    @ParameterizedTest
    @EnumSource
    @SuppressWarnings("deprecation") // close(Duration) is deprecated and still there
    void aCloseWithoutATimeoutHasTheDefaultOne(Client client) {
        Consumer<byte[], byte[]> consumer = assigned(client);
        consumer.close((Duration) null);
        assertThatIllegalStateException().isThrownBy(consumer::assignment);
    }

    @ParameterizedTest
    @EnumSource
    void noTimeIsEnoughToFindNothing(Client client) {
        try (Consumer<byte[], byte[]> consumer = assigned(client)) {
            for (int i = 0; i < 2; i++) {
                assertThat(consumer.endOffsets(List.of(partition, unassigned), Duration.ZERO))
                        .isEmpty();
                assertThat(consumer.beginningOffsets(List.of(partition), Duration.ZERO))
                        .isEmpty();
                assertThat(consumer.offsetsForTimes(Map.of(partition, 0L, unassigned, 0L), Duration.ZERO))
                        .containsOnlyKeys(partition, unassigned)
                        .containsValue(null);
                assertThat(consumer.endOffsets(List.of(), Duration.ZERO)).isEmpty();
                assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> consumer.listTopics(Duration.ZERO));
                assertThatExceptionOfType(TimeoutException.class)
                        .isThrownBy(() -> consumer.partitionsFor(OneBroker.unusedName(), Duration.ZERO));
                consumer.poll(Duration.ofMillis(100));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPositionThatIsNotKnownTakesTime(Client client) {
        try (Consumer<byte[], byte[]> consumer = assigned(client)) {
            assertThatExceptionOfType(TimeoutException.class)
                    .isThrownBy(() -> consumer.position(partition, Duration.ZERO));
            assertThat(consumer.position(partition)).isZero();
            assertThat(consumer.position(partition, Duration.ZERO)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPendingWakeupIsKeptForWhatWaits(Client client) {
        try (Consumer<byte[], byte[]> consumer = assigned(client)) {
            consumer.seek(partition, 0);
            List<Runnable> local = List.of(
                    () -> consumer.position(partition),
                    () -> consumer.position(partition, Duration.ZERO),
                    () -> consumer.currentLag(partition),
                    consumer::assignment,
                    consumer::subscription,
                    consumer::paused,
                    () -> consumer.pause(List.of(partition)),
                    () -> consumer.resume(List.of(partition)),
                    () -> consumer.seek(partition, 0),
                    () -> consumer.seekToEnd(List.of(partition)),
                    () -> consumer.seek(partition, 0),
                    () -> consumer.endOffsets(List.of()),
                    () -> consumer.beginningOffsets(List.of()),
                    () -> consumer.offsetsForTimes(Map.of()),
                    () -> consumer.endOffsets(List.of(partition), Duration.ZERO),
                    () -> consumer.beginningOffsets(List.of(partition), Duration.ZERO),
                    () -> consumer.offsetsForTimes(Map.of(partition, 0L), Duration.ZERO),
                    consumer::metrics,
                    () -> consumer.assign(List.of(partition)));
            for (Runnable answer : local) {
                consumer.wakeup();
                answer.run();
                assertThatExceptionOfType(WakeupException.class).isThrownBy(() -> consumer.poll(Duration.ofSeconds(5)));
            }
            assertStillReads(consumer);
        }
    }

    @Test
    void aPendingWakeupEndsAQuestionThatWaits() {
        try (Consumer<byte[], byte[]> consumer = assigned(Client.SUREFOOT)) {
            consumer.wakeup();
            assertThatExceptionOfType(WakeupException.class).isThrownBy(() -> consumer.position(partition));
            consumer.wakeup();
            assertThatExceptionOfType(WakeupException.class).isThrownBy(() -> consumer.endOffsets(List.of(partition)));
            assertStillReads(consumer);
        }
    }
}

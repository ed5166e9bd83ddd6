package dev.surefoot.testkit.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.surefoot.testkit.Await;
import dev.surefoot.testkit.LoopbackPorts;
import dev.surefoot.testkit.cluster.KafkaCluster;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What no waiting can bring is thrown long before the time is up; what may still come ends with words
 * that say what is missing.
 */
class LastingErrorsContractTest {
    /** So long that a test which waits for it fails by its own time limit. */
    private static final Duration LONG = Duration.ofMinutes(10);

    private static final Duration SHORT = Duration.ofMillis(700);
    private static final TopicPartition OPEN = new TopicPartition("open", 0);
    private static final TopicPartition NO_PARTITION = new TopicPartition("open", 99);
    private static final TopicPartition NO_TOPIC = new TopicPartition("nowhere", 0);
    private static final TopicPartition SECRET = new TopicPartition("secret", 0);
    private static final TopicPartition BAD_NAME = new TopicPartition("bad name!", 0);
    private static KafkaCluster cluster;

    @BeforeAll
    static void denyOneTopic() throws Exception {
        cluster = KafkaCluster.builder().authorizing().start();
        cluster.createTopic("open", 3, 1);
        cluster.createTopic("secret", 1, 1);
        deny("secret");
    }

    private static AclBinding denial(String topic) {
        return new AclBinding(
                new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL),
                new AccessControlEntry("User:ANONYMOUS", "*", AclOperation.DESCRIBE, AclPermissionType.DENY));
    }

    private static void deny(String topic) throws Exception {
        cluster.admin().createAcls(List.of(denial(topic))).all().get();
        awaitDenied(topic, true);
    }

    private static void grant(String topic) throws Exception {
        cluster.admin().deleteAcls(List.of(denial(topic).toFilter())).all().get();
        awaitDenied(topic, false);
    }

    private static void awaitDenied(String topic, boolean denied) {
        try (Consumer<byte[], byte[]> consumer = open(Client.KAFKA)) {
            Await.until(
                    topic + (denied ? " is denied" : " is granted"),
                    Reading.PATIENCE,
                    () -> denied
                            == catchThrowable(() -> consumer.partitionsFor(topic))
                                    instanceof TopicAuthorizationException);
        }
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    private static Consumer<byte[], byte[]> open(Client client) {
        return client.open(cluster.consumerConfig());
    }

    private static List<Runnable> questionsAbout(Consumer<byte[], byte[]> consumer, TopicPartition partition) {
        return List.of(
                () -> consumer.endOffsets(List.of(OPEN, partition), LONG),
                () -> consumer.beginningOffsets(List.of(OPEN, partition), LONG),
                () -> consumer.offsetsForTimes(Map.of(OPEN, 0L, partition, 0L), LONG),
                () -> consumer.partitionsFor(partition.topic(), LONG));
    }

    @ParameterizedTest
    @EnumSource
    void aTopicWithAnInvalidNameIsRefusedAtOnce(Client client) {
        try (Consumer<byte[], byte[]> consumer = open(client)) {
            for (Runnable question : questionsAbout(consumer, BAD_NAME)) {
                assertThatExceptionOfType(InvalidTopicException.class)
                        .isThrownBy(question::run)
                        .withMessageContaining("bad name!");
            }
            consumer.assign(List.of(BAD_NAME));
            assertThatExceptionOfType(InvalidTopicException.class).isThrownBy(() -> consumer.position(BAD_NAME, LONG));
            assertThatExceptionOfType(InvalidTopicException.class).isThrownBy(() -> consumer.poll(LONG));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTopicThatMayNotBeDescribedIsRefusedAtOnce(Client client) {
        try (Consumer<byte[], byte[]> consumer = open(client)) {
            for (Runnable question : questionsAbout(consumer, SECRET)) {
                TopicAuthorizationException thrown = (TopicAuthorizationException) catchThrowable(question::run);
                assertThat(thrown.unauthorizedTopics()).containsExactly("secret");
            }
            consumer.assign(List.of(SECRET));
            assertThatExceptionOfType(TopicAuthorizationException.class)
                    .isThrownBy(() -> consumer.position(SECRET, LONG));
            assertThatExceptionOfType(TopicAuthorizationException.class).isThrownBy(() -> consumer.poll(LONG));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRefusalEndsWithTheReadingOfItsTopicAndWhenItIsGranted(Client client) throws Exception {
        String topic = "granted-to-" + client.name().toLowerCase(Locale.ROOT);
        cluster.createTopic(topic, 1, 1);
        deny(topic);
        TopicPartition partition = new TopicPartition(topic, 0);
        try (Consumer<byte[], byte[]> consumer = open(client);
                Consumer<byte[], byte[]> other = open(client)) {
            consumer.assign(List.of(partition));
            other.assign(List.of(partition));
            assertRefused(consumer);
            awaitNextRefusal(other);
            consumer.assign(List.of(OPEN));
            for (int i = 0; i < 5; i++) {
                assertThat(consumer.poll(Duration.ofMillis(50))).isEmpty();
            }

            consumer.assign(List.of(partition));
            assertRefused(consumer);
            awaitNextRefusal(other);
            grant(topic);
            consumer.assign(List.of(partition));
            assertThat(consumer.poll(Duration.ofMillis(50))).isEmpty();
            assertThat(consumer.position(partition, LONG)).isZero();
        }
    }

    /** Until a client that does not poll may have asked for the topic again as well. */
    private static void awaitNextRefusal(Consumer<byte[], byte[]> other) {
        for (int i = 0; i < 5; i++) {
            assertRefused(other);
        }
    }

    private static void assertRefused(Consumer<byte[], byte[]> consumer) {
        assertThatExceptionOfType(TopicAuthorizationException.class).isThrownBy(() -> consumer.poll(LONG));
    }

    @ParameterizedTest
    @EnumSource
    void aDeniedTopicDoesNotHideTheOthers(Client client) {
        try (Consumer<byte[], byte[]> consumer = open(client)) {
            assertThat(consumer.listTopics(LONG)).containsOnlyKeys("open");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRefusedQuestionDoesNotDisturbWhatIsRead(Client client) {
        try (Consumer<byte[], byte[]> consumer = open(client)) {
            consumer.assign(List.of(OPEN));
            assertThat(catchThrowable(() -> consumer.endOffsets(List.of(SECRET), LONG)))
                    .isInstanceOf(TopicAuthorizationException.class);
            for (int i = 0; i < 5; i++) {
                assertThat(consumer.poll(Duration.ofMillis(100))).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatMayStillComeIsWaitedFor(Client client) {
        try (Consumer<byte[], byte[]> consumer = open(client)) {
            for (TopicPartition missing : List.of(NO_PARTITION, NO_TOPIC)) {
                assertThatExceptionOfType(TimeoutException.class)
                        .isThrownBy(() -> consumer.endOffsets(List.of(missing), SHORT));
                consumer.assign(List.of(missing));
                assertThatExceptionOfType(TimeoutException.class)
                        .isThrownBy(() -> consumer.position(missing, SHORT))
                        .withMessageStartingWith("Timeout of 700ms expired before the position for partition " + missing
                                + " could be determined");
                consumer.unsubscribe();
            }
        }
    }

    @Test
    void aTimeOutNamesWhatIsMissingAndWhy() {
        try (Consumer<byte[], byte[]> consumer = open(Client.SUREFOOT)) {
            assertThatExceptionOfType(TimeoutException.class)
                    .isThrownBy(() -> consumer.endOffsets(List.of(OPEN, NO_PARTITION, NO_TOPIC), SHORT))
                    .withMessage("Timeout of 700ms expired before the end offsets could be determined: nowhere-0 (topic"
                            + " nowhere does not exist); open-99 (partition 99 does not exist: topic open"
                            + " has 3 partitions)");
            consumer.assign(List.of(NO_PARTITION));
            assertThatExceptionOfType(TimeoutException.class)
                    .isThrownBy(() -> consumer.position(NO_PARTITION, SHORT))
                    .withMessageEndingWith("(partition 99 does not exist: topic open has 3 partitions)");
        }
    }

    @Test
    void aTimeOutCarriesTheLastFailureOfAConnection() {
        String nobody = "127.0.0.1:" + LoopbackPorts.take();
        Map<String, Object> config = cluster.consumerConfig();
        config.put("bootstrap.servers", nobody);
        try (Consumer<byte[], byte[]> consumer = Client.SUREFOOT.open(config)) {
            consumer.assign(List.of(OPEN));
            List<Runnable> questions = List.of(
                    () -> consumer.endOffsets(List.of(OPEN), SHORT),
                    () -> consumer.partitionsFor("open", SHORT),
                    () -> consumer.listTopics(SHORT),
                    () -> consumer.position(OPEN, SHORT));
            for (Runnable question : questions) {
                Throwable thrown = catchThrowable(question::run);
                assertThat(thrown).isInstanceOf(TimeoutException.class).hasMessageContaining(nobody);
                assertThat(thrown.getCause()).hasMessageContaining(nobody);
            }
        }
    }
}

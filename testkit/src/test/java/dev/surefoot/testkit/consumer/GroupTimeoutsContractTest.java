package dev.surefoot.testkit.consumer;

import static dev.surefoot.testkit.consumer.Members.SHORT;
import static dev.surefoot.testkit.consumer.Members.group;
import static dev.surefoot.testkit.consumer.Members.pollUntilAssigned;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.surefoot.testkit.cluster.KafkaCluster;
import dev.surefoot.testkit.consumer.Members.Told;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Nothing waits for longer than it was told to for a coordinator that does not answer. */
@Timeout(60)
@Tag("soak")
class GroupTimeoutsContractTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private static KafkaCluster cluster;

    @BeforeAll
    static void start() {
        cluster = KafkaCluster.builder().gated().start();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @AfterEach
    void open() {
        cluster.gate(0).open();
    }

    private static Consumer<byte[], byte[]> open(Client client, String protocol, String group) {
        Map<String, Object> config = new HashMap<>(Members.config(protocol, group, "enable.auto.commit", "true"));
        config.put("bootstrap.servers", cluster.bootstrapServers());
        return client.open(config);
    }

    private static TopicPartition partition(String group) {
        cluster.createTopic(group, 1, 1);
        return new TopicPartition(group, 0);
    }

    @ParameterizedTest
    @MethodSource(Members.CLIENTS_AND_PROTOCOLS)
    void aMemberOfASilentCoordinator(Client client, String protocol) {
        String group = group() + client + protocol;
        TopicPartition partition = partition(group);
        Told told = new Told();
        Consumer<byte[], byte[]> consumer = open(client, protocol, group);
        consumer.subscribe(List.of(partition.topic()), told);
        pollUntilAssigned(consumer, 1);
        assertThat(consumer.position(partition)).isZero();
        cluster.gate(0).blackhole();
        assertThat(consumer.poll(SHORT)).isEmpty();
        assertThatExceptionOfType(TimeoutException.class)
                .isThrownBy(() -> consumer.commitSync(Map.of(partition, new OffsetAndMetadata(1)), SECOND));
        assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> consumer.commitSync(SECOND));
        assertThatExceptionOfType(TimeoutException.class)
                .isThrownBy(() -> consumer.committed(Set.of(partition), SECOND));
        consumer.close(CloseOptions.timeout(SECOND));
        assertThat(told.calls).containsExactly("assigned [0]", "revoked [0]");
    }

    @ParameterizedTest
    @MethodSource(Members.CLIENTS_AND_PROTOCOLS)
    void whoHasNeverReachedACoordinator(Client client, String protocol) {
        String group = group() + client + protocol;
        TopicPartition partition = new TopicPartition(group, 0);
        cluster.gate(0).blackhole();
        Told told = new Told();
        Consumer<byte[], byte[]> assigned = open(client, protocol, group);
        assigned.assign(List.of(partition));
        assertThatExceptionOfType(TimeoutException.class)
                .isThrownBy(() -> assigned.commitSync(Map.of(partition, new OffsetAndMetadata(1)), SECOND));
        assertThatExceptionOfType(TimeoutException.class)
                .isThrownBy(() -> assigned.committed(Set.of(partition), SECOND));
        assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> assigned.position(partition, SECOND));
        List<Exception> failures = new ArrayList<>();
        if (client == Client.SUREFOOT) { // KafkaConsumer fails to close in the consumer protocol
            assigned.commitAsync(
                    Map.of(partition, new OffsetAndMetadata(1)), (offsets, failure) -> failures.add(failure));
        }
        assigned.close(CloseOptions.timeout(SECOND));
        assertThat(failures)
                .hasOnlyElementsOfType(CommitFailedException.class)
                .hasSize(client == Client.SUREFOOT ? 1 : 0);
        Consumer<byte[], byte[]> consumer = open(client, protocol, group);
        consumer.subscribe(List.of(partition.topic()), told);
        assertThat(consumer.poll(SHORT)).isEmpty();
        assertThat(catchThrowable(() -> consumer.commitSync(Map.of(partition, new OffsetAndMetadata(1)), SECOND)))
                .isInstanceOfAny(TimeoutException.class, CommitFailedException.class);
        consumer.unsubscribe();
        consumer.subscribe(List.of(partition.topic()), told);
        consumer.close(CloseOptions.timeout(SECOND));
        assertThat(told.calls).isEmpty();
    }
}

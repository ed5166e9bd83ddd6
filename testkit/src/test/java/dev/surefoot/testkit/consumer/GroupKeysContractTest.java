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
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.surefoot.testkit.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnsupportedAssignorException;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Keys that only mean something to members of groups mean the same to both consumers. */
@Timeout(120)
class GroupKeysContractTest {

    private static KafkaException thrownByPoll(Consumer<?, ?> consumer) {
        List<KafkaException> thrown = new ArrayList<>();
        Await.until("an exception of poll", LONG, () -> {
            try {
                consumer.poll(SHORT);
            } catch (KafkaException e) {
                thrown.add(e);
            }
            return !thrown.isEmpty();
        });
        return thrown.get(0);
    }

    @ParameterizedTest
    @EnumSource
    void theCoordinatorAssignsByTheAssignorThatIsNamed(Client client) {
        String topic = written(2);
        try (Consumer<byte[], byte[]> consumer = open(client, "consumer", group(), "group.remote.assignor", "range")) {
            consumer.subscribe(List.of(topic));
            pollUntilAssigned(consumer, 2);
        }
        try (Consumer<byte[], byte[]> consumer =
                open(client, "consumer", group(), "group.remote.assignor", "no-such-assignor")) {
            consumer.subscribe(List.of(topic));
            assertThat(thrownByPoll(consumer))
                    .isInstanceOf(UnsupportedAssignorException.class)
                    .hasMessageStartingWith("ServerAssignor no-such-assignor is not supported. Supported assignors: ");
        }
    }

    @ParameterizedTest
    @MethodSource(Members.CLIENTS_AND_PROTOCOLS)
    void aPatternFindsInternalTopicsIfTheyAreNotExcluded(Client client, String protocol) {
        String topic = written(1);
        Pattern pattern = Pattern.compile(Pattern.quote(topic) + "|__consumer_offsets");
        try (Consumer<byte[], byte[]> consumer = open(client, protocol, group())) {
            consumer.subscribe(pattern);
            read(consumer, RECORDS);
            assertThat(consumer.subscription()).containsExactly(topic);
        }
        try (Consumer<byte[], byte[]> consumer = open(client, protocol, group(), "exclude.internal.topics", "false")) {
            consumer.subscribe(pattern);
            pollUntilAssigned(consumer, 5);
            assertThat(consumer.subscription()).containsExactlyInAnyOrder(topic, "__consumer_offsets");
        }
    }

    @ParameterizedTest
    @MethodSource(Members.CLIENTS_AND_PROTOCOLS)
    void withoutAResetAGroupThatHasCommittedNothingBeginsWhereTheApplicationSeeks(Client client, String protocol) {
        TopicPartition partition = new TopicPartition(written(1), 0);
        try (Consumer<byte[], byte[]> consumer = open(client, protocol, group(), "auto.offset.reset", "none")) {
            consumer.subscribe(List.of(partition.topic()));
            assertThat(thrownByPoll(consumer)).isInstanceOf(NoOffsetForPartitionException.class);
            assertThat(consumer.assignment()).containsExactly(partition);
            consumer.seek(partition, 7);
            // KafkaConsumer of the consumer protocol may throw once more, of a look-up that began before the seek.
            assumeFalse(client == Client.KAFKA && protocol.equals("consumer"));
            assertThat(read(consumer, RECORDS - 7).get(0)).isEqualTo("0:7");
        }
    }

    @ParameterizedTest
    @EnumSource
    void withoutAnAssignorNothingCanBeSubscribedTo(Client client) {
        try (Consumer<byte[], byte[]> consumer =
                open(client, "classic", group(), "partition.assignment.strategy", "")) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> consumer.subscribe(List.of("t")))
                    .withMessage("Must configure at least one partition assigner class name to"
                            + " partition.assignment.strategy configuration property");
        }
    }
}

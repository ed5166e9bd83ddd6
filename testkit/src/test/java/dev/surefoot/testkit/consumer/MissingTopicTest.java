package dev.surefoot.testkit.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.fixtures.LogLines;
import dev.surefoot.testkit.Await;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A topic or partition that does not exist gives no records, and one warning that says so. */
class MissingTopicTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static Consumer<byte[], byte[]> consumer() {
        return Client.SUREFOOT.open(
                OneBroker.config("allow.auto.create.topics", false, "surefoot.stall.patience.ms", 2_000));
    }

    private static Predicate<String> saying(TopicPartition partition, String words) {
        return line -> line.contains(partition.topic()) && line.contains(words);
    }

    private static void pollUntil(Consumer<byte[], byte[]> consumer, LogLines log, Predicate<String> line) {
        Await.until("the line", PATIENCE, () -> {
            consumer.poll(Reading.SHORT);
            return log.all().stream().anyMatch(line);
        });
    }

    @Test
    void aTopicThatDoesNotExistIsWarnedOfOnceAndReadWhenItDoes() {
        TopicPartition partition = new TopicPartition(OneBroker.unusedName(), 0);
        try (LogLines log = new LogLines();
                Consumer<byte[], byte[]> consumer = consumer()) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            pollUntil(consumer, log, saying(partition, "does not exist"));
            for (int i = 0; i < 20; i++) {
                consumer.poll(Reading.SHORT);
            }
            OneBroker.cluster().createTopic(partition.topic(), 1, 1);
            Writing.numbers(OneBroker.cluster(), partition, 0, 5);
            assertThat(Reading.take(consumer, 5)).hasSize(5);
            assertThat(log.warnings())
                    .filteredOn(line -> line.contains(partition.topic()))
                    .singleElement()
                    .asString()
                    .contains("TOPIC_MISSING", "does not exist");
        }
    }

    @Test
    void aTopicThatIsDeletedWhileItIsReadIsWarnedOf() {
        TopicPartition partition = new TopicPartition(OneBroker.topic(1), 0);
        Writing.numbers(OneBroker.cluster(), partition, 0, 5);
        try (LogLines log = new LogLines();
                Consumer<byte[], byte[]> consumer = consumer()) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            Reading.take(consumer, 5);
            OneBroker.cluster().deleteTopic(partition.topic());
            pollUntil(consumer, log, saying(partition, "TOPIC_DELETED"));
        }
    }

    @Test
    void aPartitionThatItsTopicDoesNotHaveIsWarnedOf() {
        TopicPartition partition = new TopicPartition(OneBroker.topic(1), 7);
        try (LogLines log = new LogLines();
                Consumer<byte[], byte[]> consumer = consumer()) {
            consumer.assign(List.of(partition));
            pollUntil(consumer, log, saying(partition, "PARTITION_MISSING"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void aSubscribedTopicThatDoesNotExistIsWarnedOfAndReadWhenItDoes(String protocol) {
        TopicPartition partition = new TopicPartition(OneBroker.unusedName(), 0);
        try (LogLines log = new LogLines();
                Consumer<byte[], byte[]> consumer = Client.SUREFOOT.open(OneBroker.config(
                        "allow.auto.create.topics",
                        false,
                        "group.id",
                        "group-of-" + partition.topic(),
                        "group.protocol",
                        protocol))) {
            consumer.subscribe(List.of(partition.topic()));
            pollUntil(consumer, log, saying(partition, "does not exist"));
            OneBroker.cluster().createTopic(partition.topic(), 1, 1);
            Writing.numbers(OneBroker.cluster(), partition, 0, 5);
            assertThat(Reading.take(consumer, 5)).hasSize(5);
            assertThat(log.warnings())
                    .filteredOn(saying(partition, "does not exist"))
                    .hasSize(1);
        }
    }
}

package dev.surefoot.testkit.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.SurefootConsumer;
import dev.surefoot.testkit.Await;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;

/**
 * The end of a partition is looked up when it is asked for, not with the next poll, so that no record after it is
 * missed.
 */
class EagerEndTest {
    private static SurefootConsumer<byte[], byte[]> open(String reset) {
        return new SurefootConsumer<>(
                OneBroker.config(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, reset),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    @Test
    void aRecordWrittenBetweenAnAssignmentAtTheEndAndTheFirstPollIsDelivered() {
        TopicPartition partition = withRecords();
        try (SurefootConsumer<byte[], byte[]> consumer = open("latest")) {
            consumer.assign(List.of(partition));
            writtenAfterTheEndIsKnown(consumer, partition);
        }
    }

    @Test
    void aRecordWrittenBetweenSeekToEndAndTheFirstPollIsDelivered() {
        TopicPartition partition = withRecords();
        try (SurefootConsumer<byte[], byte[]> consumer = open("none")) {
            consumer.assign(List.of(partition));
            consumer.seekToEnd(List.of(partition));
            writtenAfterTheEndIsKnown(consumer, partition);
        }
    }

    private static TopicPartition withRecords() {
        TopicPartition partition = new TopicPartition(OneBroker.topic(1), 0);
        Writing.numbers(OneBroker.cluster(), partition, 0, 3);
        return partition;
    }

    private static void writtenAfterTheEndIsKnown(SurefootConsumer<byte[], byte[]> consumer, TopicPartition partition) {
        Await.until(
                "a fetch without a poll",
                Reading.PATIENCE,
                () -> consumer.fetchReport().fullFetches() > 0);
        Writing.numbers(OneBroker.cluster(), partition, 3, 1);
        assertThat(Reading.values(Reading.take(consumer, 1))).containsExactly("3");
    }
}

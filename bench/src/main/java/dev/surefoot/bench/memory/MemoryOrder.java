package dev.surefoot.bench.memory;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;

/**
 * One trial of one application.
 *
 * @param records in the topic
 * @param bufferBytes {@code surefoot.buffer.bytes}
 * @param restMicros how many microseconds the application pauses after a poll while it is slow
 * @param mostSeconds when a slow application stops before the end of the topic
 */
record MemoryOrder(
        String bootstrapServers,
        String topic,
        int partitions,
        long records,
        Pace pace,
        long bufferBytes,
        long restMicros,
        int mostSeconds) {

    /** Returns the partitions of the topic. */
    List<TopicPartition> topicPartitions() {
        return IntStream.range(0, partitions)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
    }
}

package dev.surefoot.bench.latency;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;

/**
 * One round of one consumer at one rate.
 *
 * @param partitions of the topic; records go to them in turn
 * @param ratePerSecond records per second
 * @param seconds for how many seconds records are counted
 * @param valueBytes bytes of each value, {@link #LEAST_VALUE_BYTES} or more
 */
record LatencyOrder(
        String bootstrapServers,
        String topic,
        int partitions,
        ConsumerKind consumer,
        int ratePerSecond,
        int seconds,
        int valueBytes) {
    /** A value begins with the time at which its record was due. */
    static final int LEAST_VALUE_BYTES = Long.BYTES;

    /** Returns the partitions of the topic. */
    List<TopicPartition> topicPartitions() {
        return IntStream.range(0, partitions)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
    }
}

package dev.surefoot.bench.throughput;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;

/**
 * A topic that was written, described for a worker.
 *
 * @param records how many records a client must deliver
 * @param written how many records were written, those of aborted transactions included
 * @param headerBytes bytes of header values in the records to deliver
 */
record WrittenTopic(
        String bootstrapServers, String topic, Workload workload, long records, long written, long headerBytes) {

    /** Returns all partitions. */
    List<TopicPartition> partitions() {
        return IntStream.range(0, workload.partitions())
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
    }

    /** Returns the bytes of values and of header values that a client must deliver. */
    long bytes() {
        return workload.bytes() + headerBytes;
    }
}

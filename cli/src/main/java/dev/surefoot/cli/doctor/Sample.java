package dev.surefoot.cli.doctor;

import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/**
 * What one look at a group and its partitions has shown.
 *
 * @param atMs when it was taken, in milliseconds of a clock that never goes back; only differences mean something
 * @param group the group
 * @param partitions the partitions that the group has committed or owns, or those of the topic that was asked for
 * @param untold what was not told, so that partitions may be missing
 */
record Sample(long atMs, GroupView group, Map<TopicPartition, PartitionView> partitions, Optional<String> untold) {

    Sample {
        partitions = Map.copyOf(partitions);
    }
}

package dev.surefoot.cli.doctor;

import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;

/**
 * What is said about one partition.
 *
 * @param partition the partition
 * @param finding why it stands, or that it does not
 * @param view what the last look has shown
 * @param member the name of the member that has it; empty if none has
 * @param lag how many offsets the group is behind, if it is known
 * @param readPerSecond records a second that the group has read
 * @param writtenPerSecond offsets a second that producers have added
 * @param burrow what Burrow would say
 */
record PartitionReport(
        TopicPartition partition,
        Finding finding,
        PartitionView view,
        String member,
        OptionalLong lag,
        double readPerSecond,
        double writtenPerSecond,
        BurrowStatus burrow) {

    static PartitionReport of(PartitionCase partition, Finding finding) {
        return new PartitionReport(
                partition.partition(),
                finding,
                partition.now(),
                partition.owner().map(MemberView::name).orElse(""),
                partition.lag(),
                partition.readPerSecond(),
                partition.writtenPerSecond(),
                BurrowStatus.of(partition.burrowWindow()));
    }
}

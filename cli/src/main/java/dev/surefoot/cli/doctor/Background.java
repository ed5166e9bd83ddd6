package dev.surefoot.cli.doctor;

import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;

/**
 * What was asked once, and only of partitions for which it matters.
 *
 * @param topics settings, by topic
 * @param transactions the open transaction that holds back the last stable offset, by partition
 * @param offsetsTransactions the open transaction that a pending commit belongs to, by group
 * @param nextRecords what comes at the committed offset, by partition
 * @param nearRetention the partitions whose next record is older than four fifths of the retention time
 * @param firstLocal the first offset that is not only in remote storage, by partition
 * @param quotas the quotas for reading, in bytes a second, by client id
 * @param missing what this user may not see, or what did not answer
 */
record Background(
        Map<String, TopicSettings> topics,
        Map<TopicPartition, OpenTransaction> transactions,
        Map<String, OpenTransaction> offsetsTransactions,
        Map<TopicPartition, NextRecord> nextRecords,
        Set<TopicPartition> nearRetention,
        Map<TopicPartition, Long> firstLocal,
        Map<String, Double> quotas,
        SortedSet<String> missing) {

    /** Nothing was asked yet. */
    static final Background NOTHING =
            new Background(Map.of(), Map.of(), Map.of(), Map.of(), Set.of(), Map.of(), Map.of(), new TreeSet<>());
}

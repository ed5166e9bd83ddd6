package dev.surefoot.core.session;

import dev.surefoot.core.records.ScannedBatches;
import org.apache.kafka.common.TopicPartition;

/**
 * What an accepted answer says about one partition.
 *
 * @param target what the broker had been told when it answered; data counts only for a position at its fetch offset
 * @param batches what the headers of the records say
 */
public record PartitionReport(
        TopicPartition partition, FetchTarget target, PartitionAnswer answer, ScannedBatches batches) {}

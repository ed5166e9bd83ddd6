package dev.surefoot.core.session;

import dev.surefoot.core.records.ScannedBatches;
import org.apache.kafka.common.TopicPartition;

/**
 * One partition of an accepted answer.
 *
 * @param target the target by which the broker served the partition; the data may be used only for a position at its
 *     fetch offset
 * @param batches the scanned headers of the records
 */
public record PartitionReport(
        TopicPartition partition, FetchTarget target, PartitionAnswer answer, ScannedBatches batches) {}

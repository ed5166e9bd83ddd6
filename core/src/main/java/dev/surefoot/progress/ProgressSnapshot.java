package dev.surefoot.progress;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * The progress of a consumer and all of its partitions.
 *
 * @param asOf when the snapshot was taken, by the wall clock
 * @param consumer the cause that holds for the consumer as a whole
 * @param concerns what is not right though records go on being read
 * @param partitions the assigned partitions
 * @param summary counts over them
 */
public record ProgressSnapshot(
        Instant asOf,
        Diagnosis consumer,
        List<Diagnosis> concerns,
        Map<TopicPartition, PartitionProgress> partitions,
        Summary summary) {

    /**
     * Counts over the assigned partitions.
     *
     * @param assigned how many there are
     * @param fine how many of them are {@link Severity#FINE}
     * @param waiting how many are {@link Severity#WAITING}
     * @param stalled how many are {@link Severity#STALLED}
     * @param failed how many are {@link Severity#FAILED}
     * @param lag the sum of the lags that are known, in offsets
     */
    public record Summary(int assigned, int fine, int waiting, int stalled, int failed, long lag) {}
}

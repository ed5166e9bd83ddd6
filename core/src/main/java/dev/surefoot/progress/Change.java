package dev.surefoot.progress;

import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/**
 * A partition has another cause than before.
 *
 * @param partition the partition
 * @param from the cause before; empty for the first one since the assignment
 * @param lasted how long that cause held; zero if there was none
 * @param to the cause now
 */
public record Change(TopicPartition partition, Optional<StallCause> from, Duration lasted, Diagnosis to) {}

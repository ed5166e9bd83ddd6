package dev.surefoot.core.engine;

import java.util.List;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * A part of a question that has no answer yet, and why as far as that is known.
 *
 * @param partitions the partitions without an answer, in the order of their names; empty if the
 *     question is not about any
 * @param why a sentence without its full stop, fit for an exception's message
 * @param cause the last failure that kept the answer away, or null if none has
 */
public record Unanswered(
        List<TopicPartition> partitions,
        String why,
        @Nullable KafkaException cause) {}

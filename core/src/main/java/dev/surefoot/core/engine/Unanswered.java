package dev.surefoot.core.engine;

import java.util.List;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * A part of a question that has no answer yet, with the reason.
 *
 * @param partitions the partitions without an answer, in the order of their names; empty if the question is not about
 *     any
 * @param why the reason as a sentence without its full stop, for an exception's message
 * @param cause the failure that caused this, or null if there is none
 */
public record Unanswered(
        List<TopicPartition> partitions,
        String why,
        @Nullable KafkaException cause) {}

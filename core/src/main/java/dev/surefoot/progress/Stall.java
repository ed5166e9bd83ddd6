package dev.surefoot.progress;

import java.util.List;
import org.apache.kafka.common.TopicPartition;

/**
 * A stall: all partitions that stand still by one cause in one {@link Scope}, or a consumer that has no partitions for
 * that cause.
 *
 * @param episode its number in this consumer, from 1; a stall that begins again within a minute of its end keeps its
 *     number
 * @param why its cause; {@link Diagnosis#since()} is when the partitions began to stand still
 * @param partitions how many partitions stand still; 0 if the consumer has none
 * @param examples three of them at most
 * @param flaps how often it has begun again
 */
public record Stall(long episode, Diagnosis why, int partitions, List<TopicPartition> examples, int flaps) {
    /** Copies the list. */
    public Stall {
        examples = List.copyOf(examples);
    }
}

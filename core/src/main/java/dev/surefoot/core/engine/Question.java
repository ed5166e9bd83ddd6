package dev.surefoot.core.engine;

import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** A question of the application about the cluster. An {@link EngineEvent} with the same id answers it. Immutable. */
public sealed interface Question {
    /** Handles questions, with one method for each kind. */
    interface Visitor<T> {
        T topics(Topics question);

        T offsets(Offsets question);

        T position(Position question);
    }

    /** Calls the method of {@code visitor} for this kind, and returns its result. */
    <T> T accept(Visitor<T> visitor);

    /** The id that the events about this question carry. */
    long id();

    /**
     * Asks for the partitions of topics.
     *
     * @param topics the topics, or null for all
     */
    record Topics(long id, @Nullable Set<String> topics, boolean allowAutoTopicCreation) implements Question {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.topics(this);
        }
    }

    /**
     * Asks for offsets by timestamp.
     *
     * @param timestamps the timestamp of each partition, in milliseconds since the epoch, or a constant of {@link
     *     dev.surefoot.core.position.ListOffsetsQuery}
     */
    record Offsets(long id, Map<TopicPartition, Long> timestamps) implements Question {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.offsets(this);
        }
    }

    /**
     * Asks why an assigned partition has no position. It gets reasons, but no answer: the position arrives as a
     * delivery, and the application then cancels the question.
     */
    record Position(long id, TopicPartition partition) implements Question {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.position(this);
        }
    }
}

package dev.surefoot.core.engine;

import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Something the application wants to know of the cluster, answered by an {@link EngineEvent} with the same id. */
public sealed interface Question {
    /** Decides between the kinds of question; a method for each. */
    interface Visitor<T> {
        T topics(Topics question);

        T offsets(Offsets question);

        T position(Position question);
    }

    <T> T accept(Visitor<T> visitor);

    long id();

    /**
     * Which partitions topics have.
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
     * Offsets by timestamp.
     *
     * @param timestamps for each partition, milliseconds since the epoch or one of the constants of
     *     {@link dev.surefoot.core.position.ListOffsetsQuery}
     */
    record Offsets(long id, Map<TopicPartition, Long> timestamps) implements Question {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.offsets(this);
        }
    }

    /**
     * What keeps an assigned partition from having a position. It has no answer of its own: the position comes as a
     * delivery, and the application cancels the question then.
     */
    record Position(long id, TopicPartition partition) implements Question {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.position(this);
        }
    }
}

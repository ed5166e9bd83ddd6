package dev.surefoot.core.engine;

import dev.surefoot.core.position.ListOffsetsAnswer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** A question that the application waits for, and what has come of it so far. Owned by the loop's thread. */
final class OpenQuestion {
    final Question question;
    /** The partitions whose offsets are still to be found, each with the timestamp to look for. */
    final Map<TopicPartition, Long> remaining = new HashMap<>();

    final Map<TopicPartition, ListOffsetsAnswer.PartitionOffset> found = new HashMap<>();
    /** Partitions of which a request is under way. */
    final Set<TopicPartition> asked = new HashSet<>();
    /** The last error of each partition that its leader has answered with. */
    final Map<TopicPartition, KafkaException> errors = new HashMap<>();
    /** The last error of a question that is not about partitions. */
    @Nullable KafkaException error;

    /** What the application was last told of. */
    List<Unanswered> explained = List.of();

    boolean topicsAsked;
    int failures;
    long notBefore;

    OpenQuestion(Question question) {
        this.question = question;
        if (question instanceof Question.Offsets offsets) {
            remaining.putAll(offsets.timestamps());
        }
    }

    /** The question, which is about topics. */
    Question.Topics topics() {
        return (Question.Topics) question;
    }

    /** The partitions without an answer. */
    Set<TopicPartition> unanswered() {
        return question instanceof Question.Position position ? Set.of(position.partition()) : remaining.keySet();
    }
}

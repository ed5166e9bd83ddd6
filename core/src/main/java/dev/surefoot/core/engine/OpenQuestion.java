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

/** A question that has no complete answer yet, and its partial answers and errors. Owned by the loop's thread. */
final class OpenQuestion {
    final Question question;
    /** The partitions without an offset yet, each with the timestamp to look up. */
    final Map<TopicPartition, Long> remaining = new HashMap<>();

    final Map<TopicPartition, ListOffsetsAnswer.PartitionOffset> found = new HashMap<>();
    /** The partitions with a request under way. */
    final Set<TopicPartition> asked = new HashSet<>();
    /** The last error in a leader's answer for each partition. */
    final Map<TopicPartition, KafkaException> errors = new HashMap<>();
    /** The last error of a question that is not about partitions. */
    @Nullable KafkaException error;

    /** The reasons that were last reported to the application. */
    List<Unanswered> explained = List.of();

    boolean topicsAsked;
    int failures;
    long retryAtNanos;

    OpenQuestion(Question question) {
        this.question = question;
        if (question instanceof Question.Offsets offsets) {
            remaining.putAll(offsets.timestamps());
        }
    }

    /** The question, which must be about topics. */
    Question.Topics topics() {
        return (Question.Topics) question;
    }

    /** The partitions without an answer. */
    Set<TopicPartition> unanswered() {
        return question instanceof Question.Position position ? Set.of(position.partition()) : remaining.keySet();
    }
}

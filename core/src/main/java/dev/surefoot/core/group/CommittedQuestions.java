package dev.surefoot.core.group;

import dev.surefoot.core.group.OffsetFetch.Found;
import dev.surefoot.core.time.Backoff;
import dev.surefoot.core.time.Deadline;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The application's questions about committed offsets that have no answer yet. Each is one request, repeated as a whole
 * until it is answered, fails with a lasting error, or is cancelled; the application's timeout is not known here. Owned
 * by the loop's thread.
 */
final class CommittedQuestions {
    /** A question without an answer. */
    static final class Question {
        private final long id;
        private final Set<TopicPartition> partitions;
        /** The failure of the look-up for the coordinator that was known when the question came. */
        private final @Nullable KafkaException oldLookupFailure;

        private boolean asked;
        private int failures;
        private long retryAtNanos;

        Question(long id, Set<TopicPartition> partitions, @Nullable KafkaException oldLookupFailure) {
            this.id = id;
            this.partitions = Set.copyOf(partitions);
            this.oldLookupFailure = oldLookupFailure;
        }

        Set<TopicPartition> partitions() {
            return partitions;
        }
    }

    private final Coordinator coordinator;
    private final Backoff backoff;
    private final CommittedOffsets.Answers answers;
    private final Map<Long, Question> open = new LinkedHashMap<>();

    CommittedQuestions(Coordinator coordinator, Backoff backoff, CommittedOffsets.Answers answers) {
        this.coordinator = coordinator;
        this.backoff = backoff;
        this.answers = answers;
    }

    void ask(long id, Set<TopicPartition> partitions) {
        if (partitions.isEmpty()) {
            answers.found(id, Map.of());
        } else {
            open.put(id, new Question(id, partitions, coordinator.failure()));
        }
    }

    void cancel(long id) {
        open.remove(id);
    }

    /** Ends the questions for which the coordinator was looked for in vain. */
    void endUnattainable() {
        KafkaException failure = coordinator.failure();
        if (failure != null) {
            fail(
                    open.values().stream()
                            .filter(question -> question.oldLookupFailure != failure)
                            .toList(),
                    failure);
        }
    }

    List<Question> due(long nowNanos) {
        return open.values().stream()
                .filter(question -> !question.asked && question.retryAtNanos <= nowNanos)
                .toList();
    }

    void asked(Question question) {
        question.asked = true;
    }

    /** Takes over an answer; returns whether another coordinator has to be looked for. */
    boolean answered(Question question, OffsetFetchAnswer answer, long nowNanos) {
        Map<TopicPartition, OffsetAndMetadata> found = new HashMap<>();
        KafkaException passing = null;
        boolean elsewhere = false;
        for (TopicPartition partition : question.partitions) {
            Found said = answer.about(partition);
            switch (OffsetFetchReaction.to(said.error())) {
                case FOUND -> {
                    if (said.offset() >= 0) {
                        found.put(partition, committed(said));
                    }
                }
                case RAISE -> {
                    fail(List.of(question), answer.exception(partition));
                    return false;
                }
                case FIND_COORDINATOR -> {
                    elsewhere = true;
                    passing = answer.exception(partition);
                }
                case UNSTABLE, UNKNOWN_TOPIC, BACK_OFF, OTHER_IDENTITY -> passing = answer.exception(partition);
            }
        }
        if (passing != null) {
            failed(question, passing, nowNanos);
        } else if (open.remove(question.id, question)) {
            answers.found(question.id, found);
        }
        return elsewhere;
    }

    private static OffsetAndMetadata committed(Found said) {
        String metadata = said.metadata();
        return new OffsetAndMetadata(
                said.offset(),
                said.leaderEpoch() < 0 ? Optional.empty() : Optional.of(said.leaderEpoch()),
                metadata == null ? "" : metadata);
    }

    /** Handles a failure that may pass: the question is asked again after a back-off. */
    void failed(Question question, KafkaException cause, long nowNanos) {
        question.asked = false;
        question.retryAtNanos = nowNanos + backoff.delayNanos(++question.failures);
        if (open.get(question.id) == question) {
            answers.delayed(question.id, cause);
        }
    }

    /** Ends questions for which a retry cannot help. */
    void fail(Collection<Question> failed, KafkaException cause) {
        for (Question question : failed) {
            if (open.remove(question.id, question)) {
                answers.failed(question.id, cause);
            }
        }
    }

    /** The next end of a back-off, in nanoseconds of the loop's clock, or {@link Deadline#NEVER}. */
    long nextDueNanos(long nowNanos) {
        long next = Deadline.NEVER;
        for (Question question : open.values()) {
            if (question.retryAtNanos > nowNanos) {
                next = Math.min(next, question.retryAtNanos);
            }
        }
        return next;
    }
}

package dev.surefoot.core.engine;

import dev.surefoot.core.cluster.Cluster;
import dev.surefoot.core.cluster.MetadataAnswer;
import dev.surefoot.core.cluster.MetadataAnswer.TopicMetadata;
import dev.surefoot.core.cluster.PartitionLeader;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.error.BrokerQuestion;
import dev.surefoot.core.error.ErrorMeaning;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the last failure of each broker, topic and position until the next success. It decides nothing. A timeout
 * exception gets its reasons from here. Owned by the loop's thread.
 */
final class Obstacles {
    private static final Comparator<TopicPartition> BY_NAME =
            Comparator.comparing(TopicPartition::topic).thenComparing(TopicPartition::partition);

    /** The partitions that a group's coordinator gives positions to, as it has committed offsets. */
    interface Placing {
        /** Whether the partition waits for its committed offset. */
        boolean isAwaited(TopicPartition partition);

        /** The coordinator that is asked, or null while none is known. */
        @Nullable Node coordinator();
    }

    /** A reason in words, and the failure that caused it, if any. */
    private record Reason(String why, @Nullable KafkaException cause) {}

    private final Cluster cluster;
    private final Map<Integer, KafkaException> brokerFailures = new HashMap<>();
    private final Map<String, Reason> topicErrors = new HashMap<>();
    private final Map<TopicPartition, KafkaException> positionErrors = new HashMap<>();
    private @Nullable KafkaException metadataFailure;
    private @Nullable Placing placing;
    private boolean news;

    Obstacles(Cluster cluster) {
        this.cluster = cluster;
    }

    /** Sets who gives positions to partitions that are assigned without one. */
    void placedBy(Placing group) {
        placing = group;
    }

    /** Records that a request to this broker, or an attempt to connect to it, has failed. */
    void brokerFailed(int nodeId, KafkaException cause) {
        news |= !cause.equals(brokerFailures.put(nodeId, cause));
    }

    /** Removes the failure of this broker, which has answered. */
    void brokerAnswered(int nodeId) {
        news |= brokerFailures.remove(nodeId) != null;
    }

    /** Records that a request for metadata failed, or that no broker could be asked. */
    void metadataFailed(KafkaException cause) {
        news |= !cause.equals(metadataFailure);
        metadataFailure = cause;
    }

    /**
     * Records the errors of topics in an answer.
     *
     * @param topics the topics that are assigned or asked for
     */
    void metadataAnswered(MetadataAnswer answer, Set<String> topics) {
        metadataFailure = null;
        news = true;
        topicErrors.keySet().retainAll(topics);
        for (TopicMetadata topic : answer.topics()) {
            ErrorMeaning meaning = BrokerQuestion.LEADERS.meaningOf(topic.error());
            if (meaning == ErrorMeaning.ANSWER) {
                topicErrors.remove(topic.name());
            } else {
                topicErrors.put(topic.name(), reason(topic));
            }
        }
    }

    private static Reason reason(TopicMetadata topic) {
        KafkaException cause = topic.error().exception("Asking for topic '" + topic.name() + "'", topic.errorCode());
        return topic.error() == BrokerError.UNKNOWN_TOPIC_OR_PARTITION
                ? new Reason("topic " + topic.name() + " does not exist", cause)
                : new Reason(
                        "brokers answer " + topic.error().describe(topic.errorCode()) + " for topic " + topic.name(),
                        cause);
    }

    /** Records the error of a leader in answer to a look-up of the partition's position. */
    void positionFailed(TopicPartition partition, KafkaException cause) {
        positionErrors.put(partition, cause);
        news = true;
    }

    /** Removes the error of the partition's look-up, which is not valid for its new state. */
    void positionMoved(TopicPartition partition) {
        positionErrors.remove(partition);
    }

    /** Removes the errors of positions of partitions that are not assigned any more. */
    void assigned(Set<TopicPartition> partitions) {
        positionErrors.keySet().retainAll(partitions);
    }

    /** Marks the reasons as changed. */
    void changed() {
        news = true;
    }

    /** Returns whether a reason may have changed since the last call, and clears that mark. */
    boolean takeNews() {
        boolean any = news;
        news = false;
        return any;
    }

    /** Why a question has no answer yet; empty if it is not about partitions and no reason is known. */
    List<Unanswered> of(OpenQuestion open) {
        return open.question.accept(new Question.Visitor<>() {
            @Override
            public List<Unanswered> topics(Question.Topics question) {
                KafkaException cause = open.error != null ? open.error : metadataFailure;
                return cause == null ? List.of() : List.of(new Unanswered(List.of(), message(cause), cause));
            }

            @Override
            public List<Unanswered> offsets(Question.Offsets question) {
                return group(open.unanswered(), open.errors);
            }

            @Override
            public List<Unanswered> position(Question.Position question) {
                return group(open.unanswered(), positionErrors);
            }
        });
    }

    private List<Unanswered> group(Collection<TopicPartition> partitions, Map<TopicPartition, KafkaException> errors) {
        Map<Reason, List<TopicPartition>> groups = new LinkedHashMap<>();
        partitions.stream()
                .sorted(BY_NAME)
                .forEach(partition -> groups.computeIfAbsent(
                                reason(partition, errors.get(partition)), reason -> new ArrayList<>())
                        .add(partition));
        List<Unanswered> unanswered = new ArrayList<>();
        groups.forEach((reason, members) ->
                unanswered.add(new Unanswered(List.copyOf(members), reason.why(), reason.cause())));
        return unanswered;
    }

    private Reason reason(TopicPartition partition, @Nullable KafkaException error) {
        Placing group = placing;
        return group != null && group.isAwaited(partition)
                ? reasonOf(group.coordinator(), error)
                : reasonOfLeader(partition, error);
    }

    /** Why a committed offset is not known; the leader of the partition is not asked for it. */
    private Reason reasonOf(@Nullable Node coordinator, @Nullable KafkaException error) {
        if (error != null) {
            return new Reason(message(error), error);
        }
        if (coordinator == null) {
            KafkaException cause = metadataFailure;
            return new Reason("the group's coordinator is not known", cause);
        }
        KafkaException failure = brokerFailures.get(coordinator.id());
        return failure == null
                ? new Reason(
                        "broker " + coordinator.id()
                                + ", the group's coordinator, has not told its committed offset yet",
                        null)
                : new Reason(message(failure), failure);
    }

    private Reason reasonOfLeader(TopicPartition partition, @Nullable KafkaException error) {
        Reason ofTopic = topicErrors.get(partition.topic());
        if (ofTopic != null) {
            return ofTopic;
        }
        int count = cluster.partitionCount(partition.topic());
        if (count == 0) {
            KafkaException cause = metadataFailure;
            return cause == null ? noBrokerHasAnswered() : new Reason(message(cause), cause);
        }
        if (partition.partition() >= count) {
            return new Reason(
                    "partition " + partition.partition() + " does not exist: topic " + partition.topic() + " has "
                            + count + (count == 1 ? " partition" : " partitions"),
                    null);
        }
        PartitionLeader leader = cluster.leader(partition);
        if (!leader.isKnown()) {
            return new Reason("it has no leader", metadataFailure);
        }
        KafkaException failure = brokerFailures.get(leader.leaderId());
        if (failure != null) {
            return new Reason(message(failure), failure);
        }
        return error == null
                ? new Reason("broker " + leader.leaderId() + ", its leader, has not answered yet", null)
                : new Reason(message(error), error);
    }

    private static Reason noBrokerHasAnswered() {
        return new Reason("no broker has answered yet", null);
    }

    private static String message(KafkaException cause) {
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }
}

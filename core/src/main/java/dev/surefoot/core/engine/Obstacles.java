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
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What keeps answers away: the last words of brokers and connections since they last were of use. It decides nothing;
 * it is there for the message of an exception when the application's time is up. Owned by the loop's thread.
 */
final class Obstacles {
    private static final Comparator<TopicPartition> BY_NAME =
            Comparator.comparing(TopicPartition::topic).thenComparing(TopicPartition::partition);

    /** A reason, and the failure behind it if there is one. */
    private record Reason(String why, @Nullable KafkaException cause) {}

    private final Cluster cluster;
    private final Map<Integer, KafkaException> brokerFailures = new HashMap<>();
    private final Map<String, Reason> topicErrors = new HashMap<>();
    private final Map<TopicPartition, KafkaException> positionErrors = new HashMap<>();
    private @Nullable KafkaException metadataFailure;
    private boolean news;

    Obstacles(Cluster cluster) {
        this.cluster = cluster;
    }

    /** A request to this broker, or an attempt to connect to it, has failed. */
    void brokerFailed(int nodeId, KafkaException cause) {
        news |= !cause.equals(brokerFailures.put(nodeId, cause));
    }

    void brokerAnswered(int nodeId) {
        news |= brokerFailures.remove(nodeId) != null;
    }

    /** Metadata could not be had from any broker. */
    void metadataFailed(KafkaException cause) {
        news |= !cause.equals(metadataFailure);
        metadataFailure = cause;
    }

    /** @param topics the topics that are still of interest */
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

    /** A leader has answered with an error to a question about a partition's position. */
    void positionFailed(TopicPartition partition, KafkaException cause) {
        positionErrors.put(partition, cause);
        news = true;
    }

    /** The partition's position is looked for elsewhere, or no more. */
    void positionMoved(TopicPartition partition) {
        positionErrors.remove(partition);
    }

    void assigned(Set<TopicPartition> partitions) {
        positionErrors.keySet().retainAll(partitions);
    }

    /** Has the reasons looked at again. */
    void changed() {
        news = true;
    }

    /** Whether anything has changed since the last call. */
    boolean takeNews() {
        boolean any = news;
        news = false;
        return any;
    }

    /** Why a question has no answer yet; empty if nothing is known and it is not about partitions. */
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
        Reason ofTopic = topicErrors.get(partition.topic());
        if (ofTopic != null) {
            return ofTopic;
        }
        int count = cluster.partitionCount(partition.topic());
        if (count == 0) {
            KafkaException cause = metadataFailure;
            return cause == null ? nobodyHasAnswered() : new Reason(message(cause), cause);
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

    private static Reason nobodyHasAnswered() {
        return new Reason("no broker has answered yet", null);
    }

    private static String message(KafkaException cause) {
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }
}

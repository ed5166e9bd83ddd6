package dev.surefoot.core.engine;

import dev.surefoot.core.cluster.MetadataAnswer;
import dev.surefoot.core.handover.Delivery;
import dev.surefoot.core.position.ListOffsetsAnswer;
import dev.surefoot.core.session.Verdict;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;

/** What the engine has to say after an input; to be taken in order. */
public sealed interface EngineEvent {

    /** Takes the events; a method for each kind. */
    interface Visitor<T> {
        T delivered(Delivered event);

        T brokersChanged(BrokersChanged event);

        T clusterIdentified(ClusterIdentified event);

        T topicsFound(TopicsFound event);

        T offsetsFound(OffsetsFound event);

        T questionFailed(QuestionFailed event);

        T questionDelayed(QuestionDelayed event);

        T raised(Raised event);

        T sessionDisturbed(SessionDisturbed event);

        T readReplicaChanged(ReadReplicaChanged event);

        T fetchFailed(FetchFailed event);

        T positionLost(PositionLost event);
    }

    <T> T accept(Visitor<T> visitor);

    /** Something for the application's side of a partition. */
    record Delivered(Delivery delivery) implements EngineEvent {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.delivered(this);
        }
    }

    /** The brokers and their addresses are now these. */
    record BrokersChanged(List<Node> brokers) implements EngineEvent {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.brokersChanged(this);
        }
    }

    /** A broker has said which cluster this is, for the first time or another than before. */
    record ClusterIdentified(String clusterId) implements EngineEvent {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.clusterIdentified(this);
        }
    }

    /** The answer to a {@link Question.Topics}. */
    record TopicsFound(long questionId, MetadataAnswer answer) implements EngineEvent {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.topicsFound(this);
        }
    }

    /** The answer to a {@link Question.Offsets}, complete. */
    record OffsetsFound(long questionId, Map<TopicPartition, ListOffsetsAnswer.PartitionOffset> offsets)
            implements EngineEvent {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.offsetsFound(this);
        }
    }

    /** A question that no retry can answer. */
    record QuestionFailed(long questionId, KafkaException cause) implements EngineEvent {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.questionFailed(this);
        }
    }

    /** What keeps the answer to a question away is now this. */
    record QuestionDelayed(long questionId, List<Unanswered> unanswered) implements EngineEvent {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.questionDelayed(this);
        }
    }

    /** An error that is not one partition's; the application's next poll throws it. */
    record Raised(KafkaException cause) implements EngineEvent {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.raised(this);
        }
    }

    /** What a session made of an answer, other than that all was in order. */
    record SessionDisturbed(int nodeId, Verdict verdict) implements EngineEvent {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.sessionDisturbed(this);
        }
    }

    /**
     * The partition is to be read from this replica instead of its leader (KIP-392), or from the leader again if -1.
     */
    record ReadReplicaChanged(TopicPartition partition, int replica) implements EngineEvent {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.readReplicaChanged(this);
        }
    }

    /**
     * A broker answered the fetch of a partition with an error that may pass; the fetch is made again.
     *
     * @param failures how many requests for the partition have failed in a row, this one included
     */
    record FetchFailed(TopicPartition partition, KafkaException cause, int failures) implements EngineEvent {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.fetchFailed(this);
        }
    }

    /** A position was given up by a broker's word, which may skip or repeat records. */
    record PositionLost(TopicPartition partition, String what) implements EngineEvent {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.positionLost(this);
        }
    }
}

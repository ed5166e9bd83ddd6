package dev.surefoot.core.engine;

import dev.surefoot.core.cluster.MetadataAnswer;
import dev.surefoot.core.cluster.TopicAbsence;
import dev.surefoot.core.group.GroupEvent;
import dev.surefoot.core.handover.Delivery;
import dev.surefoot.core.handover.GroupNotice;
import dev.surefoot.core.position.ListOffsetsAnswer;
import dev.surefoot.core.position.PartitionFault;
import dev.surefoot.core.session.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** An output of the engine for the loop, which takes events in order. Immutable. */
public sealed interface EngineEvent {

    /** Handles events, with one method for each kind. */
    interface Visitor<T> {
        T delivered(Delivered event);

        T brokersChanged(BrokersChanged event);

        T clusterIdentified(ClusterIdentified event);

        T topicsFound(TopicsFound event);

        T offsetsFound(OffsetsFound event);

        T questionFailed(QuestionFailed event);

        T questionDelayed(QuestionDelayed event);

        T raised(Raised event);

        T topicsRefused(TopicsRefused event);

        T sessionDisturbed(SessionDisturbed event);

        T readReplicaChanged(ReadReplicaChanged event);

        T fetchFailed(FetchFailed event);

        T faultLasts(FaultLasts event);

        T linkTooSlow(LinkTooSlow event);

        T positionLost(PositionLost event);

        T topicAbsent(TopicAbsent event);

        T partitionAbsent(PartitionAbsent event);

        T absenceEnded(AbsenceEnded event);

        T committedFound(CommittedFound event);

        T readAgain(ReadAgain event);

        T noticed(Noticed event);

        T noticeSuperseded(NoticeSuperseded event);

        T topicsMatched(TopicsMatched event);

        T groupReported(GroupReported event);
    }

    /** Calls the method of {@code visitor} for this kind, and returns its result. */
    <T> T accept(Visitor<T> visitor);

    /** A delivery for the application's thread. */
    record Delivered(Delivery delivery) implements EngineEvent {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.delivered(this);
        }
    }

    /** The brokers of the cluster, or their addresses, have changed to these. */
    record BrokersChanged(List<Node> brokers) implements EngineEvent {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.brokersChanged(this);
        }
    }

    /** A broker has sent the cluster's id for the first time, or one that differs from before. */
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

    /** The complete answer to a {@link Question.Offsets}. */
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

    /** The reasons for which a question has no answer yet have changed to these. */
    record QuestionDelayed(long questionId, List<Unanswered> unanswered) implements EngineEvent {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.questionDelayed(this);
        }
    }

    /** An error that is not of a single partition. The application's next poll throws it. */
    record Raised(KafkaException cause) implements EngineEvent {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.raised(this);
        }
    }

    /**
     * What brokers refuse for good of the topics that are read, by the last answers. The next poll throws it, unless it
     * does not hold any more by then.
     *
     * @param topics the topics that are refused
     * @param cause the exception for them, or null if there are none
     */
    record TopicsRefused(Set<String> topics, @Nullable KafkaException cause) implements EngineEvent {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.topicsRefused(this);
        }
    }

    /** A verdict on an answer that is not orderly. */
    record SessionDisturbed(int nodeId, Verdict verdict) implements EngineEvent {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.sessionDisturbed(this);
        }
    }

    /**
     * The partition is read from another replica than before (KIP-392).
     *
     * @param replica the node id of the replica, or -1 for the leader
     */
    record ReadReplicaChanged(TopicPartition partition, int replica) implements EngineEvent {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.readReplicaChanged(this);
        }
    }

    /**
     * A broker answered the fetch of a partition with an error that may pass. The fetch is repeated after a back-off.
     *
     * @param failures the number of requests for the partition that have failed in a row, this one included
     */
    record FetchFailed(TopicPartition partition, KafkaException cause, int failures) implements EngineEvent {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.fetchFailed(this);
        }
    }

    /**
     * An answer of a broker has replaced a position, so that records may be skipped or read again.
     *
     * @param what the description for the log
     */
    record PositionLost(TopicPartition partition, String what) implements EngineEvent {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.positionLost(this);
        }
    }

    /**
     * Brokers keep answering requests for a partition with the same error; once for each row of errors.
     *
     * @param cause the exception for the last one, which the application does not get
     */
    record FaultLasts(TopicPartition partition, PartitionFault fault, KafkaException cause) implements EngineEvent {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.faultLasts(this);
        }
    }

    /**
     * The answer to a fetch had not arrived in full when its time was over; the next fetch asks for less.
     *
     * @param askedBytes what the fetch asked for
     * @param arrivedBytes how much of the answer had arrived
     * @param timeoutNanos the nanoseconds that the answer was given
     * @param nextBytes the most that the next fetch asks for
     * @param inARow how many such fetches there were in a row, this one included
     */
    record LinkTooSlow(int nodeId, int askedBytes, long arrivedBytes, long timeoutNanos, long nextBytes, int inARow)
            implements EngineEvent {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.linkTooSlow(this);
        }
    }

    /**
     * Brokers keep answering that they do not have a topic that the application reads, or cannot describe it.
     *
     * @param clusterId the id of the cluster that was asked, or null if it has none
     */
    record TopicAbsent(
            String topic, TopicAbsence absence, @Nullable String clusterId) implements EngineEvent {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.topicAbsent(this);
        }
    }

    /**
     * Brokers keep answering that an assigned partition does not exist, though its topic does.
     *
     * @param partitions the number of partitions that the topic has
     * @param answers how many answers in a row have said so
     * @param lastedNanos the nanoseconds between the first of them and the last
     */
    record PartitionAbsent(TopicPartition partition, int partitions, int answers, long lastedNanos)
            implements EngineEvent {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.partitionAbsent(this);
        }
    }

    /**
     * A topic or partition that was reported as absent exists.
     *
     * @param name the name of the topic, or of the topic and the partition
     * @param lastedNanos the nanoseconds from the first answer without it to the first one with it
     */
    record AbsenceEnded(String name, long lastedNanos) implements EngineEvent {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.absenceEnded(this);
        }
    }

    /** The answer to a question about committed offsets, without the partitions that have none. */
    record CommittedFound(long questionId, Map<TopicPartition, OffsetAndMetadata> offsets) implements EngineEvent {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.committedFound(this);
        }
    }

    /**
     * The application is to drop what is buffered of a partition and have it fetched again from its position.
     *
     * @param generation the application's generation of the partition; nothing is to be done for another one
     */
    record ReadAgain(TopicPartition partition, long generation) implements EngineEvent {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.readAgain(this);
        }
    }

    /** A notice of the group for the application. */
    record Noticed(GroupNotice notice) implements EngineEvent {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.noticed(this);
        }
    }

    /** A notice that takes the place of the one with the same token, if the application has not taken that yet. */
    record NoticeSuperseded(GroupNotice.Revoked notice) implements EngineEvent {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.noticeSuperseded(this);
        }
    }

    /** The topics that match the pattern subscribed to are these now. */
    record TopicsMatched(Set<String> topics) implements EngineEvent {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.topicsMatched(this);
        }
    }

    /** Something happened to the membership, for the log and for metrics. */
    record GroupReported(GroupEvent event) implements EngineEvent {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.groupReported(this);
        }
    }
}

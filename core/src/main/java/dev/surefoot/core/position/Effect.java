package dev.surefoot.core.position;

import dev.surefoot.core.handover.Delivery;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * A consequence of an input to positions or fetching. The engine applies the effects that a method has returned in
 * their order, each exactly once. Immutable.
 */
public sealed interface Effect {
    /** Calls the method of {@code visitor} for this effect. */
    void accept(Visitor visitor);

    /** Applies effects, with one method for each. */
    interface Visitor {
        void deliver(Delivery delivery);

        void refreshMetadata();

        void reroute(TopicPartition partition);

        void readFromLeader(TopicPartition partition);

        void leaderLearned(TopicPartition partition);

        void readReplicaChanged(TopicPartition partition, int nodeId);

        void lookupFailed(TopicPartition partition, KafkaException cause);

        void fetchFailed(TopicPartition partition, KafkaException cause, int failures);

        void faultLasts(TopicPartition partition, PartitionFault fault, KafkaException cause);

        void positionLost(TopicPartition partition, String what);
    }

    /** Hands the delivery to the application's thread. */
    record Deliver(Delivery delivery) implements Effect {
        @Override
        public void accept(Visitor visitor) {
            visitor.deliver(delivery);
        }
    }

    /** Requests metadata, because the known metadata is outdated or incomplete. */
    record RefreshMetadata() implements Effect {
        @Override
        public void accept(Visitor visitor) {
            visitor.refreshMetadata();
        }
    }

    /** Routes the partition again: its position, pause or back-off has changed. */
    record Reroute(TopicPartition partition) implements Effect {
        @Override
        public void accept(Visitor visitor) {
            visitor.reroute(partition);
        }
    }

    /** Ends the partition's preference for a replica (KIP-392); a {@link Reroute} follows. */
    record ReadFromLeader(TopicPartition partition) implements Effect {
        @Override
        public void accept(Visitor visitor) {
            visitor.readFromLeader(partition);
        }
    }

    /**
     * Reports that a broker named a newer leader than metadata had (KIP-951). The cluster's leaders are updated
     * already.
     */
    record LeaderLearned(TopicPartition partition) implements Effect {
        @Override
        public void accept(Visitor visitor) {
            visitor.leaderLearned(partition);
        }
    }

    /**
     * Reports that the partition is read from another replica than before (KIP-392).
     *
     * @param nodeId the replica, or -1 for the leader
     */
    record ReadReplicaChanged(TopicPartition partition, int nodeId) implements Effect {
        @Override
        public void accept(Visitor visitor) {
            visitor.readReplicaChanged(partition, nodeId);
        }
    }

    /**
     * Reports that a leader answered a look-up of the partition's position with an error. The look-up is repeated after
     * a back-off.
     */
    record LookupFailed(TopicPartition partition, KafkaException cause) implements Effect {
        @Override
        public void accept(Visitor visitor) {
            visitor.lookupFailed(partition, cause);
        }
    }

    /**
     * Reports that a broker answered the fetch of a partition with an error that may pass. The fetch is repeated after
     * a back-off.
     *
     * @param failures the number of requests for the partition that have failed in a row, this one included
     */
    record FetchFailed(TopicPartition partition, KafkaException cause, int failures) implements Effect {
        @Override
        public void accept(Visitor visitor) {
            visitor.fetchFailed(partition, cause, failures);
        }
    }

    /**
     * Reports that brokers keep answering requests for a partition with the same error; once for each row of errors.
     *
     * @param cause the exception for the last one, which the application does not get
     */
    record FaultLasts(TopicPartition partition, PartitionFault fault, KafkaException cause) implements Effect {
        @Override
        public void accept(Visitor visitor) {
            visitor.faultLasts(partition, fault, cause);
        }
    }

    /**
     * Reports that an answer of a broker has replaced a position, so that records may be skipped or read again.
     *
     * @param what the description for the log
     */
    record PositionLost(TopicPartition partition, String what) implements Effect {
        @Override
        public void accept(Visitor visitor) {
            visitor.positionLost(partition, what);
        }
    }
}

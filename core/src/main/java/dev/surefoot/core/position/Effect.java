package dev.surefoot.core.position;

import dev.surefoot.core.handover.Delivery;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * What position keeping and fetching want done after an input: values, which the engine applies in their order once the
 * method that returned them is through. None of them is applied twice.
 */
public sealed interface Effect {
    /** Calls the one method of {@code visitor} that stands for this effect. */
    void accept(Visitor visitor);

    /** Applies effects; one method for each, so that a new effect does not compile until it is handled. */
    interface Visitor {
        void deliver(Delivery delivery);

        void refreshMetadata();

        void reroute(TopicPartition partition);

        void readFromLeader(TopicPartition partition);

        void leaderLearned(TopicPartition partition);

        void readReplicaChanged(TopicPartition partition, int nodeId);

        void lookupFailed(TopicPartition partition, KafkaException cause);

        void positionLost(TopicPartition partition, String what);
    }

    /** Hands the delivery to the application's side. */
    record Deliver(Delivery delivery) implements Effect {
        @Override
        public void accept(Visitor visitor) {
            visitor.deliver(delivery);
        }
    }

    /** Requests metadata: what is known of the cluster has proved wrong or is not enough. */
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
     * Takes note that a broker named a newer leader than metadata had (KIP-951); the cluster has taken it over already.
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
     * Reports that a leader answered a look-up of the partition's position with an error; the look-up is made again.
     */
    record LookupFailed(TopicPartition partition, KafkaException cause) implements Effect {
        @Override
        public void accept(Visitor visitor) {
            visitor.lookupFailed(partition, cause);
        }
    }

    /** Reports that a broker's word has replaced a position, by which records may be skipped or read again. */
    record PositionLost(TopicPartition partition, String what) implements Effect {
        @Override
        public void accept(Visitor visitor) {
            visitor.positionLost(partition, what);
        }
    }
}

package dev.surefoot.core.group;

import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** What happened to a membership, for the log and for metrics. */
public sealed interface GroupEvent {
    /** Handles an event of each kind. */
    interface Visitor {
        void coordinatorFound(CoordinatorFound event);

        void coordinatorLost(CoordinatorLost event);

        void rebalanceStarted(RebalanceStarted event);

        void rebalanceEnded(RebalanceEnded event);

        void heartbeatSent(HeartbeatSent event);

        void requestEnded(RequestEnded event);

        void roundFailed(RoundFailed event);

        void membershipEnded(MembershipEnded event);

        void offsetUnstable(OffsetUnstable event);

        void leaseLapsed(LeaseLapsed event);

        void offsetsOutdated(OffsetsOutdated event);
    }

    /** Calls the one method of {@code visitor} that is for this kind. */
    void accept(Visitor visitor);

    /** The group's coordinator is known. */
    record CoordinatorFound(Node coordinator) implements GroupEvent {
        @Override
        public void accept(Visitor visitor) {
            visitor.coordinatorFound(this);
        }
    }

    /** The coordinator is looked for anew. */
    record CoordinatorLost(String reason) implements GroupEvent {
        @Override
        public void accept(Visitor visitor) {
            visitor.coordinatorLost(this);
        }
    }

    /** A rebalance begins for this member. */
    record RebalanceStarted(String reason) implements GroupEvent {
        @Override
        public void accept(Visitor visitor) {
            visitor.rebalanceStarted(this);
        }
    }

    /**
     * A rebalance is over for this member.
     *
     * @param durationNanos since it began, in nanoseconds
     * @param failed whether it ended without an assignment
     */
    record RebalanceEnded(int epoch, int owned, long durationNanos, boolean failed) implements GroupEvent {
        @Override
        public void accept(Visitor visitor) {
            visitor.rebalanceEnded(this);
        }
    }

    /** The requests of a group whose latency is a metric. */
    enum Api {
        HEARTBEAT,
        JOIN,
        SYNC,
        COMMIT
    }

    /** A heartbeat was handed to the transport. */
    record HeartbeatSent() implements GroupEvent {
        @Override
        public void accept(Visitor visitor) {
            visitor.heartbeatSent(this);
        }
    }

    /** A JoinGroup or SyncGroup has failed, and the member joins once more (classic protocol). */
    record RoundFailed() implements GroupEvent {
        @Override
        public void accept(Visitor visitor) {
            visitor.roundFailed(this);
        }
    }

    /**
     * A heartbeat or a commit was answered, or a join or sync was answered in order.
     *
     * @param latencyNanos nanoseconds from sending to the answer
     */
    record RequestEnded(Api api, long latencyNanos) implements GroupEvent {
        @Override
        public void accept(Visitor visitor) {
            visitor.requestEnded(this);
        }
    }

    /**
     * Membership has ended otherwise than by the application's wish.
     *
     * @param failure the error, or null when the application was not in poll for too long
     */
    record MembershipEnded(String reason, @Nullable KafkaException failure) implements GroupEvent {
        @Override
        public void accept(Visitor visitor) {
            visitor.membershipEnded(this);
        }
    }

    /**
     * The committed offset of a partition is not known, as a transaction that commits one does not end. The partition
     * is not read until it does.
     *
     * @param sinceNanos for how many nanoseconds
     */
    record OffsetUnstable(TopicPartition partition, long sinceNanos) implements GroupEvent {
        @Override
        public void accept(Visitor visitor) {
            visitor.offsetUnstable(this);
        }
    }

    /**
     * No heartbeat was answered for a whole session: the coordinator may have given the partitions to others, and
     * commits may be refused.
     *
     * @param sinceNanos when the last heartbeat that was answered was sent, in nanoseconds of the loop's clock
     */
    record LeaseLapsed(long sinceNanos) implements GroupEvent {
        @Override
        public void accept(Visitor visitor) {
            visitor.leaseLapsed(this);
        }
    }

    /** Offsets of these partitions were not committed, as their topics were deleted and created anew meanwhile. */
    record OffsetsOutdated(Set<TopicPartition> partitions) implements GroupEvent {
        @Override
        public void accept(Visitor visitor) {
            visitor.offsetsOutdated(this);
        }
    }
}

package dev.surefoot.core.handover;

import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What the loop tells the application's side about its group. Notices take effect in their order, inside poll,
 * unsubscribe or close, before records are gathered. One that has a token is answered by a command with that token;
 * the loop has at most one of these without an answer.
 */
public sealed interface GroupNotice {
    /** Handles a notice of each kind. */
    interface Visitor {
        void revoked(Revoked notice);

        void assigned(Assigned notice);

        void assignmentWanted(AssignmentWanted notice);

        void identified(Identified notice);

        void commitSettled(CommitSettled notice);

        void left(Left notice);
    }

    /** Calls the one method of {@code visitor} that is for this kind. */
    void accept(Visitor visitor);

    /** The token of a notice that has none. */
    long NO_TOKEN = Long.MIN_VALUE;

    /** The token that the application answers with, or {@link #NO_TOKEN} if this is not answered. */
    default long token() {
        return NO_TOKEN;
    }

    /** How partitions are taken away. */
    enum Loss {
        /** By the coordinator's plan: their offsets may be committed, and {@code onPartitionsRevoked} is called. */
        REVOKED,
        /** Membership is over: others may own them by now, and {@code onPartitionsLost} is called. */
        LOST
    }

    /**
     * Partitions are owned no longer. The loop has stopped to fetch them. The application drops their data, commits
     * what it has consumed if it does so by itself, calls the listener, and answers with the token.
     *
     * @param partitions may be empty where a protocol calls the listener for an empty set
     * @param tellsEmpty whether the listener is called though {@code partitions} is empty (classic eager protocol)
     * @param joinFollows whether the answer has to bring what the next JoinGroup says of the subscription
     */
    record Revoked(long token, Set<TopicPartition> partitions, Loss loss, boolean tellsEmpty, boolean joinFollows)
            implements GroupNotice {
        @Override
        public void accept(Visitor visitor) {
            visitor.revoked(this);
        }
    }

    /**
     * These partitions are owned from now on. The application makes lanes for those that are added, tells the loop
     * their generations, calls the listener (for an empty set as well), and answers with the token.
     *
     * @param added those that were not owned before
     * @param owned all of them
     * @param assignor the name of the assignor that made the plan, or null in the consumer protocol
     * @param assignment the leader's word to this member, for {@code ConsumerPartitionAssignor.onAssignment}; null in
     *     the consumer protocol
     * @param identity the identity under which they are owned
     */
    record Assigned(
            long token,
            Set<TopicPartition> added,
            Set<TopicPartition> owned,
            @Nullable String assignor,
            @Nullable MemberAssignment assignment,
            MemberIdentity identity)
            implements GroupNotice {
        @Override
        public void accept(Visitor visitor) {
            visitor.assigned(this);
        }
    }

    /**
     * This member leads its group and has to assign all members' partitions, which runs user code (classic protocol).
     *
     * @param subscriptions what each member has said in its JoinGroup, by member id
     * @param cluster the one picture of the cluster to assign by
     */
    record AssignmentWanted(long token, String assignor, Map<String, MemberSubscription> subscriptions, Cluster cluster)
            implements GroupNotice {
        @Override
        public void accept(Visitor visitor) {
            visitor.assignmentWanted(this);
        }
    }

    /** The member's generation or epoch has changed without a change of partitions. */
    record Identified(MemberIdentity identity) implements GroupNotice {
        @Override
        public void accept(Visitor visitor) {
            visitor.identified(this);
        }
    }

    /**
     * The outcome of a commit; commits are settled in the order in which they were submitted.
     *
     * @param failure why it failed, or null
     */
    record CommitSettled(long commitId, @Nullable KafkaException failure) implements GroupNotice {
        @Override
        public void accept(Visitor visitor) {
            visitor.commitSettled(this);
        }
    }

    /** Membership has ended as the application wanted: the leave is on its way, or nobody can be told. */
    record Left() implements GroupNotice {
        @Override
        public void accept(Visitor visitor) {
            visitor.left(this);
        }
    }
}

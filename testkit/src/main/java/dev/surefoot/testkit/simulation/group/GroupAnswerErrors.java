package dev.surefoot.testkit.simulation.group;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.group.ConsumerGroupHeartbeat.ConsumerGroupHeartbeatRequest;
import dev.surefoot.core.group.ConsumerGroupHeartbeat.ConsumerGroupHeartbeatResponse;
import dev.surefoot.core.group.Heartbeat.HeartbeatRequest;
import dev.surefoot.core.group.Heartbeat.HeartbeatResponse;
import dev.surefoot.core.group.JoinGroup.JoinGroupRequest;
import dev.surefoot.core.group.JoinGroup.JoinGroupResponse;
import dev.surefoot.core.group.OffsetCommit.OffsetCommitRequest;
import dev.surefoot.core.group.OffsetCommit.OffsetCommitResponse;
import dev.surefoot.core.group.SyncGroup.SyncGroupRequest;
import dev.surefoot.core.group.SyncGroup.SyncGroupResponse;
import dev.surefoot.core.handover.MemberAssignment;
import dev.surefoot.core.handover.MemberIdentity;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** What the answers of a coordinator say of a member, whatever the API. */
final class GroupAnswerErrors {
    private GroupAnswerErrors() {}

    /** The error of an answer; of a commit that of any partition, as those of the group are the same for each. */
    static BrokerError of(Answer answer) {
        if (answer instanceof JoinGroupResponse joined) {
            return joined.error();
        } else if (answer instanceof SyncGroupResponse synced) {
            return synced.error();
        } else if (answer instanceof HeartbeatResponse beat) {
            return beat.error();
        } else if (answer instanceof ConsumerGroupHeartbeatResponse told) {
            return told.error();
        } else if (answer instanceof OffsetCommitResponse committed) {
            return committed.partitions().values().stream()
                    .findFirst()
                    .map(stored -> stored.error())
                    .orElse(BrokerError.NONE);
        }
        return BrokerError.NONE;
    }

    /** Whether the coordinator says by this that it does not count the sender as a member. */
    static boolean endsMembership(BrokerError error) {
        return switch (error) {
            case UNKNOWN_MEMBER_ID, ILLEGAL_GENERATION, FENCED_INSTANCE_ID, FENCED_MEMBER_EPOCH, GROUP_ID_NOT_FOUND ->
                true;
            default -> false;
        };
    }

    /** Whether a request was sent under this identity. */
    static boolean isOf(Request<?> request, MemberIdentity identity) {
        if (request instanceof JoinGroupRequest join) {
            return join.memberId().equals(identity.memberId());
        } else if (request instanceof SyncGroupRequest sync) {
            return sync.memberId().equals(identity.memberId()) && sync.generation() == identity.epoch();
        } else if (request instanceof HeartbeatRequest beat) {
            return beat.memberId().equals(identity.memberId()) && beat.generation() == identity.epoch();
        } else if (request instanceof ConsumerGroupHeartbeatRequest beat) {
            return beat.memberId().equals(identity.memberId()) && beat.epoch() == identity.epoch();
        }
        return request instanceof OffsetCommitRequest commit
                && commit.identity().equals(identity);
    }

    /** The partitions of a SyncGroup that was answered in order; null for any other answer. */
    static @Nullable Set<TopicPartition> assigned(Answer answer) {
        if (answer instanceof SyncGroupResponse synced && synced.error() == BrokerError.NONE) {
            MemberAssignment plan = synced.assignment();
            return plan == null ? Set.of() : new HashSet<>(plan.partitions());
        }
        return null;
    }
}

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
import dev.surefoot.testkit.exchange.ByClass;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** What the answers of a coordinator say of a member, whatever the API. */
final class GroupAnswerErrors {
    private static final ByClass<Answer, BrokerError> ERRORS = new ByClass<Answer, BrokerError>(
                    answer -> BrokerError.NONE)
            .with(JoinGroupResponse.class, JoinGroupResponse::error)
            .with(SyncGroupResponse.class, SyncGroupResponse::error)
            .with(HeartbeatResponse.class, HeartbeatResponse::error)
            .with(ConsumerGroupHeartbeatResponse.class, ConsumerGroupHeartbeatResponse::error)
            .with(
                    OffsetCommitResponse.class,
                    committed -> committed.partitions().values().stream()
                            .findFirst()
                            .map(stored -> stored.error())
                            .orElse(BrokerError.NONE));

    /** Who has sent a request. */
    private static final ByClass<Request<?>, Predicate<MemberIdentity>> SENDERS = new ByClass<
                    Request<?>, Predicate<MemberIdentity>>(request -> identity -> false)
            .with(JoinGroupRequest.class, join -> identity -> join.memberId().equals(identity.memberId()))
            .with(SyncGroupRequest.class, sync -> isOf(sync.memberId(), sync.generation()))
            .with(HeartbeatRequest.class, beat -> isOf(beat.memberId(), beat.generation()))
            .with(ConsumerGroupHeartbeatRequest.class, beat -> isOf(beat.memberId(), beat.epoch()))
            .with(
                    OffsetCommitRequest.class,
                    commit -> identity -> commit.identity().equals(identity));

    private GroupAnswerErrors() {}

    private static Predicate<MemberIdentity> isOf(String memberId, int epoch) {
        return identity -> memberId.equals(identity.memberId()) && epoch == identity.epoch();
    }

    /** The error of an answer; of a commit that of any partition, as those of the group are the same for each. */
    static BrokerError of(Answer answer) {
        return ERRORS.of(answer);
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
        return SENDERS.of(request).test(identity);
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

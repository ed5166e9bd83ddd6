package dev.surefoot.core.guard;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.LinkCondition;
import dev.surefoot.core.group.CoordinatorStanding;
import dev.surefoot.core.group.GroupView;
import dev.surefoot.core.group.MemberPhase;
import dev.surefoot.progress.Evidence;
import dev.surefoot.progress.Marks;
import dev.surefoot.progress.Scope;
import dev.surefoot.progress.StallCause;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnreleasedInstanceIdException;
import org.jspecify.annotations.Nullable;

/** The causes that lie in the consumer's membership of its group. Queries only. Owned by the loop's thread. */
final class GroupCauses {
    /** Coordinators found in a row that do not answer as one. A look-up without an answer says nothing of them. */
    private static final int IN_A_ROW = 3;

    private final Surroundings surroundings;
    private final LeaderCauses leaders;

    GroupCauses(Surroundings surroundings, LeaderCauses leaders) {
        this.surroundings = surroundings;
        this.leaders = leaders;
    }

    /** The cause for the consumer as a whole while it has no partitions. */
    Conclusion ofMember(long nowNanos) {
        Marks marks = Marks.UNKNOWN;
        GroupView group = surroundings.group(nowNanos);
        if (group == null) {
            return new Conclusion(StallCause.OWNS_NOTHING, new Scope.Client(), new Evidence.Offsets(marks));
        }
        Conclusion trouble = ofTrouble(group, marks, nowNanos);
        if (trouble != null) {
            return trouble;
        }
        return switch (group.phase()) {
            case OUTSIDE -> of(StallCause.NOT_ASSIGNED, group, marks, nowNanos);
            case STABLE -> of(StallCause.OWNS_NOTHING, group, marks, nowNanos);
            case AWAITING_POLL, FINDING_COORDINATOR, JOINING, REBALANCING, LEAVING ->
                of(StallCause.JOINING_GROUP, group, marks, nowNanos);
        };
    }

    /** Why the application or the group holds a partition back that is about to change hands. */
    Conclusion ofHeld(Marks marks, long nowNanos) {
        GroupView group = surroundings.group(nowNanos);
        if (group == null) {
            return new Conclusion(StallCause.JOINING_GROUP, new Scope.Client(), new Evidence.Offsets(marks));
        }
        Conclusion trouble = ofTrouble(group, marks, nowNanos);
        return trouble != null ? trouble : of(StallCause.JOINING_GROUP, group, marks, nowNanos);
    }

    /** Why the group's coordinator cannot be asked for a committed offset, or null if nothing is known against that. */
    @Nullable Conclusion ofCoordinator(Marks marks, long nowNanos) {
        GroupView group = surroundings.group(nowNanos);
        return group == null ? null : ofCoordinator(group, marks, nowNanos);
    }

    private @Nullable Conclusion ofTrouble(GroupView group, Marks marks, long nowNanos) {
        KafkaException failure = group.failure();
        boolean wants = group.phase() != MemberPhase.OUTSIDE && group.phase() != MemberPhase.LEAVING;
        if (failure != null && wants) {
            return of(causeOf(failure), group, marks, nowNanos);
        }
        if (group.evicted() && wants) {
            return of(StallCause.EVICTED_FOR_SLOW_POLL, group, marks, nowNanos);
        }
        return group.phase() == MemberPhase.STABLE || !wants ? null : ofCoordinator(group, marks, nowNanos);
    }

    /** What an exception about the membership means. */
    static StallCause causeOf(KafkaException failure) {
        if (failure instanceof GroupAuthorizationException) {
            return StallCause.GROUP_NOT_AUTHORIZED;
        }
        if (failure instanceof TopicAuthorizationException) {
            return StallCause.NOT_AUTHORIZED;
        }
        if (failure instanceof FencedInstanceIdException || failure instanceof UnreleasedInstanceIdException) {
            return StallCause.INSTANCE_FENCED;
        }
        if (failure instanceof SslAuthenticationException) {
            return StallCause.TLS_FAILING;
        }
        return failure instanceof AuthenticationException
                ? StallCause.AUTHENTICATION_FAILING
                : StallCause.GROUP_REFUSED;
    }

    private @Nullable Conclusion ofCoordinator(GroupView group, Marks marks, long nowNanos) {
        CoordinatorStanding coordinator = group.coordinator();
        BrokerError refusal = coordinator.refusal();
        if (refusal == BrokerError.COORDINATOR_LOAD_IN_PROGRESS) {
            return of(StallCause.COORDINATOR_LOADING, group, marks, nowNanos);
        }
        LinkCondition link =
                coordinator.nodeId() < 0 ? null : surroundings.coordinatorLink(coordinator.nodeId(), nowNanos);
        // A connection that was made again has not carried an answer yet: that it works is to be shown.
        boolean answers = link != null && link.state() == LinkCondition.State.READY && link.lastFailure() == null;
        StallCause ofLink = link == null || answers ? null : LinkCauses.ofConnecting(link, nowNanos);
        if (ofLink != null) {
            StallCause cause = ofLink == StallCause.LEADER_UNREACHABLE ? StallCause.COORDINATOR_UNREACHABLE : ofLink;
            return of(cause, group, marks, nowNanos);
        }
        if (refusal != null || (coordinator.findings() > IN_A_ROW && !answers)) {
            return of(StallCause.COORDINATOR_MISSING, group, marks, nowNanos);
        }
        return coordinator.nodeId() < 0 ? leaders.ofCluster(marks, nowNanos) : null;
    }

    private static Conclusion of(StallCause cause, GroupView group, Marks marks, long nowNanos) {
        return new Conclusion(cause, new Scope.Group(group.identity().groupId()), evidence(group, marks, nowNanos));
    }

    static Evidence evidence(GroupView group, Marks marks, long nowNanos) {
        String instanceId = group.identity().instanceId();
        BrokerError refusal = group.coordinator().refusal();
        KafkaException failure = group.failure();
        String error = failure != null ? DataCauses.message(failure) : refusal != null ? refusal.name() : "";
        return new Evidence.Membership(
                marks,
                group.phase().words(),
                Math.max(0, nowNanos - group.phaseNanos()) / 1_000_000,
                group.coordinator().nodeId(),
                group.identity().memberId(),
                instanceId == null ? "" : instanceId,
                group.identity().epoch(),
                group.owned(),
                group.rebalances(),
                error);
    }
}

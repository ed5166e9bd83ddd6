package dev.surefoot.core.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.group.DescribeGroup.DescribeGroupRequest;
import dev.surefoot.core.group.Heartbeat.HeartbeatRequest;
import dev.surefoot.core.group.JoinGroup.JoinGroupRequest;
import dev.surefoot.core.group.JoinGroup.JoinGroupResponse;
import dev.surefoot.core.group.LeaveGroup.LeaveGroupRequest;
import dev.surefoot.core.group.SyncGroup.SyncGroupRequest;
import dev.surefoot.core.group.SyncGroup.SyncGroupResponse;
import dev.surefoot.core.handover.MemberIdentity;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What must hold of the requests of a member of the classic protocol. */
final class ClassicRequestRules implements MemberRules.OfRequests {
    private static final long JOIN_TIMEOUT_NANOS = 65 * TracedMember.SECOND;

    private final TracedMember member;
    private final MemberRules rules;
    private final Set<String> given = new HashSet<>(Set.of(""));
    private final Set<String> leftIds = new HashSet<>();
    private final List<Long> joinedNanos = new ArrayList<>();
    private @Nullable JoinGroupResponse joined;
    /** When the member was last heard of: its last heartbeat, or the answer to its join. */
    private long heardNanos;

    private int confirmed = -1;
    private long confirmedIncarnation;

    ClassicRequestRules(TracedMember member, MemberRules rules) {
        this.member = member;
        this.rules = rules;
    }

    private boolean isRoundUnderWay() {
        return member.isUnderWay(JoinGroupRequest.class) || member.isUnderWay(SyncGroupRequest.class);
    }

    @Override
    public void sent(Request<?> request) {
        if (request instanceof JoinGroupRequest join) {
            checkJoin(join);
        } else if (request instanceof SyncGroupRequest sync) {
            checkSync(sync);
        } else if (request instanceof HeartbeatRequest beat) {
            checkHeartbeat(beat);
        } else if (request instanceof DescribeGroupRequest) {
            assertThat(member.isUnderWay(DescribeGroupRequest.class))
                    .as("two descriptions at once")
                    .isFalse();
        } else {
            checkLeave((LeaveGroupRequest) request);
        }
    }

    private void checkJoin(JoinGroupRequest join) {
        assertThat(isRoundUnderWay()).as("G26: one round at a time").isFalse();
        assertThat(rules.asked).as("G5: the application has answered").isNull();
        assertThat(given).as("G29: an id that the coordinator has given").contains(join.memberId());
        assertThat(leftIds).as("G34: the id has not left").doesNotContain(join.memberId());
        assertThat(join.groupId()).isEqualTo(member.settings.groupId());
        assertThat(join.instanceId()).isEqualTo(member.settings.instanceId());
        assertThat(join.sessionTimeoutMs()).isEqualTo(member.settings.timing().sessionTimeoutMs());
        assertThat(join.rebalanceTimeoutMs()).isEqualTo(member.settings.timing().maxPollIntervalMs());
        assertThat(join.reason()).hasSizeLessThanOrEqualTo(255);
        assertThat(join.timeoutNanos()).isEqualTo(JOIN_TIMEOUT_NANOS);
        assertThat(join.protocols().keySet()).containsExactlyElementsOf(member.settings.assignors());
        join.protocols().values().forEach(claim -> {
            assertThat(claim.owned()).as("G32: claims what it owns").containsExactlyElementsOf(rules.taken);
            assertThat(claim.generation()).as("G32: of the last sync").isEqualTo(confirmed());
            assertThat(claim.rackId()).isEqualTo(member.settings.rackId());
            assertThat(claim.instanceId()).isEqualTo(member.settings.instanceId());
            assertThat(claim.topics()).isSorted().isSubsetOf(member.membership.topicsOfInterest());
        });
        assertThat(member.settings.cooperative() || rules.taken.isEmpty())
                .as("an eager member has given up everything")
                .isTrue();
        joinedNanos.add(member.now);
        assertThat(joinedNanos.stream().filter(at -> at > member.now - 100 * TracedMember.MILLI))
                .as("G28: joins in 100 ms")
                .hasSizeLessThanOrEqualTo(3);
    }

    private int confirmed() {
        MemberIdentity identity = member.membership.identity();
        return member.membership.isMember() && identity.incarnation() == confirmedIncarnation ? confirmed : -1;
    }

    private void checkSync(SyncGroupRequest sync) {
        assertThat(isRoundUnderWay()).as("G26: one round at a time").isFalse();
        checkIdentity(sync.groupId(), sync.memberId(), sync.instanceId(), sync.generation());
        JoinGroupResponse answer = joined;
        assertThat(answer).as("follows a join").isNotNull();
        assertThat(sync.assignor()).isEqualTo(answer.assignor());
        boolean leads = answer.leaderId().equals(answer.memberId());
        assertThat(leads || sync.assignments().isEmpty())
                .as("a follower has no plan")
                .isTrue();
        assertThat(sync.timeoutNanos())
                .isEqualTo(leads ? member.settings.timing().requestTimeoutNanos() : JOIN_TIMEOUT_NANOS);
    }

    private void checkHeartbeat(HeartbeatRequest beat) {
        assertThat(member.isUnderWay(HeartbeatRequest.class))
                .as("G26: one heartbeat at a time")
                .isFalse();
        checkIdentity(beat.groupId(), beat.memberId(), beat.instanceId(), beat.generation());
        long sessionNanos = member.settings.timing().sessionTimeoutMs() * TracedMember.MILLI;
        assertThat(beat.timeoutNanos()).as("three in a session").isEqualTo(sessionNanos / 3);
        heardNanos = member.now;
    }

    private void checkLeave(LeaveGroupRequest leave) {
        assertThat(leave.groupId()).isEqualTo(member.settings.groupId());
        assertThat(leave.memberId()).isNotEmpty();
        assertThat(given).contains(leave.memberId());
        assertThat(leftIds.add(leave.memberId()))
                .as("G34: one leave of each membership")
                .isTrue();
        assertThat(leave.reason()).isNotEmpty().hasSizeLessThanOrEqualTo(255);
        assertThat(leave.timeoutNanos()).isEqualTo(member.settings.timing().requestTimeoutNanos());
    }

    private void checkIdentity(String group, String id, @Nullable String instance, int generation) {
        MemberIdentity identity = member.membership.identity();
        assertThat(group).isEqualTo(member.settings.groupId());
        assertThat(id).as("G29").isEqualTo(identity.memberId());
        assertThat(instance).isEqualTo(member.settings.instanceId());
        assertThat(generation).as("G29").isEqualTo(identity.epoch());
        assertThat(member.membership.isMember()).isTrue();
        assertThat(leftIds).as("G34: nothing after the leave").doesNotContain(id);
    }

    @Override
    public void ended(Request<?> request, @Nullable Answer answer) {
        if (answer instanceof JoinGroupResponse join) {
            if (!join.memberId().isEmpty()) {
                given.add(join.memberId());
            }
            if (join.error() == BrokerError.NONE) {
                joined = join;
                heardNanos = member.now;
            }
        } else if (answer instanceof SyncGroupResponse sync && sync.error() == BrokerError.NONE) {
            MemberIdentity identity = member.membership.identity();
            SyncGroupRequest asked = (SyncGroupRequest) request;
            JoinGroupResponse of = joined;
            boolean fits =
                    of != null && (sync.assignor() == null || sync.assignor().equals(of.assignor()));
            if (member.membership.isMember() && identity.epoch() == asked.generation() && fits) {
                confirmed = asked.generation();
                confirmedIncarnation = identity.incarnation();
            }
        }
    }

    @Override
    public void turned(long dueNanos) {
        boolean beats = member.membership.isMember()
                && !isRoundUnderWay()
                && !member.isUnderWay(HeartbeatRequest.class)
                && rules.mayAsk();
        if (beats) {
            long intervalNanos = member.settings.timing().heartbeatIntervalMs() * TracedMember.MILLI;
            assertThat(dueNanos).as("G27: the next heartbeat").isLessThanOrEqualTo(heardNanos + intervalNanos);
        }
    }
}

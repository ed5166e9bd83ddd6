package dev.surefoot.testkit.simulation.group;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.group.ConsumerGroupHeartbeat.ConsumerGroupHeartbeatRequest;
import dev.surefoot.core.group.Coordinator;
import dev.surefoot.core.group.FindCoordinator.FindCoordinatorRequest;
import dev.surefoot.core.group.Heartbeat.HeartbeatRequest;
import dev.surefoot.core.group.JoinGroup.JoinGroupRequest;
import dev.surefoot.core.group.JoinGroup.JoinGroupResponse;
import dev.surefoot.core.group.LeaveGroup.LeaveGroupRequest;
import dev.surefoot.core.group.SyncGroup.SyncGroupRequest;
import dev.surefoot.core.handover.MemberIdentity;
import dev.surefoot.testkit.exchange.ByClass;
import dev.surefoot.testkit.simulation.search.InvariantBroken;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;

/** The invariants of each request that a member sends. */
final class RequestChecks {
    private static final int AT_ONCE_MAX = 3;

    /** The checks of requests that go to the coordinator. */
    private static final ByClass<Request<?>, Consumer<RequestChecks>> CHECKS = new ByClass<
                    Request<?>, Consumer<RequestChecks>>(request -> checks -> {})
            .with(JoinGroupRequest.class, join -> checks -> checks.joins(join))
            .with(SyncGroupRequest.class, sync -> checks -> checks.syncs(sync))
            .with(HeartbeatRequest.class, beat -> checks -> checks.beats(beat))
            .with(LeaveGroupRequest.class, leave -> checks -> checks.leaves(leave.memberId()))
            .with(ConsumerGroupHeartbeatRequest.class, beat -> checks -> checks.beats(beat));

    private final SmallMember member;
    /** The ids under which it has left. */
    private final Set<String> left = new HashSet<>();
    /** The generation of the last SyncGroup that was answered in order. */
    private int syncedGeneration = -1;
    /** The id that the coordinator wants to see in the next JoinGroup, or empty. */
    private String givenId = "";
    /** Whether it has sent a JoinGroup since it was to begin from nothing. */
    private boolean hasJoined;
    /** Whether its application was out of poll for too long, and it has not joined since. */
    private boolean hasExpired;

    /** The id of the last SyncGroup that was answered in order. */
    private String confirmedId = "";
    /** Whether it has joined anew since then, as the coordinator did not know its id. */
    private boolean joinedAnew;

    private int heartbeatsNow;
    private int joinsNow;
    private int lookupsNow;
    private int joins;

    RequestChecks(SmallMember member) {
        this.member = member;
    }

    private InvariantBroken broken(String invariant, String detail) {
        return new InvariantBroken(invariant, member + " " + detail);
    }

    int joins() {
        return joins;
    }

    /** The member is to begin from nothing. */
    void forgetGivenId() {
        givenId = "";
        hasJoined = false;
    }

    /** The application has been out of poll for too long: the leave goes out whatever it does, and may come late. */
    void expires() {
        forgetGivenId();
        hasExpired = true;
    }

    void timePasses() {
        heartbeatsNow = 0;
        joinsNow = 0;
        lookupsNow = 0;
    }

    void answered(Request<?> request, Answer answer) {
        if (answer instanceof JoinGroupResponse joined && joined.error() == BrokerError.MEMBER_ID_REQUIRED) {
            boolean isOfThisRound = hasJoined && member.membership.isRebalancing() && !member.isAway();
            givenId = isOfThisRound ? joined.memberId() : "";
        } else if (request instanceof SyncGroupRequest sync && GroupAnswerErrors.assigned(answer) != null) {
            syncedGeneration = sync.generation();
            confirmedId = sync.memberId();
            joinedAnew = false;
        }
    }

    /**
     * The instance id is said to be another member's; returns whether the member may join once more
     * without an id. A new id is stored with the plan of its generation only, so that a coordinator that
     * takes over may know the one before.
     */
    boolean joinAnew() {
        MemberIdentity identity = member.membership.identity();
        boolean may = member.world.settings().kind().isClassic()
                && !identity.memberId().equals(confirmedId)
                && !joinedAnew;
        joinedAnew |= may;
        return may;
    }

    void check(Request<?> request) {
        if (request instanceof FindCoordinatorRequest) {
            bounded("look-ups", ++lookupsNow, 1);
            return;
        }
        Coordinator.Instance at = member.believedCoordinator();
        if (at == null || at.node().id() != request.nodeId()) {
            throw broken("G26", "believes in the coordinator " + at + ", and asks another: " + request);
        }
        CHECKS.of(request).accept(this);
    }

    private void bounded(String what, int count, int most) {
        if (count > most) {
            throw broken("G28", "sends " + count + " " + what + " at once");
        }
    }

    private void alone(Class<?> kind) {
        if (member.wire.awaits(kind)) {
            throw broken("G26", "has a " + kind.getSimpleName() + " outstanding already");
        }
    }

    private void present(String memberId, int generation) {
        MemberIdentity identity = member.membership.identity();
        if (!identity.memberId().equals(memberId) || identity.epoch() != generation) {
            throw broken("G29", "is " + identity + " and says that it is " + memberId + " at " + generation);
        }
    }

    private void notLeft(String memberId) {
        if (left.contains(memberId)) {
            throw broken("G34", "has left and sends a heartbeat");
        }
    }

    private void leaves(String memberId) {
        if (!left.add(memberId)) {
            throw broken("G34", "leaves twice");
        }
        Set<TopicPartition> owned = member.application.positions.keySet();
        // A member whose application was away leaves before the application can give anything up.
        if (!owned.isEmpty() && !hasExpired) {
            throw broken("G8", "leaves, and its application still owns " + owned);
        }
    }

    private void joins(JoinGroupRequest join) {
        joins++;
        hasJoined = true;
        hasExpired = false;
        bounded("joins", ++joinsNow, AT_ONCE_MAX);
        alone(JoinGroupRequest.class);
        alone(SyncGroupRequest.class);
        if (!givenId.isEmpty() && !join.memberId().equals(givenId)) {
            throw broken("G29", "was given the id " + givenId + " and joins as '" + join.memberId() + "'");
        }
        givenId = "";
        Set<TopicPartition> owned = member.application.positions.keySet();
        join.protocols().values().forEach(said -> {
            if (!owned.containsAll(said.owned())) {
                throw broken("G32", "owns " + owned + " and claims " + said.owned());
            }
            if (!said.owned().isEmpty() && said.generation() != syncedGeneration) {
                throw broken(
                        "G32",
                        "claims " + said.owned() + " by generation " + said.generation() + "; it has them by "
                                + syncedGeneration);
            }
        });
        if (member.world.settings().kind() == SmallGroupSettings.Kind.EAGER && !owned.isEmpty()) {
            throw broken("G5", "joins anew, and its application still owns " + owned);
        }
    }

    private void syncs(SyncGroupRequest sync) {
        alone(JoinGroupRequest.class);
        alone(SyncGroupRequest.class);
        present(sync.memberId(), sync.generation());
    }

    private void beats(HeartbeatRequest beat) {
        bounded("heartbeats", ++heartbeatsNow, AT_ONCE_MAX);
        alone(HeartbeatRequest.class);
        present(beat.memberId(), beat.generation());
        notLeft(beat.memberId());
    }

    private void beats(ConsumerGroupHeartbeatRequest beat) {
        if (beat.epoch() < 0) {
            leaves(beat.memberId());
            return;
        }
        bounded("heartbeats", ++heartbeatsNow, AT_ONCE_MAX);
        if (beat.epoch() == 0) {
            left.clear();
        }
        notLeft(beat.memberId());
        alone(ConsumerGroupHeartbeatRequest.class);
        int epoch = member.membership.isMember() ? member.membership.identity().epoch() : 0;
        if (beat.epoch() != epoch) {
            throw broken("G29", "is at epoch " + epoch + " and says " + beat.epoch());
        }
        if (beat.owned() == null) {
            return;
        }
        Set<TopicPartition> claimed = member.world.named(beat.owned());
        Set<TopicPartition> unsaid = new TreeSet<>(SmallAssignor.ORDER);
        unsaid.addAll(member.application.positions.keySet());
        unsaid.removeAll(claimed);
        if (!unsaid.isEmpty()) {
            throw broken("G5", "does not claim " + unsaid + ", which its application still owns");
        }
    }
}

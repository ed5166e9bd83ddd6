package dev.surefoot.core.group;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Deadlines;
import dev.surefoot.core.exchange.Outbox;
import dev.surefoot.core.exchange.Reply;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.group.Heartbeat.HeartbeatRequest;
import dev.surefoot.core.group.Heartbeat.HeartbeatResponse;
import dev.surefoot.core.handover.MemberIdentity;
import dev.surefoot.core.time.Deadline;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the session of a member of the classic protocol, and hears from its coordinator what has become of the
 * membership. Heartbeats wait for nothing but their own answers. Owned by the loop's thread.
 */
final class ClassicHeartbeats {
    private enum Due implements Deadlines.Name {
        HEARTBEAT,
        /** The session or the lease ends. */
        SESSION
    }

    /** So many heartbeats get their time within one session, so that one lost answer does not end it. */
    private static final int HEARTBEATS_IN_SESSION = 3;

    private final ClassicMember member;
    private final HeartbeatTimer timer;
    private final Coordinator coordinator;
    private final ClassicRebalance rebalance;
    private final ClassicEnding ending;
    private final long sessionPartNanos;
    private boolean underWay;
    private Coordinator.@Nullable Instance lastCoordinator;

    ClassicHeartbeats(ClassicMember member, Coordinator coordinator, ClassicRebalance rebalance, ClassicEnding ending) {
        this.member = member;
        this.timer = member.heartbeats;
        this.coordinator = coordinator;
        this.rebalance = rebalance;
        this.ending = ending;
        this.sessionPartNanos = member.settings.timing().sessionTimeoutNanos() / HEARTBEATS_IN_SESSION;
    }

    private boolean isAlive() {
        return member.identity.hasGeneration() && member.state().needsHeartbeat();
    }

    /** Looks whether the coordinator has been silent for too long. */
    void check(long nowNanos) {
        Coordinator.Instance at = coordinator.instance();
        if (at != null && !at.equals(lastCoordinator)) {
            lastCoordinator = at;
            timer.restartSession(nowNanos);
        }
        if (!isAlive()) {
            return;
        }
        if (timer.isSessionOver(nowNanos)) {
            if (at != null) {
                coordinator.forget(at, "no answer for session.timeout.ms");
            }
            timer.restartSession(nowNanos);
        }
        if (timer.isLapsing(nowNanos)) {
            timer.recordLapse();
            lapse(nowNanos);
        }
    }

    private void lapse(long nowNanos) {
        if (member.owned().isEmpty()) {
            return;
        }
        member.report(new GroupEvent.LeaseLapsed(timer.leaseStartNanos()));
        if (member.settings.stopsAtLapse()) {
            ending.lose(true, "no heartbeat answered for session.timeout.ms", nowNanos);
        }
    }

    boolean wantsToSend(long nowNanos) {
        return isAlive() && !underWay && timer.isDue(nowNanos);
    }

    void send(Outbox outbox, Coordinator.Instance at, long nowNanos) {
        MemberIdentity identity = member.identity.current();
        HeartbeatRequest request = new HeartbeatRequest(
                at.node().id(),
                identity.groupId(),
                identity.memberId(),
                identity.instanceId(),
                identity.epoch(),
                Math.min(member.settings.timing().requestTimeoutNanos(), sessionPartNanos + coordinator.busyNanos()));
        underWay = outbox.send(request, new HeartbeatReply(at, identity, nowNanos));
        if (underWay) {
            timer.sent(nowNanos);
            member.report(new GroupEvent.HeartbeatSent());
        }
    }

    void enterDeadlines(Deadlines deadlines, long nowNanos) {
        if (isAlive()) {
            boolean waits = !underWay && !timer.isDue(nowNanos);
            deadlines.enter(Due.HEARTBEAT, waits ? timer.dueNanos() : Deadline.NEVER);
            deadlines.enter(Due.SESSION, timer.endNanos());
        }
    }

    /** The reply to one heartbeat, which says nothing of an identity that has changed since. */
    private final class HeartbeatReply implements Reply<HeartbeatResponse> {
        private final Coordinator.Instance at;
        private final MemberIdentity identity;
        private final long sentNanos;

        HeartbeatReply(Coordinator.Instance at, MemberIdentity identity, long sentNanos) {
            this.at = at;
            this.identity = identity;
            this.sentNanos = sentNanos;
        }

        @Override
        public void answered(HeartbeatResponse answer, long nowNanos) {
            underWay = false;
            member.report(new GroupEvent.RequestEnded(GroupEvent.Api.HEARTBEAT, nowNanos - sentNanos));
            if (identity.equals(member.identity.current())) {
                said(answer.error(), answer.errorCode(), nowNanos);
            }
        }

        private void said(BrokerError error, short code, long nowNanos) {
            coordinator.putOff(error, nowNanos);
            switch (ClassicReaction.ofMember(error)) {
                case NONE, AGAIN, TAKE_MEMBER_ID -> confirm(nowNanos);
                case REJOIN -> {
                    confirm(nowNanos);
                    if (member.state().isSynced()) {
                        rebalance.requestRejoin("group is already rebalancing");
                    }
                }
                case BACK_OFF -> timer.failed(nowNanos);
                case FIND_COORDINATOR -> {
                    timer.failed(nowNanos);
                    coordinator.forget(at, error.name());
                }
                case LOSE_GENERATION -> ending.lose(true, error.name(), nowNanos);
                case LOSE_MEMBERSHIP -> ending.lose(false, error.name(), nowNanos);
                case FENCE ->
                    ending.fence(GroupErrors.of("The heartbeat", member.settings.groupId(), error, code), nowNanos);
                case RAISE -> {
                    timer.failed(nowNanos);
                    member.apply(new GroupEffect.Raise(
                            GroupErrors.of("The heartbeat", member.settings.groupId(), error, code)));
                }
            }
        }

        private void confirm(long nowNanos) {
            coordinator.confirm(at);
            timer.confirm(sentNanos, nowNanos);
        }

        @Override
        public void failed(RequestFailure failure, long nowNanos) {
            underWay = false;
            timer.failed(nowNanos);
            if (failure.isRefusal() || failure.kind() == RequestFailure.Kind.UNSUPPORTED_VERSION) {
                member.apply(new GroupEffect.Raise(failure.cause()));
            } else {
                coordinator.forget(at, String.valueOf(failure.cause().getMessage()));
            }
        }
    }
}

package dev.surefoot.core.group;

import dev.surefoot.core.exchange.Outbox;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Reply;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.group.JoinGroup.JoinGroupRequest;
import dev.surefoot.core.group.JoinGroup.JoinGroupResponse;
import dev.surefoot.core.group.SyncGroup.SyncGroupRequest;
import dev.surefoot.core.group.SyncGroup.SyncGroupResponse;
import dev.surefoot.core.handover.MemberAssignment;
import dev.surefoot.core.handover.MemberIdentity;
import dev.surefoot.core.handover.MemberSubscription;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The requests of a round of the classic protocol, JoinGroup and SyncGroup. At most one of them is under way, and
 * the next waits for its outcome, whatever has become of the round. Owned by the loop's thread.
 */
final class ClassicExchange {
    /** The coordinator counts a rebalance from when the JoinGroup has arrived, later than this client does. */
    private static final long JOIN_GRACE_NANOS = Duration.ofSeconds(5).toNanos();

    /**
     * What a reply belongs to.
     *
     * @param at the coordinator that was asked
     * @param identity who asked it
     * @param sentNanos when, in nanoseconds of the loop's clock
     */
    record Sent(Coordinator.Instance at, MemberIdentity identity, long sentNanos) {}

    /** Takes the outcomes of requests; none is called while one is being sent. */
    interface Outcomes {
        void joinAnswered(JoinGroupResponse answer, Sent sent, long nowNanos);

        void syncAnswered(SyncGroupResponse answer, Sent sent, long nowNanos);

        /** JoinGroup or SyncGroup has no answer; whether the coordinator has carried it out is unknown. */
        void roundFailed(RequestFailure failure, Sent sent, long nowNanos);
    }

    private final GroupSettings settings;
    private final Outcomes outcomes;
    private final long joinTimeoutNanos;

    private boolean roundUnderWay;
    /** The SyncGroup under way, or null. */
    private @Nullable Sent syncUnderWay;

    ClassicExchange(GroupSettings settings, Outcomes outcomes) {
        this.settings = settings;
        this.outcomes = outcomes;
        GroupSettings.Timing timing = settings.timing();
        this.joinTimeoutNanos =
                Math.max(timing.requestTimeoutNanos(), timing.maxPollIntervalNanos() + JOIN_GRACE_NANOS);
    }

    /** Whether a JoinGroup or SyncGroup has no outcome yet, be it of a round that has ended meanwhile. */
    boolean isRoundUnderWay() {
        return roundUnderWay;
    }

    /** @return false if it was refused */
    boolean join(Outbox outbox, Sent sent, String memberId, Map<String, MemberSubscription> protocols, String reason) {
        JoinGroupRequest request = new JoinGroupRequest(
                sent.at().node().id(),
                settings.groupId(),
                memberId,
                settings.instanceId(),
                settings.timing().sessionTimeoutMs(),
                settings.timing().maxPollIntervalMs(),
                protocols,
                PendingLeaves.cut(reason),
                joinTimeoutNanos);
        roundUnderWay = outbox.send(request, new JoinReply(sent));
        return roundUnderWay;
    }

    /**
     * Followers are answered when the leader has synced, which may take as long as a rebalance; a leader at once.
     *
     * @return false if it was refused
     */
    boolean sync(Outbox outbox, Sent sent, String assignor, Map<String, MemberAssignment> assignments, boolean leads) {
        SyncGroupRequest request = new SyncGroupRequest(
                sent.at().node().id(),
                settings.groupId(),
                sent.identity().memberId(),
                settings.instanceId(),
                sent.identity().epoch(),
                assignor,
                assignments,
                leads ? settings.timing().requestTimeoutNanos() : joinTimeoutNanos);
        roundUnderWay = outbox.send(request, new SyncReply(sent));
        syncUnderWay = roundUnderWay ? sent : null;
        return roundUnderWay;
    }

    /**
     * A coordinator does not answer the SyncGroup of a member that has left meanwhile, and reads nothing behind it. So
     * the connection is given up if the SyncGroup under way is of another membership than the present one.
     */
    void giveUpSync(Outbox outbox, MemberIdentity present) {
        Sent sync = syncUnderWay;
        if (sync != null && !sync.identity().equals(present)) {
            syncUnderWay = null;
            outbox.reconnect(sync.at().node().id(), Purpose.COORDINATOR);
        }
    }

    private final class JoinReply implements Reply<JoinGroupResponse> {
        private final Sent sent;

        JoinReply(Sent sent) {
            this.sent = sent;
        }

        @Override
        public void answered(JoinGroupResponse answer, long nowNanos) {
            roundUnderWay = false;
            outcomes.joinAnswered(answer, sent, nowNanos);
        }

        @Override
        public void failed(RequestFailure failure, long nowNanos) {
            roundUnderWay = false;
            outcomes.roundFailed(failure, sent, nowNanos);
        }
    }

    private final class SyncReply implements Reply<SyncGroupResponse> {
        private final Sent sent;

        SyncReply(Sent sent) {
            this.sent = sent;
        }

        @Override
        public void answered(SyncGroupResponse answer, long nowNanos) {
            roundUnderWay = false;
            syncUnderWay = null;
            outcomes.syncAnswered(answer, sent, nowNanos);
        }

        @Override
        public void failed(RequestFailure failure, long nowNanos) {
            roundUnderWay = false;
            syncUnderWay = null;
            outcomes.roundFailed(failure, sent, nowNanos);
        }
    }
}

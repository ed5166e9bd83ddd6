package dev.surefoot.core.group;

import dev.surefoot.core.cluster.TopicDirectory;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Deadlines;
import dev.surefoot.core.exchange.Outbox;
import dev.surefoot.core.exchange.Turn;
import dev.surefoot.core.handover.MemberAssignment;
import dev.surefoot.core.handover.MemberIdentity;
import dev.surefoot.core.time.Backoff;
import dev.surefoot.core.time.Deadline;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Membership by the consumer protocol (KIP-848), in which the coordinator assigns and every word of a member is a
 * heartbeat. Owned by the loop's thread.
 */
public final class ConsumerMembership implements Membership {
    private final GroupSettings settings;
    private final Coordinator coordinator;
    private final Consumer<GroupEffect> effects;
    private final ConsumerHeartbeatTimer timer;
    private final ConsumerExchange exchange;
    private final PartitionOwnership ownership;
    private final Reconciliation reconciliation;
    private final ConsumerDeadlines times;
    private final ConsumerLifecycle lifecycle;
    private final ConsumerAnswers answers;

    /**
     * @param memberId unique among all consumers, and used for the life of this one (KIP-1082)
     * @param backoff the delays after failures
     */
    public ConsumerMembership(
            GroupSettings settings,
            Uuid memberId,
            Coordinator coordinator,
            TopicDirectory topics,
            Backoff backoff,
            Consumer<GroupEffect> effects) {
        this.settings = settings;
        this.coordinator = coordinator;
        this.effects = effects;
        this.timer = new ConsumerHeartbeatTimer(settings.timing(), backoff);
        this.exchange = new ConsumerExchange(settings, memberId.toString());
        this.ownership = new PartitionOwnership(effects);
        this.reconciliation = new Reconciliation(topics, ownership, backoff, effects);
        this.times = new ConsumerDeadlines(settings.timing());
        this.lifecycle =
                new ConsumerLifecycle(settings, backoff, effects, timer, exchange, ownership, reconciliation, times);
        this.answers = new ConsumerAnswers(settings, coordinator, timer, exchange, times, lifecycle, effects);
    }

    @Override
    public void subscribe(Set<String> topics, @Nullable String regex, long nowNanos) {
        lifecycle.subscribe(new ConsumerLifecycle.Subscription(new TreeSet<>(topics), regex), nowNanos);
    }

    @Override
    public void released(
            long token, Set<TopicPartition> released, Map<String, @Nullable ByteBuffer> userData, long nowNanos) {
        lifecycle.released(token, released, nowNanos);
    }

    @Override
    public void taken(long token, long nowNanos) {
        lifecycle.taken(token, nowNanos);
    }

    @Override
    public void assignmentMade(long token, Map<String, MemberAssignment> assignments, long nowNanos) {
        throw noLeader();
    }

    @Override
    public void assignmentFailed(long token, KafkaException cause, long nowNanos) {
        throw noLeader();
    }

    private static IllegalStateException noLeader() {
        return new IllegalStateException("no member of the consumer protocol leads; this is a bug in Surefoot");
    }

    @Override
    public void clusterChanged(long nowNanos) {
        lifecycle.advance(nowNanos);
    }

    @Override
    public void enforceRebalance(String reason) {
        // The coordinator alone decides about rebalances.
    }

    @Override
    public void leave(Departure departure, String reason, long nowNanos) {
        answers.forgetInstanceWait();
        lifecycle.leave(departure, nowNanos);
    }

    @Override
    public void commitRefused(BrokerError error, MemberIdentity sentWith, long nowNanos) {
        boolean isAboutMember =
                switch (error) {
                    case UNKNOWN_MEMBER_ID,
                            FENCED_MEMBER_EPOCH,
                            STALE_MEMBER_EPOCH,
                            FENCED_INSTANCE_ID,
                            GROUP_ID_NOT_FOUND -> true;
                    default -> false;
                };
        // Only the answer to a heartbeat changes the membership, so one is sent.
        if (isAboutMember && sentWith.equals(lifecycle.identity())) {
            timer.hurry();
        }
    }

    @Override
    public void dispatch(Outbox outbox, Turn turn) {
        long nowNanos = turn.nowNanos();
        if (lifecycle.state().isJoined()) {
            endIfOverdue(turn);
        }
        lifecycle.advance(nowNanos);
        if (lifecycle.state() == ConsumerState.LEAVING) {
            sendLeave(outbox, nowNanos);
        }
        if (lifecycle.awaitsPoll() && times.hasPolled(turn)) {
            lifecycle.join(0);
            times.recordPoll(turn);
        }
        if (lifecycle.state().isJoined()) {
            reconciliation.refresh(nowNanos);
        }
        if (lifecycle.sendsHeartbeats() && !exchange.isOutstanding() && timer.isDue(nowNanos)) {
            sendHeartbeat(outbox, nowNanos);
        }
    }

    private void endIfOverdue(Turn turn) {
        long nowNanos = turn.nowNanos();
        int maxPollMs = settings.timing().maxPollIntervalMs();
        if (times.recordPoll(turn)) {
            lifecycle.expire(
                    "the application was not in poll for longer than max.poll.interval.ms=" + maxPollMs, nowNanos);
        } else if (Deadline.passed(reconciliation.revocationEndNanos(), nowNanos)) {
            lifecycle.expire(
                    "giving partitions up took longer than max.poll.interval.ms=" + maxPollMs
                            + ", less one interval of heartbeats",
                    nowNanos);
        } else if (times.isLeaseOver(nowNanos)) {
            times.endLease();
            effects.accept(new GroupEffect.Report(new GroupEvent.LeaseLapsed(times.leaseStartNanos())));
            if (settings.stopsAtLapse()) {
                lifecycle.fence("no heartbeat was answered for session.timeout.ms", null, nowNanos);
            }
        }
    }

    private void sendLeave(Outbox outbox, long nowNanos) {
        boolean isOver = lifecycle.leaveEpoch() == 0;
        if (!isOver && coordinator.instance() != null) {
            Coordinator.Instance at = coordinator.reach(outbox);
            isOver = at != null && exchange.leave(outbox, at, lifecycle.leaveEpoch());
        }
        // Without a coordinator that can be reached, the membership ends when the session does.
        if (isOver || coordinator.instance() == null) {
            lifecycle.left(nowNanos);
        }
    }

    private void sendHeartbeat(Outbox outbox, long nowNanos) {
        coordinator.need();
        Coordinator.Instance at = coordinator.reach(outbox);
        if (at != null
                && exchange.heartbeat(
                        outbox,
                        at,
                        lifecycle.epoch(),
                        lifecycle.content(),
                        timer.timeoutNanos(coordinator.busyNanos()),
                        nowNanos,
                        answers)) {
            timer.sent(nowNanos);
            effects.accept(new GroupEffect.Report(new GroupEvent.HeartbeatSent()));
            lifecycle.sent();
            lifecycle.advance(nowNanos);
        }
    }

    @Override
    public void enterDeadlines(Deadlines deadlines, long nowNanos) {
        boolean beats = lifecycle.sendsHeartbeats() && !exchange.isOutstanding();
        long heartbeatNanos = beats ? timer.nextNanos() : Deadline.NEVER;
        if (lifecycle.state().isJoined()) {
            times.enter(
                    deadlines,
                    nowNanos,
                    heartbeatNanos,
                    reconciliation.refreshAtNanos(),
                    reconciliation.revocationEndNanos());
        } else {
            times.enterHeartbeat(deadlines, nowNanos, heartbeatNanos);
        }
    }

    @Override
    public MemberIdentity identity() {
        return lifecycle.identity();
    }

    @Override
    public boolean isMember() {
        return lifecycle.epoch() > 0;
    }

    @Override
    public boolean isLeaving() {
        return lifecycle.state() == ConsumerState.PREPARE_LEAVING
                || lifecycle.state() == ConsumerState.LEAVING
                || exchange.isLeaveOutstanding();
    }

    @Override
    public boolean isRebalancing() {
        return switch (lifecycle.state()) {
            case JOINING, RECONCILING, ACKNOWLEDGING -> true;
            case UNSUBSCRIBED, STABLE, FENCED, PREPARE_LEAVING, LEAVING, STALE, FATAL -> false;
        };
    }

    @Override
    public boolean isHeldBack() {
        return false;
    }

    @Override
    public Set<TopicPartition> owned() {
        return ownership.partitions();
    }

    @Override
    public Set<String> topicsOfInterest() {
        Set<String> topics = new TreeSet<>(lifecycle.subscription().topics());
        topics.addAll(reconciliation.topics());
        topics.addAll(ownership.topics());
        return topics;
    }

    @Override
    public Set<Uuid> unresolvedTopics() {
        return reconciliation.unresolved();
    }
}

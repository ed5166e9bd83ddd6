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
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Membership by the classic protocol: JoinGroup, SyncGroup, Heartbeat, LeaveGroup. Owned by the loop's thread.
 *
 * <p>{@link ClassicRebalance} is the way from one assignment to the next, {@link ClassicEnding} what ends it, {@link
 * ClassicAnswers} what the coordinator's answers do to both, and {@link ClassicHeartbeats} goes on beside them.
 */
public final class ClassicMembership implements Membership {
    private enum Due implements Deadlines.Name {
        POLL_INTERVAL
    }

    /** A rejoin for new metadata is put off by up to this part of the heartbeat interval. */
    private static final int JITTER_PART = 10;

    private final ClassicMember member;
    private final Coordinator coordinator;
    private final SplittableRandom random;
    private final ClassicRebalance rebalance;
    private final ClassicEnding ending;
    private final ClassicExchange exchange;
    private final ClassicHeartbeats heartbeats;
    private final KeptPlan keptPlan;
    private final PendingLeaves leaves;
    private final PollInterval pollInterval;

    /** @param random the source of all jitter; the same seed and the same inputs give the same membership */
    public ClassicMembership(
            GroupSettings settings,
            Coordinator coordinator,
            TopicDirectory topics,
            SplittableRandom random,
            Consumer<GroupEffect> effects) {
        GroupSettings.Timing timing = settings.timing();
        Backoff backoff = new Backoff(timing.retryBackoffNanos(), timing.retryBackoffMaxNanos(), random.split());
        this.member = new ClassicMember(settings, topics, backoff, effects);
        this.coordinator = coordinator;
        this.random = random;
        this.rebalance = new ClassicRebalance(member, backoff);
        this.ending = new ClassicEnding(member, rebalance);
        this.exchange = new ClassicExchange(settings, new ClassicAnswers(member, coordinator, rebalance, ending));
        this.heartbeats = new ClassicHeartbeats(member, coordinator, rebalance, ending);
        this.keptPlan = new KeptPlan(member, coordinator, rebalance, backoff);
        this.leaves = new PendingLeaves(settings.groupId(), timing.requestTimeoutNanos(), coordinator);
        this.pollInterval = new PollInterval(timing.maxPollIntervalNanos());
    }

    @Override
    public void subscribe(Set<String> topics, @Nullable String regex, long nowNanos) {
        if (regex != null) {
            throw new IllegalArgumentException("The classic protocol has no patterns that the coordinator matches;"
                    + " subscribe to topics or to a java.util.regex.Pattern");
        }
        rebalance.subscribe(topics);
        ending.raiseIfFenced();
    }

    @Override
    public void enforceRebalance(String reason) {
        rebalance.requestRejoin(reason);
    }

    @Override
    public void released(
            long token, Set<TopicPartition> released, Map<String, @Nullable ByteBuffer> userData, long nowNanos) {
        if (member.notices.settle(token)) {
            member.partitions.giveUp(released);
            if (ending.isUnderWay()) {
                ending.answered();
            } else {
                rebalance.released(userData, nowNanos);
            }
        }
    }

    @Override
    public void taken(long token, long nowNanos) {
        if (member.notices.settle(token)) {
            member.partitions.take();
            if (ending.isUnderWay()) {
                ending.answered();
            } else {
                rebalance.taken(nowNanos);
            }
        }
    }

    @Override
    public void assignmentMade(long token, Map<String, MemberAssignment> assignments, long nowNanos) {
        if (member.notices.settle(token)) {
            if (ending.isUnderWay()) {
                ending.answered();
            } else {
                rebalance.assignmentMade(assignments);
            }
        }
    }

    @Override
    public void assignmentFailed(long token, KafkaException cause, long nowNanos) {
        if (member.notices.settle(token)) {
            if (ending.isUnderWay()) {
                ending.answered();
            } else {
                rebalance.assignmentFailed(cause, nowNanos);
            }
        }
    }

    @Override
    public void leave(Departure departure, String reason, long nowNanos) {
        if (coordinator.instance() == null) {
            // Nobody can be told in time: the partitions are free when the session ends.
            leaves.cancelWaiting();
        }
        ending.leave(() -> {
            if (departure.frees(member.isStatic()) && coordinator.instance() != null) {
                addLeave(reason, Deadline.NEVER);
            }
        });
    }

    private void addLeave(String reason, long giveUpAtNanos) {
        if (member.identity.hasMemberId()) {
            leaves.add(member.identity.memberId(), reason, giveUpAtNanos);
        }
    }

    @Override
    public void clusterChanged(long nowNanos) {
        member.leadership.refreshed(nowNanos);
        if (member.state() == ClassicState.AWAITING_METADATA && !member.leadership.isFresh()) {
            member.apply(new GroupEffect.RefreshMetadata());
        }
    }

    @Override
    public void dispatch(Outbox outbox, Turn turn) {
        long nowNanos = turn.nowNanos();
        pollInterval.observe(turn);
        if (isAwaited() && pollInterval.isOver(nowNanos)) {
            endByPollInterval(nowNanos);
        }
        heartbeats.check(nowNanos);
        if (rebalance.watchesMetadata()) {
            long jitterMs = random.nextLong(member.settings.timing().heartbeatIntervalMs() / JITTER_PART + 1L);
            rebalance.compareMetadata(nowNanos, Duration.ofMillis(jitterMs).toNanos());
        }
        rebalance.begin(nowNanos);
        leaves.send(outbox, nowNanos);
        if (!leaves.isUnderWay()) {
            exchange.giveUpSync(outbox, member.identity.current());
        }
        keptPlan.check(outbox, nowNanos);
        send(outbox, nowNanos);
    }

    /** A heartbeat goes before a SyncGroup, which may be held back, and not at all before a JoinGroup. */
    private void send(Outbox outbox, long nowNanos) {
        boolean round = rebalance.wantsToSend(nowNanos) && !exchange.isRoundUnderWay();
        // The coordinator answers it behind what is under way on the connection.
        boolean beat = heartbeats.wantsToSend(nowNanos) && !exchange.isRoundUnderWay();
        if (member.state().needsCoordinator() && coordinator.instance() == null) {
            coordinator.need();
        }
        if (!round && !beat) {
            return;
        }
        coordinator.need();
        Coordinator.Instance at = coordinator.reach(outbox);
        if (at != null && beat && !(round && member.state() == ClassicState.READY_TO_JOIN)) {
            heartbeats.send(outbox, at, nowNanos);
            at = coordinator.reach(outbox);
        }
        if (at != null && round) {
            rebalance.send(exchange, outbox, at, nowNanos);
        }
    }

    @Override
    public void enterDeadlines(Deadlines deadlines, long nowNanos) {
        heartbeats.enterDeadlines(deadlines, nowNanos);
        rebalance.enterDeadlines(deadlines, nowNanos);
        leaves.enterDeadlines(deadlines);
        keptPlan.enterDeadlines(deadlines, nowNanos);
        deadlines.enter(Due.POLL_INTERVAL, isAwaited() ? pollInterval.deadlineNanos() : Deadline.NEVER);
    }

    /** Whether the coordinator may count on this member, so that its application has to poll. */
    private boolean isAwaited() {
        return member.identity.hasMemberId() && member.state() != ClassicState.LEAVING;
    }

    private void endByPollInterval(long nowNanos) {
        String reason = "the application was not in poll for longer than max.poll.interval.ms="
                + member.settings.timing().maxPollIntervalMs();
        if (Departure.DEFAULT.frees(member.isStatic())) {
            addLeave(reason, Deadline.after(nowNanos, member.settings.timing().sessionTimeoutNanos()));
        }
        ending.loseUntilPoll(reason, nowNanos);
    }

    @Override
    public void commitRefused(BrokerError error, MemberIdentity sentWith, long nowNanos) {
        if (!member.identity.hasGeneration() || !sentWith.equals(member.identity.current())) {
            return;
        }
        switch (ClassicReaction.toCommit(error)) {
            case NONE, AGAIN, BACK_OFF, FIND_COORDINATOR, TAKE_MEMBER_ID, RAISE -> {}
            case REJOIN -> {
                if (member.state().isSynced()) {
                    rebalance.requestRejoin("the group refused a commit as it is rebalancing");
                }
            }
            case LOSE_GENERATION -> ending.lose(true, error.name(), nowNanos);
            case LOSE_MEMBERSHIP -> ending.lose(false, error.name(), nowNanos);
            // Nobody waits for a commit that the consumer makes by itself, so poll has to throw.
            case FENCE ->
                ending.fence(GroupErrors.of("A commit", member.settings.groupId(), error, error.code()), nowNanos);
        }
    }

    @Override
    public MemberIdentity identity() {
        return member.identity.current();
    }

    @Override
    public boolean isMember() {
        return member.identity.hasGeneration();
    }

    @Override
    public boolean isLeaving() {
        return member.state() == ClassicState.LEAVING || leaves.isUnderWay();
    }

    @Override
    public boolean isRebalancing() {
        boolean leavesRound = member.state() == ClassicState.LEAVING && exchange.isRoundUnderWay();
        return leavesRound || member.state().isRebalancing();
    }

    @Override
    public boolean isHeldBack() {
        return exchange.isRoundUnderWay();
    }

    @Override
    public Set<TopicPartition> owned() {
        return Collections.unmodifiableSet(member.owned());
    }

    @Override
    public Set<String> topicsOfInterest() {
        Set<String> topics = new TreeSet<>(member.subscription.topics());
        topics.addAll(member.leadership.groupTopics());
        return topics;
    }

    @Override
    public Set<Uuid> unresolvedTopics() {
        return Set.of();
    }
}

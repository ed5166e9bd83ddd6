package dev.surefoot.core.group;

import dev.surefoot.core.cluster.TopicDirectory;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Deadlines;
import dev.surefoot.core.exchange.Outbox;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.exchange.Turn;
import dev.surefoot.core.group.JoinGroup.JoinGroupResponse;
import dev.surefoot.core.group.SyncGroup.SyncGroupResponse;
import dev.surefoot.core.handover.GroupNotice;
import dev.surefoot.core.handover.GroupNotice.Loss;
import dev.surefoot.core.handover.MemberAssignment;
import dev.surefoot.core.handover.MemberIdentity;
import dev.surefoot.core.time.Backoff;
import dev.surefoot.core.time.Deadline;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Membership by the classic protocol: JoinGroup, SyncGroup, Heartbeat, LeaveGroup. Owned by the loop's thread.
 *
 * <p>A rebalance goes round {@link ClassicState}: the application prepares, JoinGroup, the leader assigns, SyncGroup,
 * the application takes what it got. Heartbeats go on beside it.
 */
public final class ClassicMembership implements Membership {
    private final GroupSettings settings;
    private final Coordinator coordinator;
    private final Consumer<GroupEffect> effects;
    private final Backoff backoff;
    private final long maxPollNanos;

    private final Tokens tokens = new Tokens();
    private final HeartbeatTimer heartbeats;
    private final GroupLeadership leadership;
    private final ClassicExchange exchange;

    private ClassicState state = ClassicState.OUTSIDE;
    private MemberIdentity identity;
    /** The generation of the last SyncGroup that was answered in order, which claims of partitions carry (KIP-792). */
    private int confirmedGeneration = -1;

    private Set<String> subscribed = Set.of();
    private Set<String> joinedWith = Set.of();
    private Set<TopicPartition> owned = Set.of();
    private Set<TopicPartition> assigned = Set.of();
    private @Nullable MemberAssignment assignment;
    private String assignor = "";
    private Map<String, @Nullable ByteBuffer> userData = Map.of();
    private Map<String, MemberAssignment> plan = Map.of();

    /** Why the member has to join, or null if it need not. */
    private @Nullable String rejoinReason;

    private int failures;
    private long retryAtNanos;
    /** A join waits for a poll after this moment. */
    private long pollAfterNanos = Turn.NEVER_POLLED;

    private long pollDeadlineNanos = Deadline.NEVER;
    private long rebalanceStartNanos;
    private Departure departure = Departure.DEFAULT;
    private String departureReason = "";

    /** @param backoff the delays after failures */
    public ClassicMembership(
            GroupSettings settings,
            Coordinator coordinator,
            TopicDirectory topics,
            Backoff backoff,
            Consumer<GroupEffect> effects) {
        this.settings = settings;
        this.coordinator = coordinator;
        this.effects = effects;
        this.backoff = backoff;
        this.maxPollNanos = TimeUnit.MILLISECONDS.toNanos(settings.timing().maxPollIntervalMs());
        this.heartbeats = new HeartbeatTimer(settings.timing(), backoff);
        this.leadership = new GroupLeadership(topics, settings.rackId() != null);
        this.exchange = new ClassicExchange(settings, this);
        this.identity = MemberIdentity.none(settings.groupId(), settings.instanceId());
    }

    // What the application does.

    @Override
    public void subscribe(Set<String> topics, @Nullable String regex, long nowNanos) {
        if (regex != null) {
            throw new IllegalArgumentException("the classic protocol has no patterns that the coordinator matches");
        }
        subscribed = new TreeSet<>(topics);
        if (state == ClassicState.OUTSIDE || !subscribed.equals(joinedWith)) {
            rejoin(isMember() ? "topic subscription changed" : "");
        }
    }

    @Override
    public void enforceRebalance(String reason) {
        rejoin(reason);
    }

    private void rejoin(String reason) {
        if (rejoinReason == null && state != ClassicState.FENCED) {
            rejoinReason = reason;
        }
    }

    @Override
    public void released(
            long token,
            Set<TopicPartition> released,
            Map<String, @Nullable ByteBuffer> preparedUserData,
            long nowNanos) {
        if (!tokens.settle(token)) {
            return;
        }
        owned = without(owned, released);
        switch (state) {
            case PREPARING -> {
                userData = new LinkedHashMap<>(preparedUserData);
                state = ClassicState.READY_TO_JOIN;
            }
            case REVOKING -> assign(nowNanos);
            case LEAVING -> endByLeave(nowNanos);
            // Fencing or the end of a session came between; what is owned still is dealt with by the next notice.
            default -> {}
        }
    }

    @Override
    public void taken(long token, long nowNanos) {
        if (!tokens.settle(token) || state != ClassicState.TAKING) {
            return;
        }
        state = hasGeneration() ? ClassicState.STABLE : ClassicState.OUTSIDE;
        report(new GroupEvent.RebalanceEnded(
                identity.epoch(), owned.size(), nowNanos - rebalanceStartNanos, false));
    }

    @Override
    public void assignmentMade(long token, Map<String, MemberAssignment> assignments, long nowNanos) {
        if (tokens.settle(token) && state == ClassicState.ASSIGNING) {
            plan = assignments;
            state = ClassicState.READY_TO_SYNC;
        }
    }

    @Override
    public void assignmentFailed(long token, KafkaException cause, long nowNanos) {
        if (tokens.settle(token) && state == ClassicState.ASSIGNING) {
            joinAfterPoll(cause, nowNanos);
        }
    }

    @Override
    public void leave(Departure how, String reason, long nowNanos) {
        departure = how;
        departureReason = reason;
        rejoinReason = null;
        subscribed = Set.of();
        if (tokens.isOutstanding()) {
            // The application answers it on its way out, before it takes the notice that follows.
            tokens.settle(tokens.outstanding());
        }
        state = ClassicState.LEAVING;
        boolean lost = !hasGeneration();
        revoke(owned, lost ? Loss.LOST : Loss.REVOKED, false, false);
    }

    private void endByLeave(long nowNanos) {
        if (coordinatorKnowsMe() && departure.leaves(settings.instanceId() != null)) {
            exchange.queueLeave(departureReason);
        }
        forgetMembership("");
        state = ClassicState.OUTSIDE;
        joinedWith = Set.of();
        effects.accept(new GroupEffect.Notify(new GroupNotice.Left()));
    }

    @Override
    public void clusterChanged(long nowNanos) {
        leadership.refreshed();
        if (state == ClassicState.STABLE && leadership.isOutdated()) {
            rejoin("cached metadata has changed");
        }
    }

    // Requests.

    @Override
    public void dispatch(Outbox outbox, Turn turn) {
        long nowNanos = turn.nowNanos();
        if (coordinatorKnowsMe() && isPollOverdue(turn)) {
            endByPollTimeout(turn);
        }
        if (heartbeats.isSessionOver(nowNanos)) {
            forgetCoordinator("no heartbeat was answered for session.timeout.ms");
            heartbeats.confirm(nowNanos);
        }
        boolean mayBegin = state == ClassicState.OUTSIDE || state == ClassicState.STABLE;
        if (mayBegin && rejoinReason != null && polledSince(turn) && !tokens.isOutstanding()) {
            prepare(nowNanos);
        }
        if (state == ClassicState.AWAITING_METADATA && leadership.mayAssign(nowNanos)) {
            haveAssigned();
        }
        send(outbox, turn);
    }

    private void send(Outbox outbox, Turn turn) {
        exchange.sendLeave(outbox);
        boolean joins = state == ClassicState.READY_TO_JOIN && retryAtNanos <= turn.nowNanos() && polledSince(turn);
        boolean syncs = state == ClassicState.READY_TO_SYNC;
        boolean beats = coordinatorKnowsMe() && state.needsHeartbeat() && heartbeats.isDue(turn.nowNanos());
        if (!joins && !syncs && !beats && state != ClassicState.READY_TO_JOIN) {
            return;
        }
        Coordinator.Instance at = coordinator.instance();
        if (at == null) {
            coordinator.need();
            return;
        }
        if (!outbox.readiness(at.node().id(), Purpose.COORDINATOR).isReady()) {
            return;
        }
        if (joins && exchange.join(outbox, at, userData, rejoinReason == null ? "" : rejoinReason)) {
            joinedWith = Set.copyOf(subscribed);
            rejoinReason = null;
            state = ClassicState.JOINING;
        } else if (syncs && exchange.sync(outbox, at, assignor, plan)) {
            state = ClassicState.SYNCING;
        } else if (beats && exchange.heartbeat(outbox, at, turn.nowNanos())) {
            heartbeats.sent(turn.nowNanos());
        }
    }

    @Override
    public void enterDeadlines(Deadlines deadlines, long nowNanos) {
        deadlines.enter(ClassicExchange.Due.HEARTBEAT, coordinatorKnowsMe() ? heartbeats.nextNanos() : Deadline.NEVER);
        boolean backsOff = state == ClassicState.READY_TO_JOIN && retryAtNanos > nowNanos;
        deadlines.enter(ClassicExchange.Due.JOIN_RETRY, backsOff ? retryAtNanos : Deadline.NEVER);
        boolean waits = state == ClassicState.AWAITING_METADATA;
        deadlines.enter(ClassicExchange.Due.ASSIGNMENT, waits ? leadership.waitUntilNanos() : Deadline.NEVER);
        deadlines.enter(ClassicExchange.Due.POLL_INTERVAL, pollDeadlineNanos);
    }

    private boolean isPollOverdue(Turn turn) {
        long lastPoll = turn.lastPollNanos();
        boolean away = lastPoll != Turn.NEVER_POLLED && lastPoll < turn.nowNanos();
        pollDeadlineNanos = away ? Deadline.after(lastPoll, maxPollNanos) : Deadline.NEVER;
        return Deadline.passed(pollDeadlineNanos, turn.nowNanos());
    }

    private boolean polledSince(Turn turn) {
        return turn.lastPollNanos() > pollAfterNanos;
    }

    private void endByPollTimeout(Turn turn) {
        report(new GroupEvent.MembershipEnded(
                "the application was not in poll for longer than max.poll.interval.ms="
                        + settings.timing().maxPollIntervalMs(),
                null));
        if (Departure.DEFAULT.leaves(settings.instanceId() != null)) {
            exchange.queueLeave("consumer poll timeout has expired.");
        }
        pollAfterNanos = turn.lastPollNanos();
        loseMembership(false, "consumer poll timeout has expired");
    }

    // A rebalance, step by step.

    /** The application gives up what the protocol demands, commits, and says what JoinGroup is to bring. */
    private void prepare(long nowNanos) {
        rebalanceStartNanos = nowNanos;
        report(new GroupEvent.RebalanceStarted(rejoinReason == null ? "" : rejoinReason));
        state = ClassicState.PREPARING;
        if (!hasGeneration()) {
            revoke(owned, Loss.LOST, false, true);
        } else if (settings.cooperative()) {
            revoke(ofTopicsNotSubscribed(), Loss.REVOKED, false, true);
        } else {
            revoke(owned, Loss.REVOKED, true, true);
        }
    }

    private Set<TopicPartition> ofTopicsNotSubscribed() {
        Set<TopicPartition> gone = new TreeSet<>(PartitionOrder.BY_NAME);
        owned.stream().filter(partition -> !subscribed.contains(partition.topic())).forEach(gone::add);
        return gone;
    }

    private void revoke(Set<TopicPartition> partitions, Loss loss, boolean tellsEmpty, boolean joinFollows) {
        if (!partitions.isEmpty()) {
            effects.accept(new GroupEffect.Hold(partitions));
        }
        effects.accept(new GroupEffect.Notify(
                new GroupNotice.Revoked(tokens.issue(), partitions, loss, tellsEmpty, joinFollows)));
    }

    void joinAnswered(JoinGroupResponse answer, Coordinator.Instance at, long nowNanos) {
        switch (ClassicReaction.toJoin(answer.error())) {
            case NONE -> joined(answer, nowNanos);
            case TAKE_MEMBER_ID -> {
                adopt(answer.memberId(), -1);
                state = ClassicState.READY_TO_JOIN;
            }
            case AGAIN, REJOIN -> state = ClassicState.READY_TO_JOIN;
            case BACK_OFF -> joinAfterBackOff(nowNanos);
            case FIND_COORDINATOR -> {
                coordinator.forget(at, answer.error().name());
                joinAfterBackOff(nowNanos);
            }
            case LOSE_GENERATION -> loseMembership(true, answer.error().name());
            case LOSE_MEMBERSHIP -> loseMembership(false, answer.error().name());
            case FENCE -> fence(exception("Joining", answer.error(), answer.errorCode()));
            case RAISE -> joinAfterPoll(exception("Joining", answer.error(), answer.errorCode()), nowNanos);
        }
    }

    private void joined(JoinGroupResponse answer, long nowNanos) {
        failures = 0;
        adopt(answer.memberId(), answer.generation());
        heartbeats.start(nowNanos);
        assignor = answer.assignor() == null ? "" : answer.assignor();
        plan = Map.of();
        if (!answer.leaderId().equals(answer.memberId())) {
            leadership.end();
            state = ClassicState.READY_TO_SYNC;
            return;
        }
        long halfOfRebalance = Deadline.after(nowNanos, maxPollNanos / 2);
        leadership.begin(assignor, answer.members(), halfOfRebalance);
        effects.accept(new GroupEffect.RefreshMetadata());
        if (answer.skipAssignment()) {
            leadership.takePicture();
            state = ClassicState.READY_TO_SYNC;
        } else {
            state = ClassicState.AWAITING_METADATA;
        }
    }

    private void haveAssigned() {
        state = ClassicState.ASSIGNING;
        effects.accept(new GroupEffect.Notify(new GroupNotice.AssignmentWanted(
                tokens.issue(), leadership.assignor(), leadership.members(), leadership.takePicture())));
    }

    void syncAnswered(SyncGroupResponse answer, Coordinator.Instance at, long nowNanos) {
        switch (ClassicReaction.toSync(answer.error())) {
            case NONE -> synced(answer, nowNanos);
            case AGAIN, REJOIN, TAKE_MEMBER_ID -> state = ClassicState.READY_TO_JOIN;
            case BACK_OFF -> joinAfterBackOff(nowNanos);
            case FIND_COORDINATOR -> {
                coordinator.forget(at, answer.error().name());
                joinAfterBackOff(nowNanos);
            }
            case LOSE_GENERATION -> loseMembership(true, answer.error().name());
            case LOSE_MEMBERSHIP -> loseMembership(false, answer.error().name());
            case FENCE -> fence(exception("Synchronizing", answer.error(), answer.errorCode()));
            case RAISE -> joinAfterPoll(exception("Synchronizing", answer.error(), answer.errorCode()), nowNanos);
        }
    }

    private void synced(SyncGroupResponse answer, long nowNanos) {
        confirmedGeneration = identity.epoch();
        MemberAssignment got = answer.assignment();
        assignment = got;
        assigned = new TreeSet<>(PartitionOrder.BY_NAME);
        if (got != null) {
            assigned.addAll(got.partitions());
        }
        if (assigned.stream().anyMatch(partition -> !subscribed.contains(partition.topic()))) {
            // The subscription has changed since the join: nothing is taken of a plan for another one.
            state = ClassicState.STABLE;
            rejoin("received assignments do not match the current subscription");
            return;
        }
        Set<TopicPartition> gone = without(owned, assigned);
        if (gone.isEmpty()) {
            assign(nowNanos);
        } else {
            state = ClassicState.REVOKING;
            revoke(gone, Loss.REVOKED, false, false);
            rejoin("need to revoke partitions and re-join");
        }
    }

    private void assign(long nowNanos) {
        if (!hasGeneration()) {
            state = ClassicState.OUTSIDE;
            return;
        }
        state = ClassicState.TAKING;
        Set<TopicPartition> added = without(assigned, owned);
        owned = assigned;
        effects.accept(new GroupEffect.Notify(
                new GroupNotice.Assigned(tokens.issue(), added, owned, assignor, assignment, identity)));
    }

    private static Set<TopicPartition> without(Set<TopicPartition> all, Set<TopicPartition> removed) {
        Set<TopicPartition> rest = new TreeSet<>(PartitionOrder.BY_NAME);
        rest.addAll(all);
        rest.removeAll(removed);
        return rest;
    }

    // What coordinators say of a membership, and failures.

    void heartbeatAnswered(BrokerError error, short errorCode, Coordinator.Instance at, long nowNanos) {
        ClassicReaction reaction = ClassicReaction.toHeartbeat(error);
        if (reaction == ClassicReaction.NONE || reaction == ClassicReaction.REJOIN) {
            heartbeats.confirm(nowNanos);
        }
        if (reaction == ClassicReaction.REJOIN && state != ClassicState.STABLE) {
            return;
        }
        apply(reaction, error, errorCode, at, nowNanos);
    }

    @Override
    public void commitRefused(BrokerError error, MemberIdentity sentWith, long nowNanos) {
        if (sentWith.equals(identity)) {
            ClassicReaction reaction = ClassicReaction.toCommit(error);
            if (reaction != ClassicReaction.FENCE) {
                apply(reaction, error, error.code(), null, nowNanos);
            } else {
                fence(null);
            }
        }
    }

    private void apply(
            ClassicReaction reaction,
            BrokerError error,
            short errorCode,
            Coordinator.@Nullable Instance at,
            long nowNanos) {
        switch (reaction) {
            case NONE, AGAIN, TAKE_MEMBER_ID -> {}
            case BACK_OFF -> heartbeats.failed(nowNanos);
            case FIND_COORDINATOR -> {
                heartbeats.failed(nowNanos);
                if (at != null) {
                    coordinator.forget(at, error.name());
                }
            }
            case REJOIN -> rejoin("group is already rebalancing");
            case LOSE_GENERATION -> loseMembership(true, error.name());
            case LOSE_MEMBERSHIP -> loseMembership(false, error.name());
            case FENCE -> fence(exception("The heartbeat", error, errorCode));
            case RAISE ->
                effects.accept(new GroupEffect.Raise(exception("The heartbeat", error, errorCode)));
        }
    }

    void heartbeatFailed(RequestFailure failure, Coordinator.Instance at, long nowNanos) {
        heartbeats.failed(nowNanos);
        coordinator.forget(at, String.valueOf(failure.cause().getMessage()));
    }

    /** JoinGroup or SyncGroup has ended without an answer; what the coordinator made of it is unknown. */
    void attemptFailed(RequestFailure failure, Coordinator.Instance at, long nowNanos) {
        if (failure.isRefusal() || failure.kind() == RequestFailure.Kind.UNSUPPORTED_VERSION) {
            joinAfterPoll(failure.cause(), nowNanos);
        } else {
            coordinator.forget(at, String.valueOf(failure.cause().getMessage()));
            joinAfterBackOff(nowNanos);
        }
    }

    private void joinAfterBackOff(long nowNanos) {
        state = ClassicState.READY_TO_JOIN;
        retryAtNanos = Deadline.after(nowNanos, backoff.delayNanos(++failures));
    }

    private void joinAfterPoll(KafkaException cause, long nowNanos) {
        effects.accept(new GroupEffect.Raise(cause));
        pollAfterNanos = nowNanos;
        joinAfterBackOff(nowNanos);
        report(new GroupEvent.RebalanceEnded(identity.epoch(), owned.size(), nowNanos - rebalanceStartNanos, true));
    }

    private KafkaException exception(String doing, BrokerError error, short errorCode) {
        return error == BrokerError.GROUP_AUTHORIZATION_FAILED
                ? GroupErrors.unauthorized(settings.groupId())
                : error.exception(doing + " in group '" + settings.groupId() + "'", errorCode);
    }

    private void forgetCoordinator(String reason) {
        Coordinator.Instance at = coordinator.instance();
        if (at != null) {
            coordinator.forget(at, reason);
        }
    }

    /** The coordinator has ended this membership, or this member has: what is owned is lost, and the member joins anew. */
    private void loseMembership(boolean keepId, String reason) {
        if (hasGeneration()) {
            report(new GroupEvent.MembershipEnded(reason, null));
        }
        forgetMembership(keepId ? identity.memberId() : "");
        loseOwned();
        switch (state) {
            // The application answers a notice first.
            case PREPARING, REVOKING, TAKING, LEAVING, FENCED, OUTSIDE -> {}
            case JOINING, READY_TO_JOIN -> state = owned.isEmpty() ? ClassicState.READY_TO_JOIN : ClassicState.OUTSIDE;
            case AWAITING_METADATA, ASSIGNING, READY_TO_SYNC, SYNCING, STABLE -> {
                tokens.settle(tokens.outstanding());
                state = ClassicState.OUTSIDE;
            }
        }
        rejoin("encountered " + reason);
    }

    private void loseOwned() {
        if (owned.isEmpty()) {
            return;
        }
        effects.accept(new GroupEffect.Hold(owned));
        boolean unanswered = state == ClassicState.PREPARING || state == ClassicState.REVOKING;
        if (unanswered && tokens.isOutstanding()) {
            effects.accept(new GroupEffect.Supersede(new GroupNotice.Revoked(
                    tokens.outstanding(), owned, Loss.LOST, false, state == ClassicState.PREPARING)));
        }
    }

    private void fence(@Nullable KafkaException cause) {
        report(new GroupEvent.MembershipEnded("another member has the same group.instance.id", cause));
        forgetMembership("");
        if (cause != null) {
            effects.accept(new GroupEffect.Raise(cause));
        }
        tokens.settle(tokens.outstanding());
        state = ClassicState.FENCED;
        if (!owned.isEmpty()) {
            revoke(owned, Loss.LOST, false, false);
        }
    }

    private void forgetMembership(String memberId) {
        identity = new MemberIdentity(
                settings.groupId(), memberId, -1, settings.instanceId(), identity.incarnation() + 1);
        confirmedGeneration = -1;
        heartbeats.stop();
        leadership.end();
        exchange.forgetAttempt();
    }

    private void adopt(String memberId, int generation) {
        long incarnation = identity.incarnation() + (hasGeneration() || generation < 0 ? 0 : 1);
        identity = new MemberIdentity(settings.groupId(), memberId, generation, settings.instanceId(), incarnation);
    }

    private boolean hasGeneration() {
        return identity.epoch() >= 0;
    }

    /** Whether heartbeats and a leave make sense. */
    private boolean coordinatorKnowsMe() {
        return hasGeneration();
    }

    private void report(GroupEvent event) {
        effects.accept(new GroupEffect.Report(event));
    }
}

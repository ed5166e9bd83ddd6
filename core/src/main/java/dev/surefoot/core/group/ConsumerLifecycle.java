package dev.surefoot.core.group;

import dev.surefoot.core.group.Membership.Departure;
import dev.surefoot.core.group.ToldSubscription.Content;
import dev.surefoot.core.handover.GroupNotice;
import dev.surefoot.core.handover.GroupNotice.Loss;
import dev.surefoot.core.handover.MemberIdentity;
import dev.surefoot.core.time.Backoff;
import dev.surefoot.core.time.Deadline;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * The states of a member of the consumer protocol, and what leads from one to the next. Each input ends in {@link
 * #advance}, which does what the state allows by then. Owned by the loop's thread.
 */
final class ConsumerLifecycle {
    /** What the application subscribes to; the pattern is the coordinator's, or null. */
    record Subscription(Set<String> topics, @Nullable String regex) {}

    /** A heartbeat is on its way for this part of the time for a rebalance, but no longer than the maximum. */
    private static final int WAY_PART = 10;

    private static final long WAY_NANOS_MAX = Duration.ofSeconds(1).toNanos();

    private final GroupSettings settings;
    private final Backoff backoff;
    private final Consumer<GroupEffect> effects;
    private final ConsumerHeartbeatTimer timer;
    private final ConsumerExchange exchange;
    private final PartitionOwnership ownership;
    private final Reconciliation reconciliation;
    private final ConsumerDeadlines deadlines;
    private final RebalanceReport report;

    private ConsumerState state = ConsumerState.UNSUBSCRIBED;
    private MemberIdentity identity;
    /** 0 while the coordinator does not count this member. */
    private int epoch;

    private Subscription subscription = new Subscription(Set.of(), null);
    /** Whether the application is subscribed; otherwise {@link #subscription} is what the present membership has. */
    private boolean subscribed;

    private Departure departure = Departure.DEFAULT;
    /** How many calls of leave wait for {@code Left}. */
    private int departures;
    /** Whether this membership ends because the application was too slow. */
    private boolean expired;
    /** What the leave is to say; 0 if it is not to be sent. */
    private int leaveEpoch;

    private boolean joinWasSent;
    private int fencings;
    private @Nullable KafkaException failure;

    ConsumerLifecycle(
            GroupSettings settings,
            Backoff backoff,
            Consumer<GroupEffect> effects,
            ConsumerHeartbeatTimer timer,
            ConsumerExchange exchange,
            PartitionOwnership ownership,
            Reconciliation reconciliation,
            ConsumerDeadlines deadlines) {
        this.settings = settings;
        this.backoff = backoff;
        this.effects = effects;
        this.timer = timer;
        this.exchange = exchange;
        this.ownership = ownership;
        this.reconciliation = reconciliation;
        this.deadlines = deadlines;
        this.report = new RebalanceReport(effects);
        this.identity = MemberIdentity.none(settings.groupId(), settings.instanceId());
    }

    ConsumerState state() {
        return state;
    }

    int epoch() {
        return epoch;
    }

    MemberIdentity identity() {
        return identity;
    }

    Subscription subscription() {
        return subscription;
    }

    /** What the leave that is to be sent says; 0 if none is. */
    int leaveEpoch() {
        return leaveEpoch;
    }

    /** Whether heartbeats are to be sent. They go on while the application gives up what it owns before a leave. */
    boolean sendsHeartbeats() {
        return state.isJoined() || (state == ConsumerState.PREPARE_LEAVING && epoch > 0);
    }

    Content content() {
        return new Content(
                subscription.topics(), subscription.regex(), ownership.owned(), reconciliation.reconciledNumber());
    }

    // What the application does.

    void subscribe(Subscription wanted, long nowNanos) {
        KafkaException cause = failure;
        if (cause != null) {
            effects.accept(new GroupEffect.Raise(cause));
            return;
        }
        if (state.isJoined() && !wanted.equals(subscription)) {
            timer.hurry();
        }
        deadlines.awaitPoll(nowNanos);
        subscription = wanted;
        subscribed = true;
    }

    /** Whether the member joins as soon as the application polls. */
    boolean awaitsPoll() {
        return subscribed
                && (state == ConsumerState.UNSUBSCRIBED || (state == ConsumerState.STALE && ownership.isAnswered()));
    }

    void released(long token, Set<TopicPartition> released, long nowNanos) {
        if (!ownership.released(token, released)) {
            return;
        }
        if (state == ConsumerState.RECONCILING) {
            reconciliation.released();
            // The coordinator can give the partitions to others before the listener is called for the new set.
            timer.hurry();
        }
        advance(nowNanos);
    }

    void taken(long token, long nowNanos) {
        if (!ownership.taken(token)) {
            return;
        }
        if (state == ConsumerState.RECONCILING) {
            reconciliation.taken();
            acknowledge();
        }
        advance(nowNanos);
    }

    void leave(Departure how, long nowNanos) {
        departure = how;
        departures++;
        subscribed = false;
        if (state.isJoined()) {
            report.ended(epoch, 0, true, nowNanos);
            become(ConsumerState.PREPARE_LEAVING);
            // Who has only asked to join owns nothing.
            ownership.revokeAll(Loss.REVOKED);
        }
        advance(nowNanos);
    }

    // What the coordinator says.

    /** The coordinator counts this member, at this epoch. */
    void adopt(int toldEpoch) {
        if (epoch != toldEpoch) {
            epoch = toldEpoch;
            identity = new MemberIdentity(
                    settings.groupId(), exchange.memberId(), toldEpoch, settings.instanceId(), exchange.incarnation());
            effects.accept(new GroupEffect.Notify(new GroupNotice.Identified(identity)));
        }
    }

    /** A heartbeat of a member was answered in order: it is not in a row of fencings. */
    void confirm() {
        fencings = 0;
    }

    /**
     * The coordinator wants the member to own these partitions; a member that leaves takes no notice.
     *
     * @param askedNanos when the heartbeat was sent that is answered so
     */
    void retarget(Map<Uuid, Set<Integer>> partitions, long askedNanos, long nowNanos) {
        if (!state.isJoined()) {
            return;
        }
        reconciliation.retarget(partitions, askedNanos);
        if (reconciliation.isComplete()) {
            if (state == ConsumerState.RECONCILING) {
                become(ConsumerState.STABLE);
                report.ended(epoch, ownership.size(), false, nowNanos);
            }
        } else if (state != ConsumerState.RECONCILING) {
            become(ConsumerState.RECONCILING);
        }
    }

    /** The coordinator does not count this member any more, or may not: it joins from nothing. */
    void fence(String reason, @Nullable KafkaException cause, long nowNanos) {
        fencings++;
        endMembership(reason, cause, nowNanos);
        become(ConsumerState.FENCED);
        ownership.revokeAll(Loss.LOST);
        advance(nowNanos);
    }

    /** Membership is over for good. */
    void fail(KafkaException cause, long nowNanos) {
        failure = cause;
        effects.accept(new GroupEffect.Raise(cause));
        endMembership(String.valueOf(cause.getMessage()), cause, nowNanos);
        become(ConsumerState.FATAL);
        ownership.revokeAll(Loss.LOST);
        advance(nowNanos);
    }

    // Time and requests.

    /** The application was too slow: the member leaves, and joins anew when the application polls. */
    void expire(String reason, long nowNanos) {
        expired = true;
        deadlines.awaitPoll(nowNanos);
        become(ConsumerState.PREPARE_LEAVING);
        leaveEpoch = joinWasSent ? leaveEpoch(Departure.DEFAULT) : 0;
        endMembership(reason, null, nowNanos);
        become(ConsumerState.LEAVING);
        ownership.revokeAll(Loss.LOST);
    }

    /** A heartbeat was handed to the transport. */
    void sent() {
        joinWasSent = true;
    }

    /** The leave was handed to the transport, or cannot be. */
    void left(long nowNanos) {
        leaveEpoch = 0;
        become(expired ? ConsumerState.STALE : ConsumerState.UNSUBSCRIBED);
        advance(nowNanos);
    }

    void join(long notBeforeNanos) {
        become(ConsumerState.JOINING);
        expired = false;
        joinWasSent = false;
        exchange.beginIncarnation();
        reconciliation.clear();
        timer.start(notBeforeNanos);
    }

    /** Does what the state allows now. */
    void advance(long nowNanos) {
        switch (state) {
            case JOINING, STABLE -> {}
            case RECONCILING -> reconcile(nowNanos);
            case ACKNOWLEDGING -> endAcknowledgement(nowNanos);
            case UNSUBSCRIBED -> endDepartures();
            case PREPARE_LEAVING -> {
                if (revokeRest(Loss.REVOKED)) {
                    leaveEpoch = joinWasSent ? leaveEpoch(departure) : 0;
                    endMembership();
                    become(ConsumerState.LEAVING);
                    endDepartures();
                }
            }
            case LEAVING, FATAL -> {
                if (revokeRest(Loss.LOST)) {
                    endDepartures();
                }
            }
            case FENCED -> {
                if (revokeRest(Loss.LOST)) {
                    endFencing(nowNanos);
                }
            }
            case STALE -> {
                if (revokeRest(Loss.LOST) && departures > 0) {
                    become(ConsumerState.UNSUBSCRIBED);
                    endDepartures();
                }
            }
        }
    }

    // The steps.

    private void become(ConsumerState next) {
        if (!next.mayFollow(state)) {
            throw new IllegalStateException(state + " is not followed by " + next + "; this is a bug in Surefoot");
        }
        state = next;
    }

    /** Has the application give up what it still owns; whether it owns nothing, by its own word. */
    private boolean revokeRest(Loss loss) {
        if (ownership.isAnswered()) {
            ownership.revokeAll(loss);
        }
        return ownership.isAnswered();
    }

    private void endDepartures() {
        for (; departures > 0; departures--) {
            effects.accept(new GroupEffect.Notify(new GroupNotice.Left()));
        }
    }

    private void endFencing(long nowNanos) {
        if (departures > 0) {
            become(ConsumerState.UNSUBSCRIBED);
            endDepartures();
        } else {
            // One fencing can follow from a lost answer; when they come in a row something is wrong.
            join(fencings > 1 ? Deadline.after(nowNanos, backoff.delayNanos(fencings - 1)) : 0);
        }
    }

    /** Waits while a claim has no answer: the coordinator takes what that leaves out for given up. */
    private void reconcile(long nowNanos) {
        if (!exchange.isClaimOutstanding() && reconciliation.step(identity, revocationNanos())) {
            acknowledge();
            endAcknowledgement(nowNanos);
        } else if (!ownership.isAnswered()) {
            report.started("the coordinator has assigned other partitions", nowNanos);
        }
    }

    /**
     * How long a revocation may take after the heartbeat was sent that brought it: as long as the coordinator waits,
     * less the time in which the heartbeat that tells of its end gets there. That one is sent at once, so an
     * application that polls in time can be in time.
     */
    private long revocationNanos() {
        long waitsNanos = settings.timing().maxPollIntervalNanos();
        return waitsNanos - Math.min(waitsNanos / WAY_PART, WAY_NANOS_MAX);
    }

    private void acknowledge() {
        become(ConsumerState.ACKNOWLEDGING);
        if (!exchange.hasAcknowledged(content())) {
            timer.hurry();
        }
    }

    private void endAcknowledgement(long nowNanos) {
        if (!exchange.hasAcknowledged(content())) {
            return;
        }
        if (reconciliation.isComplete()) {
            become(ConsumerState.STABLE);
            report.ended(epoch, ownership.size(), false, nowNanos);
        } else {
            become(ConsumerState.RECONCILING);
            reconcile(nowNanos);
        }
    }

    private int leaveEpoch(Departure how) {
        boolean isStatic = settings.instanceId() != null;
        if (how.frees(isStatic)) {
            return -1;
        }
        return isStatic ? -2 : 0;
    }

    private void endMembership(String reason, @Nullable KafkaException cause, long nowNanos) {
        // A join that was not sent yet has made nobody a member.
        if (joinWasSent) {
            effects.accept(new GroupEffect.Report(new GroupEvent.MembershipEnded(reason, cause)));
        }
        report.ended(epoch, 0, true, nowNanos);
        endMembership();
    }

    private void endMembership() {
        epoch = 0;
        exchange.beginIncarnation();
        identity = new MemberIdentity(settings.groupId(), "", -1, settings.instanceId(), exchange.incarnation());
        reconciliation.clear();
        timer.stop();
        deadlines.endLease();
    }
}

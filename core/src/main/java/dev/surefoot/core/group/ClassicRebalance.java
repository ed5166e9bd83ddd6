package dev.surefoot.core.group;

import dev.surefoot.core.exchange.Deadlines;
import dev.surefoot.core.exchange.Outbox;
import dev.surefoot.core.group.ClassicExchange.Sent;
import dev.surefoot.core.group.JoinGroup.JoinGroupResponse;
import dev.surefoot.core.handover.GroupNotice;
import dev.surefoot.core.handover.GroupNotice.Loss;
import dev.surefoot.core.handover.MemberAssignment;
import dev.surefoot.core.time.Backoff;
import dev.surefoot.core.time.Deadline;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The way of a member of the classic protocol from one assignment to the next: the application gives up what the
 * protocol demands, JoinGroup, the leader assigns, SyncGroup, the application takes what it got. Neither another
 * coordinator nor a request without an answer touches what the application owns. Owned by the loop's thread.
 */
final class ClassicRebalance {
    private enum Due implements Deadlines.Name {
        /** A rejoin that was put off, so that not all members rejoin at once. */
        REJOIN,
        JOIN_RETRY,
        /** The leader assigns by the metadata that it has. */
        ASSIGNMENT
    }

    /** Why a leader joins that nobody has asked for the second round; a plan that still hands over then is left. */
    private static final String SECOND_ROUND = "the second round of a rebalance has not begun";

    private final ClassicMember member;
    private final JoinRetries retries;
    private String joinReason = "";
    private String assignor = "";
    private Map<String, MemberAssignment> assignments = Map.of();
    private long startNanos;
    /** The last generation by whose plan this member has given something up and that no later one has followed. */
    private int handsOverIn = ClassicIdentity.NO_GENERATION;

    ClassicRebalance(ClassicMember member, Backoff backoff) {
        this.member = member;
        this.retries = new JoinRetries(backoff);
    }

    // What starts a rebalance.

    void subscribe(Set<String> topics) {
        member.subscription.subscribe(topics);
        switch (member.state()) {
            case OUTSIDE, LEAVING -> member.rejoin.request("");
            // JoinGroup says what is subscribed to when it is sent; the application's answer prepares for that.
            case PREPARING, FENCED -> {}
            case READY_TO_JOIN -> prepareAgain();
            case JOINING, AWAITING_METADATA, ASSIGNING, READY_TO_SYNC, SYNCING, REVOKING, TAKING, STABLE -> {
                if (member.subscription.differsFromJoined()) {
                    member.rejoin.request("topic subscription changed");
                }
            }
        }
    }

    /** Joins anew as soon as the present rebalance, if there is one, has ended. */
    void requestRejoin(String reason) {
        if (member.identity.hasGeneration() && member.state() != ClassicState.LEAVING) {
            member.rejoin.request(reason);
        }
    }

    /** Whether this member leads and there is metadata that it has not looked at. */
    boolean watchesMetadata() {
        return member.state() == ClassicState.STABLE && member.leadership.hasUnseenMetadata();
    }

    /**
     * Looks whether the partitions of the group's topics have changed.
     *
     * @param jitterNanos how long to put off a rejoin for that
     */
    void compareMetadata(long nowNanos, long jitterNanos) {
        if (member.leadership.compare()) {
            member.rejoin.requestAt("cached metadata has changed", Deadline.after(nowNanos, jitterNanos));
        }
    }

    // Step by step.

    /** Begins what is due without the application or the coordinator having said anything. */
    void begin(long nowNanos) {
        if (isBetweenRebalances() && member.rejoin.isDue(nowNanos)) {
            start(member.rejoin.reason(), nowNanos);
            boolean tellsEmpty = member.identity.hasGeneration() && !member.settings.cooperative();
            member.notices.revoke(toGiveUp(), lossBeforeJoin(), tellsEmpty, true);
        }
        if (member.state() == ClassicState.AWAITING_METADATA && member.leadership.mayAssign(nowNanos)) {
            member.enter(ClassicState.ASSIGNING);
            member.notices.askForPlan(member.leadership);
        }
    }

    private boolean isBetweenRebalances() {
        return member.state() == ClassicState.OUTSIDE || member.state() == ClassicState.STABLE;
    }

    /** A rebalance begins; the caller tells the application. */
    void start(String reason, long nowNanos) {
        member.rejoin.clear();
        joinReason = reason;
        startNanos = nowNanos;
        member.enter(ClassicState.PREPARING);
        member.report(new GroupEvent.RebalanceStarted(reason));
    }

    private NavigableSet<TopicPartition> toGiveUp() {
        return member.identity.hasGeneration() && member.settings.cooperative()
                ? member.partitions.ofOtherTopics(member.subscription.topics())
                : member.owned();
    }

    private Loss lossBeforeJoin() {
        return member.identity.hasGeneration() ? Loss.REVOKED : Loss.LOST;
    }

    /** The application is asked once more; its listener is not called if there is nothing to give up. */
    private void prepareAgain() {
        member.enter(ClassicState.PREPARING);
        member.notices.revoke(toGiveUp(), lossBeforeJoin(), false, true);
    }

    /** The application has given up what it was asked for. */
    void released(Map<String, @Nullable ByteBuffer> userData, long nowNanos) {
        if (member.state() == ClassicState.REVOKING) {
            take(nowNanos);
            return;
        }
        boolean complete = member.notices.wantedJoin() || !userData.isEmpty();
        if (complete && toGiveUp().isEmpty()) {
            member.subscription.prepare(userData);
            member.enter(ClassicState.READY_TO_JOIN);
        } else {
            prepareAgain();
        }
    }

    boolean wantsToSend(long nowNanos) {
        return member.state() == ClassicState.READY_TO_SYNC
                || (member.state() == ClassicState.READY_TO_JOIN && retries.isDue(nowNanos));
    }

    void send(ClassicExchange exchange, Outbox outbox, Coordinator.Instance at, long nowNanos) {
        ClassicIdentity identity = member.identity;
        Sent sent = new Sent(at, identity.current(), nowNanos);
        if (member.state() == ClassicState.READY_TO_SYNC) {
            if (exchange.sync(outbox, sent, assignor, assignments, member.leadership.isLeading())) {
                member.enter(ClassicState.SYNCING);
            }
        } else if (exchange.join(
                outbox,
                sent,
                identity.memberId(),
                member.subscription.protocols(member.owned(), identity.confirmedGeneration()),
                joinReason)) {
            retries.sent(nowNanos);
            member.subscription.joined();
            member.rejoin.clear();
            member.enter(ClassicState.JOINING);
        }
    }

    void enterDeadlines(Deadlines deadlines, long nowNanos) {
        deadlines.enter(Due.REJOIN, isBetweenRebalances() ? member.rejoin.dueNanos() : Deadline.NEVER);
        boolean backsOff = member.state() == ClassicState.READY_TO_JOIN && !retries.isDue(nowNanos);
        deadlines.enter(Due.JOIN_RETRY, backsOff ? retries.dueNanos() : Deadline.NEVER);
        boolean waits = member.state() == ClassicState.AWAITING_METADATA;
        deadlines.enter(Due.ASSIGNMENT, waits ? member.leadership.waitUntilNanos() : Deadline.NEVER);
    }

    /**
     * The coordinator wants to see the id that it has given, within {@code session.timeout.ms}: whatever has failed
     * before, the first one is used without a back-off.
     */
    void takeMemberId(String memberId, long nowNanos) {
        boolean first = !member.identity.hasMemberId();
        member.identity.takeMemberId(memberId);
        if (first) {
            member.enter(ClassicState.READY_TO_JOIN);
        } else {
            joinAtOnce(nowNanos);
        }
    }

    /** A generation begins, of which this member is a part. */
    void joined(JoinGroupResponse answer, String chosen, long nowNanos) {
        member.identity.join(answer.memberId(), answer.generation());
        member.heartbeats.start(nowNanos);
        assignor = chosen;
        assignments = Map.of();
        member.enter(ClassicState.READY_TO_SYNC);
        if (!answer.leaderId().equals(answer.memberId())) {
            member.leadership.end();
            return;
        }
        long half = member.settings.timing().maxPollIntervalNanos() / 2;
        member.leadership.begin(assignor, answer.members(), Deadline.after(nowNanos, half), nowNanos);
        member.apply(new GroupEffect.RefreshMetadata());
        if (answer.skipAssignment()) {
            member.leadership.watchOnly();
        } else {
            member.enter(ClassicState.AWAITING_METADATA);
        }
    }

    /** The application's assignor has made the plan. */
    void assignmentMade(Map<String, MemberAssignment> made) {
        if (member.state() == ClassicState.ASSIGNING) {
            assignments = made;
            member.leadership.planned(made);
            member.enter(ClassicState.READY_TO_SYNC);
        } else {
            prepareAgain();
        }
    }

    /** The application's assignor has thrown. */
    void assignmentFailed(KafkaException cause, long nowNanos) {
        if (member.state() == ClassicState.ASSIGNING) {
            raise(cause, nowNanos);
        } else {
            prepareAgain();
        }
    }

    /** The name of the assignor that the coordinator has chosen. */
    String assignor() {
        return assignor;
    }

    /** This member's part of the plan is there. */
    void synced(@Nullable MemberAssignment plan, long nowNanos) {
        member.heartbeats.confirm(nowNanos, nowNanos);
        member.identity.confirm();
        member.partitions.plan(plan);
        NavigableSet<TopicPartition> gone = member.partitions.notInPlan();
        requestHandOver(gone.isEmpty());
        if (gone.isEmpty()) {
            take(nowNanos);
        } else {
            member.enter(ClassicState.REVOKING);
            // The listener may store offsets in a transaction, which needs the generation of the plan.
            member.notices.tell(new GroupNotice.Identified(member.identity.current()));
            member.notices.revoke(gone, Loss.REVOKED, false, false);
        }
    }

    /**
     * What this member gives up by a plan somebody else gets in the next generation only (cooperative). A static member
     * whose membership ended before it had joined that returns into the generation of the plan, and still owes it.
     */
    private void requestHandOver(boolean keepsAll) {
        int generation = member.identity.current().epoch();
        if (!keepsAll || handsOverIn == generation) {
            member.rejoin.request("need to revoke partitions and re-join");
        }
        handsOverIn = keepsAll ? ClassicIdentity.NO_GENERATION : generation;
    }

    private void take(long nowNanos) {
        if (member.partitions.planFits(member.subscription.topics())) {
            retries.synced();
            member.enter(ClassicState.TAKING);
            member.notices.assign(member.partitions, assignor, member.identity);
        } else {
            // The plan is for an earlier subscription: nothing is taken of it, and the next one is asked for. An
            // assignor that gives what nobody has subscribed to would have that so for ever.
            retries.retryAtOnce(nowNanos);
            member.enter(ClassicState.STABLE);
            member.rejoin.request("received assignments do not match the current subscription");
            member.notices.tell(new GroupNotice.Identified(member.identity.current()));
            reportEnd(true, nowNanos);
        }
    }

    /** The application has taken the plan. */
    void taken(long nowNanos) {
        if (member.state() == ClassicState.TAKING) {
            member.enter(ClassicState.STABLE);
            if (member.leadership.handsOver() && !joinReason.equals(SECOND_ROUND)) {
                long sessionNanos = member.settings.timing().sessionTimeoutNanos();
                member.rejoin.requestAt(SECOND_ROUND, Deadline.after(nowNanos, sessionNanos));
            }
            reportEnd(false, nowNanos);
        } else {
            prepareAgain();
        }
    }

    private void reportEnd(boolean failed, long nowNanos) {
        member.report(new GroupEvent.RebalanceEnded(
                member.identity.current().epoch(), member.owned().size(), nowNanos - startNanos, failed));
    }

    // What goes wrong.

    /** Joins once more with what the application has prepared. */
    void joinAtOnce(long nowNanos) {
        member.enter(ClassicState.READY_TO_JOIN);
        countRetry(nowNanos);
    }

    /** A JoinGroup follows one that has failed, at once but for a limit. */
    void countRetry(long nowNanos) {
        retries.retryAtOnce(nowNanos);
    }

    void joinAfterBackOff(long nowNanos) {
        member.enter(ClassicState.READY_TO_JOIN);
        retries.backOff(nowNanos);
    }

    /** The application gets an exception, and the next JoinGroup waits for its next poll. */
    void raise(KafkaException cause, long nowNanos) {
        member.apply(new GroupEffect.Raise(cause));
        reportEnd(true, nowNanos);
        retries.backOff(nowNanos);
        start("rejoining after " + cause.getClass().getSimpleName(), nowNanos);
        prepareAgain();
    }
}

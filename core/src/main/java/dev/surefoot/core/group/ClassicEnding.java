package dev.surefoot.core.group;

import dev.surefoot.core.handover.GroupNotice;
import dev.surefoot.core.handover.GroupNotice.Loss;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * The ends of a membership of the classic protocol: by the coordinator's word, by the application's silence, by its
 * wish. The round under way is over with it, and the application gives up all that it owns. What it is asked for and
 * has not taken yet is replaced by that; what it had taken it gives up thereafter. Owned by the loop's thread.
 */
final class ClassicEnding {
    private final ClassicMember member;
    private final ClassicRebalance rebalance;
    /** Why this member never joins again, or null if it may. */
    private @Nullable KafkaException fencedBy;
    /** Whether the leave that is under way began in a rebalance, in which others may own the partitions already. */
    private boolean leavesAsLost;
    /** Whether it began while a JoinGroup of this membership was under way. */
    private boolean leavesInJoin;

    private Runnable atLeave = () -> {};

    ClassicEnding(ClassicMember member, ClassicRebalance rebalance) {
        this.member = member;
        this.rebalance = rebalance;
    }

    /**
     * The coordinator does not count this member any more; the member joins anew.
     *
     * @param keepsId whether it joins with the id it had
     */
    void lose(boolean keepsId, String reason, long nowNanos) {
        boolean prepared = member.state().isRebalancing() || member.state() == ClassicState.READY_TO_JOIN;
        reportEnd(reason, null);
        end(keepsId);
        if (member.state() == ClassicState.LEAVING) {
            giveUpEverything(Loss.LOST, false);
        } else if (prepared && member.owned().isEmpty() && !member.notices.isOutstanding()) {
            rebalance.joinAtOnce(nowNanos);
        } else {
            if (prepared) {
                rebalance.countRetry(nowNanos);
            }
            prepareAfterLoss(reason, nowNanos);
        }
    }

    /** This member does not count itself any more, as the application does not poll; it joins anew after a poll. */
    void loseUntilPoll(String reason, long nowNanos) {
        reportEnd(reason, null);
        end(false);
        prepareAfterLoss(reason, nowNanos);
    }

    private void prepareAfterLoss(String reason, long nowNanos) {
        rebalance.start("membership ended: " + reason, nowNanos);
        giveUpEverything(Loss.LOST, true);
    }

    /**
     * The coordinator says that another member has this one's instance id. Unless that may be this member's
     * own earlier id, which a join without an id replaces, this one never joins again: two that fence each
     * other would do so for ever.
     *
     * @param cause what the application's poll throws
     */
    void fence(KafkaException cause, long nowNanos) {
        if (member.identity.mayBeUnknown() && member.state() != ClassicState.LEAVING) {
            member.identity.joinAnew();
            lose(false, "the coordinator knows the group.instance.id under an earlier member id", nowNanos);
            return;
        }
        reportEnd("another member has the same group.instance.id", cause);
        member.apply(new GroupEffect.Raise(cause));
        fencedBy = cause;
        end(false);
        if (member.state() != ClassicState.LEAVING) {
            member.enter(ClassicState.FENCED);
        }
        giveUpEverything(Loss.LOST, false);
    }

    /** The application subscribes: it hears again why this member takes no part any more. */
    void raiseIfFenced() {
        KafkaException cause = fencedBy;
        if (cause != null) {
            member.apply(new GroupEffect.Raise(cause));
        }
    }

    /**
     * The application wants no part in the group any more.
     *
     * @param whenGivenUp called when it has given up everything, while the member still has its id
     */
    void leave(Runnable whenGivenUp) {
        boolean again = member.state() == ClassicState.LEAVING;
        boolean lost = !member.identity.hasGeneration() || member.state().isRebalancing() || (again && leavesAsLost);
        leavesAsLost = lost;
        leavesInJoin = member.state() == ClassicState.JOINING || (again && leavesInJoin);
        member.leadership.end();
        member.rejoin.clear();
        member.subscription.subscribe(Set.of());
        member.enter(ClassicState.LEAVING);
        atLeave = whenGivenUp;
        giveUpEverything(lost ? Loss.LOST : Loss.REVOKED, false);
        if (!member.notices.isOutstanding()) {
            endByLeave();
        }
    }

    private void giveUpEverything(Loss loss, boolean joinFollows) {
        if (member.notices.isOutstanding()) {
            member.notices.revokeInstead(member.owned(), loss, joinFollows);
        } else if (joinFollows || !member.owned().isEmpty()) {
            member.notices.revoke(member.owned(), loss, false, joinFollows);
        }
    }

    /** Whether what the application answers belongs to an end after which the member does not join. */
    boolean isUnderWay() {
        return member.state() == ClassicState.LEAVING || member.state() == ClassicState.FENCED;
    }

    /** Whether the application gives up everything, and a JoinGroup of the membership that it ends may be answered. */
    boolean leftWhileJoining() {
        return member.state() == ClassicState.LEAVING && leavesInJoin;
    }

    /** The application has answered. */
    void answered() {
        if (!member.owned().isEmpty()) {
            member.notices.revoke(
                    member.owned(), member.identity.hasGeneration() ? Loss.REVOKED : Loss.LOST, false, false);
        } else if (member.state() == ClassicState.LEAVING) {
            endByLeave();
        }
    }

    private void endByLeave() {
        atLeave.run();
        end(false);
        member.enter(fencedBy != null ? ClassicState.FENCED : ClassicState.OUTSIDE);
        member.notices.tell(new GroupNotice.Left());
    }

    private void end(boolean keepsId) {
        member.identity.end(keepsId);
        member.leadership.end();
    }

    private void reportEnd(String reason, @Nullable KafkaException cause) {
        if (member.identity.hasGeneration()) {
            member.report(new GroupEvent.MembershipEnded(reason, cause));
        }
    }
}

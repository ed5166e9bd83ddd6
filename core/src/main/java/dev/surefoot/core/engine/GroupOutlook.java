package dev.surefoot.core.engine;

import dev.surefoot.core.exchange.Turn;
import dev.surefoot.core.group.Coordinator;
import dev.surefoot.core.group.GroupView;
import dev.surefoot.core.group.GroupWatch;
import dev.surefoot.core.group.MemberPhase;
import dev.surefoot.core.group.Membership;

/** What a member does in its group, put together for the guard. Queries only. Owned by the loop's thread. */
final class GroupOutlook {
    private final Membership membership;
    private final Coordinator coordinator;
    private final GroupWatch watch;

    GroupOutlook(Membership membership, Coordinator coordinator, GroupWatch watch) {
        this.membership = membership;
        this.coordinator = coordinator;
        this.watch = watch;
    }

    /** Takes note of a turn, after the parts of the group have said whether they need the coordinator. */
    void look(boolean subscribed, Turn turn) {
        watch.look(phase(subscribed), turn);
    }

    GroupView view(long nowNanos) {
        return watch.view(
                membership.identity(),
                coordinator.standing(nowNanos),
                membership.owned().size());
    }

    private MemberPhase phase(boolean subscribed) {
        if (membership.isLeaving()) {
            return MemberPhase.LEAVING;
        }
        if (!subscribed) {
            return MemberPhase.OUTSIDE;
        }
        if (coordinator.isLookedFor()) {
            return MemberPhase.FINDING_COORDINATOR;
        }
        if (membership.isMember()) {
            return membership.isRebalancing() ? MemberPhase.REBALANCING : MemberPhase.STABLE;
        }
        return membership.isRebalancing() ? MemberPhase.JOINING : MemberPhase.AWAITING_POLL;
    }
}

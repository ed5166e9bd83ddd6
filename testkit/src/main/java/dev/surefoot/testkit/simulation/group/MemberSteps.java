package dev.surefoot.testkit.simulation.group;

/** The steps of a small group that are about one member. */
final class MemberSteps {
    private MemberSteps() {}

    /** Whether something can happen to the member without time passing. */
    static boolean isBusy(SmallMember member) {
        return member.wire.mayArrive()
                || member.wire.mayDeliver()
                || member.wire.hasLeave()
                || member.application.mayReturn()
                || member.application.mayPoll();
    }

    static boolean allows(SmallMember member, GroupStep step) {
        return switch (step) {
            case ARRIVE_0, ARRIVE_1 -> member.wire.mayArrive();
            case LEAVE_ARRIVES_0, LEAVE_ARRIVES_1 -> member.wire.hasLeave();
            case DELIVER_0, DELIVER_1 -> member.wire.mayDeliver();
            case RETURN_0, RETURN_1, THROW_0, THROW_1 -> member.application.mayReturn();
            case POLL_0, POLL_1 -> member.application.mayPoll();
            case STRAGGLER_0, STRAGGLER_1 -> member.wire.hasStraggler();
            case CUT_0, CUT_1 -> member.wire.isBusy();
            case GIVE_UP_0, GIVE_UP_1 -> member.wire.mayGiveUp();
            case EXPIRE_0, EXPIRE_1 -> member.world.counts(member);
            case CRASH_0, CRASH_1 -> true;
            case LEAVE_0, LEAVE_1 -> member.isSubscribed();
            case LATE_0, LATE_1 -> member.isSubscribed() && !member.isAway();
            default -> throw new IllegalArgumentException(step + " is about no member that runs");
        };
    }

    static void take(SmallMember member, GroupStep step) {
        switch (step) {
            case ARRIVE_0, ARRIVE_1 -> member.wire.arrive();
            case LEAVE_ARRIVES_0, LEAVE_ARRIVES_1 -> member.wire.deliverLeave();
            case DELIVER_0, DELIVER_1 -> member.wire.deliver();
            case RETURN_0, RETURN_1 -> {
                member.enterPoll();
                member.application.returns();
            }
            case THROW_0, THROW_1 -> {
                member.enterPoll();
                member.application.listenerThrows();
            }
            case POLL_0, POLL_1 -> member.poll();
            case STRAGGLER_0, STRAGGLER_1 -> member.wire.stragglerArrives();
            case CUT_0, CUT_1 -> member.wire.cut();
            case GIVE_UP_0, GIVE_UP_1 -> member.wire.giveUp();
            case EXPIRE_0, EXPIRE_1 -> member.world.expire(member);
            case CRASH_0, CRASH_1 -> member.crash();
            case LEAVE_0, LEAVE_1 -> member.unsubscribe();
            case LATE_0, LATE_1 -> member.stayAway();
            default -> throw new IllegalArgumentException(step + " is about no member that runs");
        }
    }
}

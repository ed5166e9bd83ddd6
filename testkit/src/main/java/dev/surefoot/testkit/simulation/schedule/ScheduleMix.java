package dev.surefoot.testkit.simulation.schedule;

import java.util.SplittableRandom;

/**
 * Draws schedules of both kinds: of one consumer without a group, and of several consumers in one. A seed gives a
 * schedule of the one kind or of the other; the schedule itself is the one that the kind's own scheduler draws.
 */
public final class ScheduleMix {
    /** How many schedules have a group. */
    public enum Groups {
        NONE,
        /** One in eight; it takes as long as all others together, or longer. */
        SOME,
        ALL
    }

    private static final int ONE_IN = 8;
    private static final long OWN_STREAM = 0x67726f757073L;

    private final Scheduler single;
    private final GroupScheduler groups;
    private final Groups share;

    public ScheduleMix(Scheduler single, GroupScheduler groups, Groups share) {
        this.single = single;
        this.groups = groups;
        this.share = share;
    }

    /** Returns the mix of a usual campaign. */
    public static ScheduleMix usual() {
        return with(Groups.SOME);
    }

    /** Returns a mix with usual acts and this share of groups. */
    public static ScheduleMix with(Groups groups) {
        return new ScheduleMix(new Scheduler(ActWeights.usual()), new GroupScheduler(ActWeights.ofGroups()), groups);
    }

    /** Draws the schedule of a seed. */
    public Schedule draw(long seed) {
        return hasGroup(seed) ? groups.draw(seed) : single.draw(seed);
    }

    private boolean hasGroup(long seed) {
        return switch (share) {
            case NONE -> false;
            case SOME -> new SplittableRandom(seed ^ OWN_STREAM).nextInt(ONE_IN) == 0;
            case ALL -> true;
        };
    }
}

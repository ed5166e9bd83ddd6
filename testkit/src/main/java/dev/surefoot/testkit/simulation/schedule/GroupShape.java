package dev.surefoot.testkit.simulation.schedule;

/**
 * The group of a schedule and the configuration of its consumers. Times in milliseconds.
 *
 * @param members how many consumers there are at the start, 1 or more; 0 for a consumer without a group
 * @param protocol {@code group.protocol}
 * @param assignors {@code partition.assignment.strategy}, or the coordinator's assignor
 * @param statics how many of the members that can be there at once are static, the first ones
 * @param autoCommit {@code enable.auto.commit}
 * @param autoCommitMillis {@code auto.commit.interval.ms}
 * @param strictCommits whether the coordinator refuses every commit with an older epoch, as before 4.3
 * @param rebalanceDelayMillis {@code group.initial.rebalance.delay.ms}
 * @param byPattern whether the members subscribe by a pattern
 */
public record GroupShape(
        int members,
        Protocol protocol,
        Assignors assignors,
        int statics,
        boolean autoCommit,
        int autoCommitMillis,
        boolean strictCommits,
        int rebalanceDelayMillis,
        boolean byPattern) {

    /** The {@code group.protocol}. */
    public enum Protocol {
        CLASSIC,
        CONSUMER
    }

    /** Who assigns partitions, and how. The first five are of the classic protocol. */
    public enum Assignors {
        /** All members have the range assignor. */
        RANGE,
        /** All members have the cooperative sticky assignor. */
        COOPERATIVE,
        /** All members have both, range first: the default, which is eager. */
        BOTH,
        /** Every second member has range alone, the others both: the first half of a change of assignors. */
        RANGE_AND_BOTH,
        /** Every second member has the cooperative one alone, the others both: the second half of that change. */
        COOPERATIVE_AND_BOTH,
        /** The coordinator's default. */
        UNIFORM,
        /** The coordinator's range assignor. */
        SERVER_RANGE,
        /** An assignor of the coordinator's that moves every partition each time. */
        SWAPPING
    }

    /** No group. */
    public static final GroupShape NONE =
            new GroupShape(0, Protocol.CLASSIC, Assignors.RANGE, 0, false, 1_000, false, 0, false);

    /** Whether there is a group. */
    public boolean exists() {
        return members > 0;
    }
}

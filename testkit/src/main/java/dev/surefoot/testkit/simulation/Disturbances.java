package dev.surefoot.testkit.simulation;

import dev.surefoot.testkit.simulation.schedule.Act;
import dev.surefoot.testkit.simulation.schedule.Schedule;
import dev.surefoot.testkit.simulation.schedule.Shape;
import java.util.EnumSet;
import java.util.Set;

/** Which parts of a consumer a schedule leaves alone, so that what they do can be checked to the point. */
final class Disturbances {
    private static final long NANOS_PER_MILLI = 1_000_000L;
    /** A buffer that never runs full here. */
    private static final long AMPLE_BYTES = 1 << 20;

    /** Acts of other kinds than those of groups that delay no fetch. */
    private static final Set<Act> HARMLESS_TO_FETCHES =
            EnumSet.of(Act.WRITTEN, Act.WRITTEN_IN_TRANSACTION, Act.TRANSACTION_COMMITTED, Act.TRANSACTION_ABORTED);

    private static final Set<Act> HARMLESS_TO_COMMITS = EnumSet.of(
            Act.WRITTEN,
            Act.WRITTEN_IN_TRANSACTION,
            Act.TRANSACTION_COMMITTED,
            Act.TRANSACTION_ABORTED,
            Act.PARTITION_ADDED,
            Act.MEMBER_STARTED,
            Act.MEMBER_CLOSED,
            Act.MEMBER_CRASHED,
            Act.MEMBER_AWAY,
            Act.MEMBER_SLOW,
            Act.MEMBER_SEEKS,
            Act.MEMBER_PAUSES,
            Act.MEMBER_RESUMES,
            Act.MEMBER_VISITS,
            Act.ASK_COMMITTED,
            Act.LISTENER_SLOW,
            Act.LISTENER_SEEKS,
            Act.SUBSCRIBED_ANEW,
            Act.REBALANCE_ENFORCED);

    private Disturbances() {}

    /** Whether nothing but the group can make a fetch wait or fail. */
    static boolean leaveFetchingAlone(Schedule schedule) {
        Shape shape = schedule.shape();
        return shape.bufferBytes() >= AMPLE_BYTES
                && schedule.events().stream()
                        .map(event -> event.act())
                        .allMatch(act -> HARMLESS_TO_FETCHES.contains(act)
                                || (act.kind().isOfGroups() && act != Act.MEMBER_STOPPED));
    }

    /** The interval of automatic commits if there are no others and nothing keeps them from leaving, otherwise 0. */
    static long autoCommitNanos(Schedule schedule) {
        boolean arePlain = schedule.shape().group().autoCommit()
                && schedule.events().stream().allMatch(event -> HARMLESS_TO_COMMITS.contains(event.act()));
        return arePlain ? schedule.shape().group().autoCommitMillis() * NANOS_PER_MILLI : 0;
    }
}

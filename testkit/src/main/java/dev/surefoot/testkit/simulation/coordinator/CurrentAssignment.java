package dev.surefoot.testkit.simulation.coordinator;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a member of a KIP-848 group holds at this moment. Partitions are mapped to the member epoch at which they were
 * given; the check of commits with an older epoch needs it (KIP-1251).
 *
 * @param epoch 0 for a member that is about to be served for the first time, -2 for a static one that left and will
 *     return
 * @param previousEpoch the epoch before, with which a member may come whose last answer was lost; -1 for none
 * @param pendingRevocation what it has to give up; nobody else gets it before it says that it did
 */
public record CurrentAssignment(
        int epoch,
        int previousEpoch,
        MemberState state,
        SortedMap<GroupPartition, Integer> assigned,
        SortedMap<GroupPartition, Integer> pendingRevocation) {
    /** The epoch of a static member that left and will return. */
    static final int LEFT_TO_RETURN = -2;

    private static final SortedMap<GroupPartition, Integer> NOTHING = Collections.emptySortedMap();

    static final CurrentAssignment NONE = new CurrentAssignment(0, -1, MemberState.STABLE, NOTHING, NOTHING);

    /** What becomes of it by a step of the reconciliation. The epoch until now becomes the previous one. */
    CurrentAssignment next(
            int nextEpoch,
            MemberState nextState,
            SortedMap<GroupPartition, Integer> nextAssigned,
            SortedMap<GroupPartition, Integer> nextPendingRevocation) {
        return new CurrentAssignment(nextEpoch, epoch, nextState, nextAssigned, nextPendingRevocation);
    }

    /** What is left of a static member's that leaves and will return: no commit is older than its assignment. */
    CurrentAssignment leftToReturn() {
        SortedMap<GroupPartition, Integer> kept = new TreeMap<>();
        assigned.keySet().forEach(partition -> kept.put(partition, 0));
        return new CurrentAssignment(LEFT_TO_RETURN, previousEpoch, state, kept, NOTHING);
    }

    /** What the successor of a static member begins with. */
    CurrentAssignment takenOver() {
        return new CurrentAssignment(0, 0, state, assigned, pendingRevocation);
    }

    boolean isReconciledTo(int assignmentEpoch) {
        return state == MemberState.STABLE && epoch == assignmentEpoch;
    }
}

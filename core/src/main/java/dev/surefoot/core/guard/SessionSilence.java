package dev.surefoot.core.guard;

import dev.surefoot.core.position.PartitionFault;
import dev.surefoot.core.position.PositionState;
import dev.surefoot.core.position.TrackedPartition;
import org.jspecify.annotations.Nullable;

/**
 * From which answer on the silence of a session about a partition counts. Answers of a session that did not have the
 * partition, or left it for a moment, say nothing of it: an error, a look-up and a pause take it out of the session,
 * and it is announced again afterwards. Owned by the loop's thread.
 */
final class SessionSilence {
    private long sinceAnswer;
    private boolean anew;
    /** The broker whose session had the partition at the last look, or -1. */
    private int heldBy = -1;

    private long offset = -1;
    private @Nullable PositionState state;
    private @Nullable PartitionFault fault;

    /** The answer of this number has named the partition. */
    void mentioned(long answer) {
        sinceAnswer = answer;
    }

    /** The partition is asked for at another position, so that answers which are on their way say nothing of it. */
    void askedAnew() {
        anew = true;
    }

    /**
     * Takes note of whether the session has the partition since the last look.
     *
     * @param fetchedFrom the broker whose session has it now, or -1
     * @param mentionedBy the broker that has named it last, or -1
     * @param answers how many answers of that broker there have been
     */
    @SuppressWarnings("ReferenceEquality") // a state that was entered again is another one, although equal
    void look(TrackedPartition tracked, int fetchedFrom, int mentionedBy, long answers) {
        long offsetNow = tracked.fetching() == null ? -1 : tracked.fetching().offset();
        boolean left = fetchedFrom < 0
                || fetchedFrom != heldBy
                || fetchedFrom != mentionedBy
                || tracked.fault() != fault
                || (tracked.state() != state && offsetNow == offset);
        if (left || anew) {
            // The next answer may be to a request that was sent before.
            sinceAnswer = answers + 1;
        }
        anew = false;
        heldBy = fetchedFrom;
        offset = offsetNow;
        state = tracked.state();
        fault = tracked.fault();
    }

    /** The number of the last answer that says nothing of the partition's silence. */
    long sinceAnswer() {
        return sinceAnswer;
    }
}

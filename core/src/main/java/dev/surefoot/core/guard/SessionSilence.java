package dev.surefoot.core.guard;

import dev.surefoot.core.position.PartitionFault;
import dev.surefoot.core.position.PositionState;
import dev.surefoot.core.position.TrackedPartition;
import org.jspecify.annotations.Nullable;

/**
 * From which answer on the silence of a session about a partition counts. Answers of a session that did not have the
 * partition, or left it for a moment, say nothing of it: an error, a look-up and a pause take it out of the session,
 * and it is announced again afterwards; nor do those that came before it was asked for from further back. Owned by the
 * loop's thread.
 */
final class SessionSilence {
    private long sinceShares;
    private int heldBy = -1;

    private long offset = -1;
    private @Nullable PositionState state;
    private @Nullable PartitionFault fault;

    /**
     * Takes note of whether the session has the partition since the last look.
     *
     * @param fetchedFrom the broker whose session has it now, or -1
     * @param holder what is remembered of that broker
     * @param mentionedShares the {@link BrokerLedger#shares shares} after the last answer that has named the partition
     *     since the last look, or -1 if none has
     * @param askedAnew whether it is asked for at another position since the last look, so that answers which are on
     *     their way say nothing of it
     */
    @SuppressWarnings("ReferenceEquality") // a state that was entered again is another one, although equal
    void look(TrackedPartition tracked, int fetchedFrom, BrokerLedger holder, long mentionedShares, boolean askedAnew) {
        long offsetNow = tracked.fetching() == null ? -1 : tracked.fetching().offset();
        boolean left = fetchedFrom < 0
                || fetchedFrom != heldBy
                || tracked.fault() != fault
                || offsetNow < offset
                || (tracked.state() != state && offsetNow == offset);
        if (left || askedAnew) {
            // The next answer may be to a request that was sent before.
            sinceShares = holder.sharesAfterNext();
        } else if (mentionedShares >= 0) {
            sinceShares = mentionedShares;
        }
        heldBy = fetchedFrom;
        offset = offsetNow;
        state = tracked.state();
        fault = tracked.fault();
    }

    /** The shares after the last answer that says nothing of the partition's silence. */
    long sinceShares() {
        return sinceShares;
    }

    /** The broker whose session had the partition at the last look, or -1. */
    int heldBy() {
        return heldBy;
    }
}

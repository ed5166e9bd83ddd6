package dev.surefoot.core.fetch;

import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.Verdict;

/** Counts towards a {@link FetchTally}. Owned by the loop's thread. */
final class FetchCounters {
    private static final int REQUEST_ENTRY_BYTES = 33;
    private static final int RESPONSE_ENTRY_BYTES = 37;

    private long sessionsOpened;
    private long full;
    private long incremental;
    private long refused;
    private long diverged;
    private long doubted;
    private long failed;
    private long requestBytes;
    private long responseBytes;
    private long savedBytes;

    void failed() {
        failed++;
    }

    void exchanged(long requestSize, long responseSize) {
        requestBytes += requestSize;
        responseBytes += responseSize;
    }

    /**
     * @param wanted how many partitions a full request would have listed
     * @param answered how many partitions the answer listed
     */
    void judged(FetchPlan plan, Verdict verdict, int wanted, int answered) {
        if (plan.kind() == FetchPlan.Kind.INCREMENTAL) {
            incremental++;
        } else {
            full++;
        }
        if (verdict instanceof Verdict.Refused) {
            refused++;
        } else if (verdict instanceof Verdict.SessionMismatch) {
            diverged++;
        } else if (verdict instanceof Verdict.Accepted accepted) {
            sessionsOpened += accepted.outcome() == Verdict.Outcome.OPENED ? 1 : 0;
            doubted += accepted.doubts().size();
            if (plan.kind() == FetchPlan.Kind.INCREMENTAL) {
                savedBytes += (long) REQUEST_ENTRY_BYTES
                        * Math.max(0, wanted - plan.partitions().size());
                savedBytes += (long) RESPONSE_ENTRY_BYTES * Math.max(0, wanted - answered);
            }
        }
    }

    FetchTally tally() {
        return new FetchTally(
                sessionsOpened,
                full,
                incremental,
                refused,
                diverged,
                doubted,
                failed,
                requestBytes,
                responseBytes,
                savedBytes);
    }
}

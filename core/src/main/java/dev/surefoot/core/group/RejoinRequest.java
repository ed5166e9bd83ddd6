package dev.surefoot.core.group;

import dev.surefoot.core.time.Deadline;

/** Why a member has to join anew, and from when on. Owned by the loop's thread. */
final class RejoinRequest {
    private String reason = "";
    private long dueNanos = Deadline.NEVER;

    /** At once; the reason of an earlier request stays, unless that was to wait. */
    void request(String why) {
        reason = dueNanos == 0 && !reason.isEmpty() ? reason : why;
        dueNanos = 0;
    }

    /** Later, unless another reason comes first or is due earlier. */
    void requestAt(String why, long atNanos) {
        if (atNanos < dueNanos) {
            reason = why;
            dueNanos = atNanos;
        }
    }

    boolean isDue(long nowNanos) {
        return Deadline.passed(dueNanos, nowNanos);
    }

    /** When it is due, or {@link Deadline#NEVER}. */
    long dueNanos() {
        return dueNanos;
    }

    String reason() {
        return reason;
    }

    /** A JoinGroup that answers all requests so far is prepared or sent, or none is wanted any more. */
    void clear() {
        reason = "";
        dueNanos = Deadline.NEVER;
    }
}

package dev.surefoot.testkit.simulation.coordinator;

/**
 * The timers of the members of a KIP-848 group. They outlive a member that is replaced, and do nothing then. Times are
 * virtual milliseconds.
 */
final class MemberTimers {
    private final ConsumerGroup group;
    private final GroupTimers timers;

    MemberTimers(ConsumerGroup group, GroupTimers timers) {
        this.group = group;
        this.timers = timers;
    }

    void startSession(String memberId, long deadlineMs) {
        timers.set(session(memberId), deadlineMs, nowMs -> group.expire(memberId, nowMs));
    }

    /** Fences the member at the deadline if it has not left this epoch by then. */
    void startRevocation(String memberId, int epoch, long deadlineMs) {
        timers.set(revocation(memberId), deadlineMs, nowMs -> group.fenceIfStillAt(memberId, epoch, nowMs));
    }

    void cancelRevocation(String memberId) {
        timers.cancel(revocation(memberId));
    }

    void cancelAll(String memberId) {
        timers.cancel(session(memberId));
        timers.cancel(revocation(memberId));
    }

    void awaitResolution(long dueMs) {
        timers.set(resolution(), dueMs, group::takeResolution);
    }

    void cancelResolution() {
        timers.cancel(resolution());
    }

    private String session(String memberId) {
        return "session of " + memberId + " in " + group.id();
    }

    private String revocation(String memberId) {
        return "revocation of " + memberId + " in " + group.id();
    }

    private String resolution() {
        return "regular expressions of " + group.id();
    }
}

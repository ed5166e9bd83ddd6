package dev.surefoot.testkit.simulation.coordinator;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The timers of the members of a KIP-848 group, in virtual milliseconds. They outlive a member that is replaced and do
 * nothing then, and a coordinator does not keep them: they start anew where the group is loaded.
 */
final class MemberTimers {
    private final SortedMap<String, Long> sessions = new TreeMap<>();
    private final SortedMap<String, Revocation> revocations = new TreeMap<>();

    /** A member that has to give partitions up, and its epoch; a member that has left this epoch is in time. */
    private record Revocation(long deadlineMs, int epoch) {}

    /**
     * A timer that has run out.
     *
     * @param epoch the epoch that the member must have left; -1 for the end of its session
     */
    record Expired(String memberId, long deadlineMs, int epoch) {
        boolean isSession() {
            return epoch == -1;
        }
    }

    void startSession(String memberId, long deadlineMs) {
        sessions.put(memberId, deadlineMs);
    }

    void startRevocation(String memberId, int epoch, long deadlineMs) {
        revocations.put(memberId, new Revocation(deadlineMs, epoch));
    }

    void cancelRevocation(String memberId) {
        revocations.remove(memberId);
    }

    void cancelAll(String memberId) {
        sessions.remove(memberId);
        revocations.remove(memberId);
    }

    void clear() {
        sessions.clear();
        revocations.clear();
    }

    /** The timer that runs out first, or null. Of two at the same time the session's counts. */
    @Nullable Expired first() {
        Expired first = null;
        for (Map.Entry<String, Long> session : sessions.entrySet()) {
            if (first == null || session.getValue() < first.deadlineMs()) {
                first = new Expired(session.getKey(), session.getValue(), -1);
            }
        }
        for (Map.Entry<String, Revocation> revocation : revocations.entrySet()) {
            if (first == null || revocation.getValue().deadlineMs() < first.deadlineMs()) {
                first = new Expired(
                        revocation.getKey(),
                        revocation.getValue().deadlineMs(),
                        revocation.getValue().epoch());
            }
        }
        return first;
    }

    /** Forgets a timer that has run out. */
    void remove(Expired expired) {
        if (expired.isSession()) {
            sessions.remove(expired.memberId());
        } else {
            revocations.remove(expired.memberId());
        }
    }
}

package dev.surefoot.core.guard;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.session.Verdict;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** What the answers of one broker show. Owned by the loop's thread. */
final class BrokerLedger {
    private static final long MINUTE_NANOS = 60_000_000_000L;

    /** How many answers had room for any partition with records. */
    private long answers;
    /** How many of them there were when the session last began anew, or was interrupted. */
    private long answersBefore;

    private long lastOrderlyNanos = Long.MIN_VALUE;
    /** The last answer's verdict if that was not orderly. */
    private @Nullable Verdict disorder;

    private int disordersInARow;
    private long disorderNanos;
    private final ArrayDeque<Long> mismatchNanos = new ArrayDeque<>();
    private final ArrayDeque<Long> droppedNanos = new ArrayDeque<>();
    private long notGrantedSinceNanos = Long.MIN_VALUE;

    /**
     * Counts an answer.
     *
     * @param goesOn whether it is orderly, in a session that it continued
     * @param room whether it is not throttled, and had room for more records
     */
    void answered(Verdict verdict, boolean goesOn, boolean room, long nowNanos) {
        if (!goesOn) {
            answersBefore = answers;
        } else if (room) {
            answers++;
        }
        noteSession(verdict, nowNanos);
        if (verdict.isOrderly()) {
            lastOrderlyNanos = nowNanos;
            disorder = null;
            disordersInARow = 0;
        } else {
            disorder = verdict;
            disorderNanos = disordersInARow == 0 ? nowNanos : disorderNanos;
            disordersInARow++;
        }
        if (verdict.kind() == Verdict.Kind.SESSION_MISMATCH) {
            mismatchNanos.add(nowNanos);
        }
    }

    /** A broker may drop a session that was not used for two minutes. */
    private void noteSession(Verdict verdict, long nowNanos) {
        boolean inUse = lastOrderlyNanos != Long.MIN_VALUE && nowNanos - lastOrderlyNanos < 2 * MINUTE_NANOS;
        if (verdict.error() == BrokerError.FETCH_SESSION_ID_NOT_FOUND && inUse) {
            droppedNanos.add(nowNanos);
        }
        if (verdict.outcome() != Verdict.Outcome.NOT_GRANTED) {
            notGrantedSinceNanos = Long.MIN_VALUE;
        } else if (notGrantedSinceNanos == Long.MIN_VALUE) {
            notGrantedSinceNanos = nowNanos;
        }
    }

    /** The session is not live any more: silence in it shows nothing. A broker that was started again has none. */
    void failed() {
        droppedNanos.clear();
        answersBefore = answers;
        lastOrderlyNanos = Long.MIN_VALUE;
    }

    /** The number of the last answer that had room for any partition with records. */
    long answers() {
        return answers;
    }

    /** How many answers of this session had room for a partition that was named last in answer {@code mentioned}. */
    long silentAnswers(long mentioned) {
        return answers - Math.max(mentioned, answersBefore);
    }

    /** When the last orderly answer of the present session came; {@link Long#MIN_VALUE} if none has. */
    long lastOrderlyNanos() {
        return lastOrderlyNanos;
    }

    /** The last answer's verdict if that was not orderly, or null. */
    @Nullable Verdict disorder() {
        return disorder;
    }

    /** How many answers in a row were not orderly. */
    int disordersInARow() {
        return disordersInARow;
    }

    /** When the first of them came. */
    long disorderNanos() {
        return disorderNanos;
    }

    /** How many sessions in use the broker has not known within the last minute, with no connection lost between. */
    int dropped(long nowNanos) {
        while (!droppedNanos.isEmpty() && nowNanos - droppedNanos.element() > MINUTE_NANOS) {
            droppedNanos.remove();
        }
        return droppedNanos.size();
    }

    /** When the first of them was refused; {@link Long#MIN_VALUE} if none was. */
    long droppedSinceNanos() {
        Long first = droppedNanos.peekFirst();
        return first == null ? Long.MIN_VALUE : first;
    }

    /** Since when the broker answers without giving a session; {@link Long#MIN_VALUE} if it does. */
    long notGrantedSinceNanos() {
        return notGrantedSinceNanos;
    }

    /** How many answers have contradicted the session within the last minute. */
    int mismatches(long nowNanos) {
        while (!mismatchNanos.isEmpty() && nowNanos - mismatchNanos.element() > MINUTE_NANOS) {
            mismatchNanos.remove();
        }
        return mismatchNanos.size();
    }

    /** When the last of them came; {@link Long#MIN_VALUE} if none has. */
    long mismatchedNanos() {
        Long last = mismatchNanos.peekLast();
        return last == null ? Long.MIN_VALUE : last;
    }
}

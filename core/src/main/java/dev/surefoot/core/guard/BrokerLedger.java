package dev.surefoot.core.guard;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.session.Verdict;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** What the answers of one broker show. Owned by the loop's thread. */
final class BrokerLedger {
    private static final long MINUTE_NANOS = 60_000_000_000L;

    /**
     * What an answer shows of a partition that it does not name. A full one shows little: its records are of other
     * partitions, which come last in the next answers of the session. So each partition with records has its turn
     * within as many full answers as there are partitions.
     *
     * @param sharedBy how many partitions share the answer: all of them if it is full, one if it has room for any
     *     partition with records, and 0 if it says nothing of any
     */
    record Room(int sharedBy) {
        static final Room FOR_ALL = new Room(1);
        static final Room NONE = new Room(0);

        private long shares() {
            return sharedBy == 0 ? 0 : SHARES / sharedBy;
        }
    }

    /** How many shares an answer with room for any partition counts for. */
    private static final long SHARES = 1L << 20;

    /** What the answers so far have shown, in shares. */
    private long shares;
    /** How many shares there were when the session last began anew, or was interrupted. */
    private long sharesBefore;

    /** When the last answer came if that was full of the records of some partitions, else {@link Long#MIN_VALUE}. */
    private long fullNanos = Long.MIN_VALUE;

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
     * @param room whether it had room for more records
     * @param askedNanos when the request was sent
     */
    void answered(Verdict verdict, boolean goesOn, Room room, long askedNanos, long nowNanos) {
        if (!goesOn) {
            sharesBefore = shares;
        } else {
            shares += room.shares();
        }
        fullNanos = room.sharedBy() > 1 ? nowNanos : Long.MIN_VALUE;
        noteSession(verdict, nowNanos);
        if (verdict.isOrderly()) {
            lastOrderlyNanos = askedNanos;
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
        sharesBefore = shares;
        fullNanos = Long.MIN_VALUE;
        lastOrderlyNanos = Long.MIN_VALUE;
    }

    /** What the answers so far have shown of the partitions that they did not name. */
    long shares() {
        return shares;
    }

    /** The same after one more answer that has room for all. */
    long sharesAfterNext() {
        return shares + SHARES;
    }

    /**
     * How many answers of this session had room for a partition. Full ones count for one together when there are as
     * many of them as partitions.
     *
     * @param mentioned the shares when the partition was named last
     */
    long silentAnswers(long mentioned) {
        return (shares - Math.max(mentioned, sharesBefore)) / SHARES;
    }

    /** When the last answer came if that was full of the records of some partitions, else {@link Long#MIN_VALUE}. */
    long fullNanos() {
        return fullNanos;
    }

    /** When the last request with an orderly answer was sent; {@link Long#MIN_VALUE} if the session has none. */
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

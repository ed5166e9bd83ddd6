package dev.surefoot.cli.doctor;

import java.util.OptionalLong;

/**
 * At which pace a group commits a partition, as far as it was looked at. Times are those of the clock of the samples.
 *
 * @param told whether it was ever told what is committed
 * @param committed the offset that was told last; empty if nothing was ever committed
 * @param firstToldMs when it was told first
 * @param moves how often the committed offset has changed
 * @param lastMoveMs when it has changed last; means nothing before the first change
 * @param unreadSinceMs since when there is something to read that is not committed; empty if there is nothing
 * @param longestWaitMs the longest time that the committed offset took to change while there was something to read
 */
record CommitPace(
        boolean told,
        OptionalLong committed,
        long firstToldMs,
        int moves,
        long lastMoveMs,
        OptionalLong unreadSinceMs,
        long longestWaitMs) {

    /** Nothing was told yet. */
    static final CommitPace UNTOLD = new CommitPace(false, OptionalLong.empty(), 0, 0, 0, OptionalLong.empty(), 0);

    /** Returns the pace after one more look; a look that was not told what is committed changes nothing. */
    CommitPace after(long atMs, PartitionView view, Isolation isolation) {
        if (!view.commit().known()) {
            return this;
        }
        boolean moved = told && !committed.equals(view.commit().offset());
        OptionalLong unread = moved ? OptionalLong.empty() : unreadSinceMs;
        if (view.ends().areKnown()) {
            boolean something = view.availableEnd(isolation).getAsLong() > view.nextToRead();
            unread = something ? OptionalLong.of(unread.orElse(atMs)) : OptionalLong.empty();
        }
        return new CommitPace(
                true,
                view.commit().offset(),
                told ? firstToldMs : atMs,
                moved ? moves + 1 : moves,
                moved ? atMs : lastMoveMs,
                unread,
                moved ? Math.max(longestWaitMs, waitedMs(atMs)) : longestWaitMs);
    }

    /** Returns how long the committed offset has taken to change, at a change. */
    private long waitedMs(long atMs) {
        return unreadSinceMs.isPresent() ? atMs - Math.max(unreadSinceMs.getAsLong(), unchangedSinceMs()) : 0;
    }

    /** Returns since when the committed offset is what it is, as far as it was looked at. */
    long unchangedSinceMs() {
        return moves > 0 ? lastMoveMs : firstToldMs;
    }
}

package dev.surefoot.core.fetch;

import dev.surefoot.core.records.Lease;
import java.util.ArrayDeque;

/**
 * Bounds how far one broker's answers run ahead of an application that is busy: while it reads one answer, the next one
 * waits. More answers would leave the processor's cache before they are read ({@code surefoot bench throughput},
 * 100-byte values: a fifth more records with 14 MiB ahead than with 64). It never delays a fetch while the application
 * has nothing to read; only the {@link ByteBudget} does. Owned by the loop's thread.
 */
final class AheadWindow {
    /** The answer that is being read and the next one. */
    private static final int ANSWERS = 2;

    private static final long LEAST_BYTES_MAX = 8L << 20;
    private static final int BUDGET_PART = 4;
    private static final int UNREAD_MAX = 1024;

    /**
     * With each answer the largest answer size and the widening shrink by one part in this many. So a size that was
     * needed once is kept for a while.
     */
    private static final int FORGOTTEN_PART = 16;

    private final long leastBytes;
    private final ArrayDeque<Lease> unread = new ArrayDeque<>();
    private long unreadBytes;
    private long answerBytes;
    private long extraBytes;
    private boolean full;

    /** @param capacity {@code surefoot.buffer.bytes} */
    AheadWindow(long capacity) {
        this.leastBytes = Math.min(LEAST_BYTES_MAX, capacity / BUDGET_PART);
    }

    /** Counts an answer as unread until no hold on its lease is left. */
    void answered(Lease lease) {
        forgetRead();
        int bytes = lease.bytes();
        unread.add(lease);
        unreadBytes += bytes;
        answerBytes = Math.max(bytes, answerBytes - answerBytes / FORGOTTEN_PART);
        extraBytes -= extraBytes / FORGOTTEN_PART;
    }

    /**
     * Removes the oldest answers that were read. Answers behind an unread one, such as that of a paused partition, are
     * looked at only when the window is full.
     */
    private void forgetRead() {
        while (!unread.isEmpty() && !unread.element().held()) {
            unreadBytes -= unread.remove().bytes();
        }
        if (unread.size() >= UNREAD_MAX) {
            forgetAllRead();
        }
    }

    private void forgetAllRead() {
        unread.removeIf(lease -> {
            boolean read = !lease.held();
            unreadBytes -= read ? lease.bytes() : 0;
            return read;
        });
    }

    /**
     * Decides whether the window is full. Called before each fetch; {@link #isFull} gives the result.
     *
     * @param applicationWaits whether the application has nothing to read; the window is not full then, and is widened
     *     if it was full
     */
    void update(boolean applicationWaits) {
        if (applicationWaits) {
            if (full) {
                // The application ran out of data while the window was full, as when the unread data is of a paused
                // partition.
                extraBytes += answerBytes;
            }
            full = false;
        } else {
            if (exceeded()) {
                forgetAllRead();
            }
            full = exceeded();
        }
    }

    /** Whether the next fetch has to wait until the application has read more, as of the last {@link #update}. */
    boolean isFull() {
        return full;
    }

    private boolean exceeded() {
        return unreadBytes >= Math.max(leastBytes, ANSWERS * answerBytes) + extraBytes || unread.size() >= UNREAD_MAX;
    }
}

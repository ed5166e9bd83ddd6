package dev.surefoot.core.fetch;

import dev.surefoot.core.records.Lease;
import java.util.ArrayDeque;

/**
 * How far one broker's answers run ahead of an application that is busy: while it reads one, the next one waits for it.
 * More would gain nothing and occupy memory that has gone cold, in the processor's cache and in the pool of buffers, by
 * the time it is read ({@code surefoot bench throughput}, 100-byte values: a fifth more records with 14 MiB ahead than
 * with 64). An application that has nothing to read is never held up by this, only by the {@link ByteBudget}. Owned by
 * the loop's thread.
 */
final class AheadWindow {
    /** The answer that is being read and the one after it. */
    private static final int ANSWERS = 2;

    private static final long LEAST_BYTES_MAX = 8L << 20;
    private static final int BUDGET_PART = 4;
    private static final int UNREAD_MAX = 1024;

    /** What was too little once is probably so again, and this part of it is forgotten with each answer. */
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

    /** Takes note of an answer, some of which may be unread until its lease is held no more. */
    void answered(Lease lease) {
        forgetRead();
        int bytes = lease.bytes();
        unread.add(lease);
        unreadBytes += bytes;
        answerBytes = Math.max(bytes, answerBytes - answerBytes / FORGOTTEN_PART);
        extraBytes -= extraBytes / FORGOTTEN_PART;
    }

    /**
     * What was read is mostly the oldest; what is left of it, behind data of a paused partition say, is looked for when
     * it matters.
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
     * Decides anew whether the window is full. To be called whenever a fetch could leave, then {@link #isFull}.
     *
     * @param applicationWaits whether the application has nothing to read; no window is full then, and one that was is
     *     widened
     */
    void update(boolean applicationWaits) {
        if (applicationWaits) {
            if (full) {
                // It ran out of data while there was enough by this count, as happens when a partition is paused.
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

    /** Whether the next fetch has to wait until the application has read more, by the last {@link #update}. */
    boolean isFull() {
        return full;
    }

    private boolean exceeded() {
        return unreadBytes >= Math.max(leastBytes, ANSWERS * answerBytes) + extraBytes || unread.size() >= UNREAD_MAX;
    }
}

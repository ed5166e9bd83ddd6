package dev.surefoot.runtime;

import dev.surefoot.core.handover.GroupNotice;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the loop tells the application about its group, in order. The outcomes of commits are taken apart from the rest,
 * as a commit is waited for where no rebalance may go on. Safe from both threads.
 */
final class NoticeQueue {
    private final List<GroupNotice> notices = new ArrayList<>();
    private final List<GroupNotice.CommitSettled> settled = new ArrayList<>();
    private volatile boolean any;
    /** What superseded a notice last that was taken, as the membership has ended, or null. */
    private volatile GroupNotice.@Nullable Revoked lost;

    synchronized void add(GroupNotice notice) {
        if (notice instanceof GroupNotice.CommitSettled outcome) {
            settled.add(outcome);
        } else {
            notices.add(notice);
        }
        any = true;
    }

    /**
     * Puts a notice in the place of the one with the same token. If that was taken, and the membership has ended, this
     * one is kept: it may still take the place of what the application has not answered yet.
     */
    synchronized void supersede(GroupNotice.Revoked notice) {
        boolean waits = notices.stream().anyMatch(waiting -> waiting.token() == notice.token());
        if (waits) {
            notices.replaceAll(waiting -> waiting.token() == notice.token() ? notice : waiting);
        } else if (notice.loss() == GroupNotice.Loss.LOST) {
            lost = notice;
        }
    }

    /** What has superseded the notice with this token since it was taken, as the membership has ended, or null. */
    GroupNotice.@Nullable Revoked lostSince(long token) {
        GroupNotice.Revoked last = lost;
        return last != null && last.token() == token ? last : null;
    }

    /** Removes and returns the next notice that is no outcome of a commit, or null. */
    @Nullable GroupNotice take() {
        return any ? remove(notices) : null;
    }

    /** Removes and returns the next outcome of a commit, or null. */
    GroupNotice.@Nullable CommitSettled takeSettled() {
        return any ? remove(settled) : null;
    }

    private synchronized <T> @Nullable T remove(List<T> from) {
        T taken = from.isEmpty() ? null : from.remove(0);
        any = !notices.isEmpty() || !settled.isEmpty();
        return taken;
    }
}

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

    synchronized void add(GroupNotice notice) {
        if (notice instanceof GroupNotice.CommitSettled outcome) {
            settled.add(outcome);
        } else {
            notices.add(notice);
        }
        any = true;
    }

    /** Puts a notice in the place of the one with the same token, unless that was taken. */
    synchronized void supersede(GroupNotice.Revoked notice) {
        notices.replaceAll(waiting -> waiting.token() == notice.token() ? notice : waiting);
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

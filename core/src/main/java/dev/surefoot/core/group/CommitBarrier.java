package dev.surefoot.core.group;

import dev.surefoot.core.exchange.Deadlines;
import dev.surefoot.core.time.Deadline;
import java.util.ArrayDeque;
import java.util.function.LongConsumer;

/**
 * What the application says of its membership, as far as it has to wait for commits that were made before: once others
 * may own the partitions, or the membership is over, those commits would be refused. Everything is passed on in the
 * order in which it was said, with the time at which it is, and nothing waits without an end. Owned by the loop's
 * thread.
 */
public final class CommitBarrier {
    private enum Due implements Deadlines.Name {
        /** What the application said is passed on, whatever has become of its commits. */
        BARRIER_END
    }

    private enum Until {
        NOTHING,
        /** The commits are on the wire or settled: the coordinator handles what is sent to it thereafter later. */
        SENT,
        /** The outcomes of the commits are known. */
        SETTLED
    }

    private record Held(Until until, long commits, long endNanos, LongConsumer word) {}

    /** A rebalance is held up by up to this part of the time that the coordinator gives it. */
    private static final int REBALANCE_PART = 4;

    private final Commits commits;
    private final long requestTimeoutNanos;
    private final long rebalanceWaitNanos;
    private final ArrayDeque<Held> held = new ArrayDeque<>();
    private boolean leaving;
    private long leaveEndNanos;

    public CommitBarrier(GroupSettings.Timing timing, Commits commits) {
        this.commits = commits;
        this.requestTimeoutNanos = timing.requestTimeoutNanos();
        long rebalanceNanos = timing.maxPollIntervalNanos();
        this.rebalanceWaitNanos = Math.min(requestTimeoutNanos, rebalanceNanos / REBALANCE_PART);
    }

    /** Whether nothing waits. */
    public boolean isOpen() {
        return held.isEmpty();
    }

    /** The application subscribes. That waits for a leave before it only, as it is about another membership. */
    public void subscribe(LongConsumer word, long nowNanos) {
        leaving = false;
        hold(Until.NOTHING, Deadline.NEVER, word, nowNanos);
    }

    /**
     * The application leaves. If it owns partitions, its word that it has given them up is what waits.
     *
     * @param timeoutNanos how long the application waits, in nanoseconds; its commits have three quarters of that
     */
    public void leave(boolean ownsPartitions, long timeoutNanos, LongConsumer word, long nowNanos) {
        leaving = true;
        leaveEndNanos = Deadline.after(nowNanos, Math.min(timeoutNanos, requestTimeoutNanos) / 4 * 3);
        hold(ownsPartitions ? Until.NOTHING : Until.SETTLED, leaveEndNanos, word, nowNanos);
    }

    /** The application has given up partitions. */
    public void release(LongConsumer word, long nowNanos) {
        if (leaving) {
            hold(Until.SETTLED, leaveEndNanos, word, nowNanos);
        } else {
            hold(Until.SENT, Deadline.after(nowNanos, rebalanceWaitNanos), word, nowNanos);
        }
    }

    private void hold(Until until, long endNanos, LongConsumer word, long nowNanos) {
        held.add(new Held(until, commits.submitted(), endNanos, word));
        while (!held.isEmpty() && isAwaitedNoMore(held.element())) {
            passFirst(nowNanos);
        }
    }

    /** Passes on what need not wait any more. To be called when the commits have been sent that can be. */
    public void pass(long nowNanos) {
        while (!held.isEmpty() && (isAwaitedNoMore(held.element()) || isOverdue(nowNanos))) {
            passFirst(nowNanos);
        }
    }

    private void passFirst(long nowNanos) {
        held.remove().word().accept(nowNanos);
    }

    private boolean isAwaitedNoMore(Held first) {
        return switch (first.until()) {
            case NOTHING -> true;
            case SENT -> commits.areSent(first.commits());
            case SETTLED -> commits.areSettled(first.commits());
        };
    }

    /** Whether a word waits no longer, so that those before it do not either. */
    private boolean isOverdue(long nowNanos) {
        return held.stream().anyMatch(each -> Deadline.passed(each.endNanos(), nowNanos));
    }

    /** Enters the times at which words wait no longer. */
    public void enterDeadlines(Deadlines deadlines) {
        held.forEach(each -> deadlines.enter(Due.BARRIER_END, each.endNanos()));
    }
}

package dev.surefoot.testkit.simulation;

import dev.surefoot.testkit.simulation.check.Violation;
import java.util.ArrayDeque;
import java.util.Deque;

/** The commits of one application, in order, and which of their callbacks have run. Checks G14. */
final class CommitLog {
    private final String name;
    private final Deque<Long> open = new ArrayDeque<>();
    private long last;
    private boolean isClosed;

    CommitLog(String name) {
        this.name = name;
    }

    /** A commit that is waited for begins. */
    long begun() {
        return ++last;
    }

    /** A commit begins whose callback will run. */
    long asynchronous() {
        open.add(++last);
        return last;
    }

    /** The callback of a commit runs. */
    void ended(long sequence) {
        if (isClosed) {
            throw new Violation("G14", name + " hears of commit " + sequence + " after close has returned");
        }
        Long first = open.peek();
        if (first == null || first != sequence) {
            throw new Violation("G14", name + " hears of commit " + sequence + ", and the next one is " + first);
        }
        open.remove();
    }

    /** A commit that was waited for is over: the callbacks of all before it have run. */
    void allBeforeHaveEnded(long sequence) {
        Long first = open.peek();
        if (first != null && first < sequence) {
            throw new Violation(
                    "G14", name + " has waited for commit " + sequence + ", and " + first + " before it has not ended");
        }
    }

    /** Whether the callbacks of all commits have run. */
    boolean haveAllEnded() {
        return open.isEmpty();
    }

    void closed() {
        isClosed = true;
    }
}

package dev.surefoot.net;

import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.time.Deadline;
import dev.surefoot.wire.EncodedRequest;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The unanswered requests of one connection, oldest first: the order in which a broker answers them. Owned by the
 * loop's thread.
 */
final class InFlightRequests {
    /**
     * A request in flight.
     *
     * @param sentNanos when it was sent, as a value of the clock
     * @param deadlineNanos when its answer is overdue, as a value of the clock
     */
    record InFlight(Request<?> request, EncodedRequest encoded, long sentNanos, long deadlineNanos) {}

    private final int limit;
    private final Queue<Outcome> outcomes;
    private final ArrayDeque<InFlight> queue = new ArrayDeque<>();

    /** @param outcomes receives the failures */
    InFlightRequests(int limit, Queue<Outcome> outcomes) {
        this.limit = limit;
        this.outcomes = outcomes;
    }

    boolean isFull() {
        return queue.size() >= limit;
    }

    int size() {
        return queue.size();
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    void add(InFlight request) {
        if (isFull()) {
            throw new IllegalStateException("already " + limit + " requests in flight");
        }
        queue.addLast(request);
    }

    @Nullable InFlight oldest() {
        return queue.peekFirst();
    }

    @Nullable InFlight removeOldest() {
        return queue.pollFirst();
    }

    /**
     * Returns when the first of the answers is overdue, or {@link Deadline#NEVER}. Each request counts, not the oldest
     * alone, since requests have limits of their own. A broker answers one connection in order, so a request that is
     * overdue behind another one cannot be answered in time.
     */
    long deadlineNanos() {
        long earliest = Deadline.NEVER;
        for (InFlight each : queue) {
            earliest = Math.min(earliest, each.deadlineNanos());
        }
        return earliest;
    }

    /** Returns the oldest request whose answer is overdue, or null if there is none. */
    @Nullable InFlight overdue(long nowNanos) {
        for (InFlight each : queue) {
            if (Deadline.passed(each.deadlineNanos(), nowNanos)) {
                return each;
            }
        }
        return null;
    }

    /**
     * Fails all requests, oldest first: the culprit with the given reason, the others as disconnected. Refused
     * credentials are the reason for all of them.
     */
    void failAll(RequestFailure why, @Nullable InFlight culprit) {
        if (queue.isEmpty()) {
            return;
        }
        RequestFailure others =
                why.isRefusal() ? why : Failures.disconnected(why.cause().getMessage(), why.cause());
        for (InFlight next = queue.pollFirst(); next != null; next = queue.pollFirst()) {
            outcomes.add(new Outcome.Failed(next.request(), next.equals(culprit) ? why : others));
        }
    }
}

package dev.surefoot.net;

import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.time.Deadline;
import dev.surefoot.wire.EncodedRequest;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** The requests of one connection that are not answered yet, oldest first: the order in which a broker answers them. */
final class InFlightRequests {
    /**
     * A request on its way.
     *
     * @param sentNanos the value of the clock when it was sent
     * @param deadlineNanos that at which its answer is overdue
     */
    record InFlight(Request<?> request, EncodedRequest encoded, long sentNanos, long deadlineNanos) {}

    private final int limit;
    private final Queue<Outcome> outcomes;
    private final ArrayDeque<InFlight> queue = new ArrayDeque<>();

    /** @param outcomes takes the ends of requests that fail */
    InFlightRequests(int limit, Queue<Outcome> outcomes) {
        this.limit = limit;
        this.outcomes = outcomes;
    }

    boolean isFull() {
        return queue.size() >= limit;
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
     * When the first of the answers is overdue, or {@link Deadline#NEVER}. Any of them counts, not the oldest alone:
     * requests have limits of their own, and a broker answers one connection in order, so a request that is overdue
     * behind another one will not be answered in time whatever comes.
     */
    long deadlineNanos() {
        long earliest = Deadline.NEVER;
        for (InFlight each : queue) {
            earliest = Math.min(earliest, each.deadlineNanos());
        }
        return earliest;
    }

    /** The oldest of the requests whose answer is overdue, or null if there is none. */
    @Nullable InFlight overdue(long nowNanos) {
        for (InFlight each : queue) {
            if (Deadline.passed(each.deadlineNanos(), nowNanos)) {
                return each;
            }
        }
        return null;
    }

    /**
     * Ends all requests, oldest first: the culprit for the reason given; the others have merely lost their connection,
     * unless credentials were refused, which is true of all of them.
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

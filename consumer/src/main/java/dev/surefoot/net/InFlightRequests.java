package dev.surefoot.net;

import dev.surefoot.core.engine.Request;
import dev.surefoot.wire.EncodedRequest;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** The requests of one connection that are not answered yet, oldest first: the order in which a broker answers them. */
final class InFlightRequests {
    /** A request on its way, the value of the clock when it was sent, and that at which its answer is overdue. */
    record InFlight(Request request, EncodedRequest encoded, long sentNanos, long deadline) {}

    private final int limit;
    private final ArrayDeque<InFlight> queue = new ArrayDeque<>();

    InFlightRequests(int limit) {
        this.limit = limit;
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

    /** When the oldest answer is overdue, or {@link Deadline#NEVER}. A broker answers in order: the others wait for that one. */
    long deadline() {
        InFlight oldest = queue.peekFirst();
        return oldest == null ? Deadline.NEVER : oldest.deadline();
    }
}

package dev.surefoot.core.engine;

import dev.surefoot.core.engine.FetchExchange.FetchRequest;
import dev.surefoot.core.engine.FetchExchange.FetchResponse;
import dev.surefoot.core.exchange.Outbox;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Reply;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.session.FetchPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Closes sessions at their brokers that others have replaced, so that they do not take a place there until the broker
 * drops them. Owned by the loop's thread.
 */
final class ReplacedSessions {
    /** A broker that takes no request for so long has most likely forgotten the session, or is gone. */
    static final long TRIED_NANOS = 30_000_000_000L;

    /** @param untilNanos until when it is tried, in nanoseconds of the loop's clock */
    private record Closing(FetchRequest request, long untilNanos) {}

    /** Nothing depends on the outcome. */
    private static final class Unheeded implements Reply<FetchResponse> {
        @Override
        public void answered(FetchResponse answer, long nowNanos) {
            // The session is gone at the broker, or was before.
        }

        @Override
        public void failed(RequestFailure failure, long nowNanos) {
            // The broker drops a session that is not used.
        }
    }

    private final long answerNanos;
    private final List<Closing> closings = new ArrayList<>();

    /** @param answerNanos how long an answer is awaited */
    ReplacedSessions(long answerNanos) {
        this.answerNanos = answerNanos;
    }

    /** Takes over the requests that close replaced sessions, by node id. */
    void add(Map<Integer, FetchPlan> plans, long nowNanos) {
        plans.forEach((nodeId, plan) -> closings.add(
                new Closing(new FetchRequest(nodeId, plan, false, 0, answerNanos), nowNanos + TRIED_NANOS)));
    }

    /** Sends what can be sent now. A turn follows when more can be. */
    void dispatch(Outbox outbox, long nowNanos) {
        closings.removeIf(closing -> {
            FetchRequest request = closing.request();
            boolean sent = outbox.readiness(request.nodeId(), Purpose.CONTROL).isReady()
                    && outbox.send(request, new Unheeded());
            return sent || nowNanos >= closing.untilNanos();
        });
    }

    /** Returns and forgets the requests that were not sent. */
    List<FetchRequest> takeAll() {
        List<FetchRequest> unsent = closings.stream().map(Closing::request).toList();
        closings.clear();
        return unsent;
    }
}

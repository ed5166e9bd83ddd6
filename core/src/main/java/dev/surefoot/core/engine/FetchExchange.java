package dev.surefoot.core.engine;

import dev.surefoot.core.fetch.AnsweredFetch;
import dev.surefoot.core.fetch.FetchGrant;
import dev.surefoot.core.fetch.Fetcher;
import dev.surefoot.core.session.FetchPlan;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Sends each broker its next fetch when that is due, the connection takes it and there is memory for the answer. A plan
 * that is not sent leaves no trace in the session. Owned by the loop's thread.
 */
final class FetchExchange implements Requester {
    private final Fetcher fetcher;
    private final Effects effects;
    private final Reachability reachability;
    private final RequestTimeouts timeouts;
    private final Consumer<EngineEvent> events;
    /** The brokers that were due in the last turn and have not been sent a fetch. */
    private final Map<Integer, FetchDelay> delays = new LinkedHashMap<>();

    FetchExchange(
            Fetcher fetcher,
            Effects effects,
            Reachability reachability,
            RequestTimeouts timeouts,
            Consumer<EngineEvent> events) {
        this.fetcher = fetcher;
        this.effects = effects;
        this.reachability = reachability;
        this.timeouts = timeouts;
        this.events = events;
    }

    @Override
    public void dispatch(Outbox outbox, Turn turn) {
        delays.clear();
        boolean memoryLeft = true;
        for (int nodeId : fetcher.due(turn.nowNanos())) {
            if (memoryLeft) {
                memoryLeft = dispatch(outbox, nodeId, turn);
            } else {
                delays.put(nodeId, FetchDelay.NO_MEMORY);
            }
        }
    }

    /** Returns whether there is memory for another broker's answer. */
    private boolean dispatch(Outbox outbox, int nodeId, Turn turn) {
        fetcher.updateWindow(nodeId, turn.applicationWaits());
        FetchGrant grant = fetcher.grant(nodeId, turn.heldBytes(), turn.capacityBytes());
        return switch (grant.kind()) {
            case GRANTED -> {
                Attempt attempt = new Attempt(outbox, nodeId, grant.bytes(), turn.nowNanos());
                outbox.readiness(nodeId, Purpose.FETCH).accept(attempt);
                yield true;
            }
            case FAR_AHEAD -> {
                delays.put(nodeId, FetchDelay.FAR_AHEAD);
                yield true;
            }
            case STARVED -> {
                delays.put(nodeId, FetchDelay.NO_MEMORY);
                yield false;
            }
        };
    }

    /** One broker's fetch, for which memory is granted. */
    private final class Attempt implements Readiness.Visitor {
        private final Outbox outbox;
        private final int nodeId;
        private final int granted;
        private final long nowNanos;

        Attempt(Outbox outbox, int nodeId, int granted, long nowNanos) {
            this.outbox = outbox;
            this.nodeId = nodeId;
            this.granted = granted;
            this.nowNanos = nowNanos;
        }

        @Override
        public void ready(Readiness.Ready ready) {
            FetchPlan plan = fetcher.plan(nodeId, ready.topicIds(), ready.sessions(), nowNanos);
            if (outbox.send(
                    new Request.Fetch(nodeId, plan, granted, timeouts.fetchNanos()), new FetchReply(nodeId, plan))) {
                fetcher.sent(nodeId, plan, granted);
            } else {
                delays.put(nodeId, new FetchDelay(FetchDelay.Reason.NOT_TAKEN, ready));
            }
        }

        @Override
        public void notYet(Readiness.NotYet notYet) {
            delays.put(nodeId, new FetchDelay(FetchDelay.Reason.LINK_NOT_READY, notYet));
        }

        @Override
        public void failed(Readiness.Failed failed) {
            delays.put(nodeId, new FetchDelay(FetchDelay.Reason.LINK_FAILED, failed));
            reachability.failed(nodeId, failed.failure());
            effects.apply(fetcher.unreachable(nodeId, nowNanos), nowNanos);
        }
    }

    private final class FetchReply implements Reply<Answer.Fetch> {
        private final int nodeId;
        private final FetchPlan plan;

        FetchReply(int nodeId, FetchPlan plan) {
            this.nodeId = nodeId;
            this.plan = plan;
        }

        @Override
        public void answered(Answer.Fetch fetched, long nowNanos) {
            AnsweredFetch answered = fetcher.answered(
                    nodeId, plan, fetched.answer(), fetched.requestBytes(), fetched.responseBytes(), nowNanos);
            if (!answered.verdict().isOrderly()) {
                events.accept(new EngineEvent.SessionDisturbed(nodeId, answered.verdict()));
            }
            effects.apply(answered.effects(), nowNanos);
        }

        @Override
        public void failed(RequestFailure failure, long nowNanos) {
            reachability.raiseUnsupported(failure);
            effects.apply(fetcher.failed(nodeId, plan, failure.kind().isAnswer(), nowNanos), nowNanos);
        }
    }

    /** Why each broker that was due in the last turn has not been sent a fetch, in the order in which they were due. */
    Map<Integer, FetchDelay> delays() {
        return Collections.unmodifiableMap(delays);
    }

    /** Whether a fetch was held back in the last turn for this reason. */
    boolean isDelayed(FetchDelay.Reason reason) {
        for (FetchDelay delay : delays.values()) {
            if (delay.reason() == reason) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void enterDeadlines(Deadlines deadlines, long nowNanos) {
        deadlines.set(Deadlines.Kind.FETCH, fetcher.nextDue(nowNanos));
        deadlines.set(Deadlines.Kind.READ_REPLICA_EXPIRY, fetcher.nextReplicaExpiry());
    }

    /** Ends all sessions; returns the requests that close them at their brokers. */
    List<Request.Fetch> close() {
        List<Request.Fetch> closing = new ArrayList<>();
        fetcher.close()
                .forEach((nodeId, plan) -> closing.add(new Request.Fetch(nodeId, plan, 0, timeouts.answerNanos())));
        return closing;
    }
}

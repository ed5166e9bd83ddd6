package dev.surefoot.core.engine;

import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Deadlines;
import dev.surefoot.core.exchange.Outbox;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Readiness;
import dev.surefoot.core.exchange.Reply;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.exchange.Requester;
import dev.surefoot.core.exchange.Turn;
import dev.surefoot.core.fetch.AnsweredFetch;
import dev.surefoot.core.fetch.FetchGrant;
import dev.surefoot.core.fetch.Fetcher;
import dev.surefoot.core.fetch.LinkAllowance;
import dev.surefoot.core.guard.Guard;
import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.core.session.FetchPlan;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Sends each broker its next fetch when that is due, the connection is ready and there is memory for the answer. A plan
 * that is not sent does not change the session. Owned by the loop's thread.
 */
public final class FetchExchange implements Requester {
    /**
     * A Fetch request.
     *
     * @param namesRack whether it tells the client's rack, so that a leader may name a replica that is near (KIP-392)
     * @param maxBytes the most bytes of records in the answer, reserved in the byte budget
     * @param timeoutNanos the nanoseconds that the answer may take
     */
    public record FetchRequest(int nodeId, FetchPlan plan, boolean namesRack, int maxBytes, long timeoutNanos)
            implements Request<FetchResponse> {
        /**
         * A request that closes a session goes over the control connection, so that it does not wait behind a fetch. A
         * session is not bound to a connection (KIP-227).
         */
        @Override
        public Purpose purpose() {
            return plan.kind() == FetchPlan.Kind.CLOSE ? Purpose.CONTROL : Purpose.FETCH;
        }

        @Override
        public Class<FetchResponse> answerType() {
            return FetchResponse.class;
        }

        @Override
        public int recordBytesMax() {
            return maxBytes;
        }
    }

    /**
     * The answer to a {@link FetchRequest}, which points into its receive buffer.
     *
     * @param requestBytes bytes of the request on the wire, headers and length prefix included
     * @param responseBytes bytes of the response on the wire, headers and length prefix included
     */
    public record FetchResponse(FetchAnswer answer, int requestBytes, int responseBytes) implements Answer {
        @Override
        public int throttleTimeMs() {
            return answer.throttleTimeMs();
        }

        @Override
        public void release() {
            answer.lease().release();
        }
    }

    private enum Due implements Deadlines.Name {
        /** A broker's next fetch is due, or its empty session is to be closed. */
        FETCH,
        /** A partition's time with a preferred replica ends (KIP-392). */
        READ_REPLICA_EXPIRY
    }

    private final Fetcher fetcher;
    private final Effects effects;
    private final Reachability reachability;
    private final RequestTimeouts timeouts;
    private final Guard guard;
    private final Consumer<EngineEvent> events;
    private final ReplacedSessions replaced;
    /** The brokers that were due in the last turn and were not sent a fetch. */
    private final Map<Integer, FetchDelay> delays = new LinkedHashMap<>();

    FetchExchange(
            Fetcher fetcher,
            Effects effects,
            Reachability reachability,
            RequestTimeouts timeouts,
            Guard guard,
            Consumer<EngineEvent> events) {
        this.fetcher = fetcher;
        this.effects = effects;
        this.reachability = reachability;
        this.timeouts = timeouts;
        this.guard = guard;
        this.events = events;
        this.replaced = new ReplacedSessions(timeouts.answerNanos());
    }

    @Override
    public void dispatch(Outbox outbox, Turn turn) {
        delays.clear();
        replaced.add(fetcher.levers().takeClosing(), turn.nowNanos());
        replaced.dispatch(outbox, turn.nowNanos());
        boolean memoryLeft = true;
        for (int nodeId : fetcher.due(turn.nowNanos())) {
            if (memoryLeft) {
                memoryLeft = dispatch(outbox, nodeId, turn);
            } else {
                delays.put(nodeId, FetchDelay.NO_MEMORY);
            }
        }
    }

    /** Sends one broker's fetch if possible; returns whether memory is left for other brokers. */
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

    /** The attempt to send one broker's fetch, for which memory is granted. */
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
            boolean namesRack = !fetcher.staysAtLeader(nodeId, nowNanos);
            FetchRequest request = new FetchRequest(nodeId, plan, namesRack, granted, timeouts.fetchNanos());
            if (outbox.send(request, new FetchReply(request, nowNanos))) {
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

    private final class FetchReply implements Reply<FetchResponse> {
        private final FetchRequest request;
        private final int nodeId;
        private final FetchPlan plan;
        private final long sentNanos;

        FetchReply(FetchRequest request, long sentNanos) {
            this.request = request;
            this.nodeId = request.nodeId();
            this.plan = request.plan();
            this.sentNanos = sentNanos;
        }

        @Override
        public void answered(FetchResponse fetched, long nowNanos) {
            fetcher.arrivedInTime(nodeId, fetched.responseBytes(), nowNanos - sentNanos, request.timeoutNanos());
            AnsweredFetch answered = fetcher.answered(
                    nodeId, plan, fetched.answer(), fetched.requestBytes(), fetched.responseBytes(), nowNanos);
            if (!answered.verdict().isOrderly()) {
                events.accept(new EngineEvent.SessionDisturbed(nodeId, answered.verdict()));
            }
            boolean throttled = fetched.throttleTimeMs() > 0;
            guard.ledgers()
                    .answered(
                            nodeId,
                            answered.verdict(),
                            throttled,
                            request.maxBytes(),
                            fetched.responseBytes(),
                            sentNanos,
                            nowNanos);
            effects.apply(answered.effects(), nowNanos);
        }

        @Override
        public void failed(RequestFailure failure, long nowNanos) {
            guard.ledgers().failed(nodeId);
            reachability.raiseUnsupported(failure);
            if (failure.reason() == RequestFailure.Reason.NO_ANSWER && failure.bytes() > 0) {
                askForLess(failure.bytes());
            }
            effects.apply(fetcher.failed(nodeId, plan, failure.kind().isAnswer(), nowNanos), nowNanos);
        }

        private void askForLess(long arrivedBytes) {
            LinkAllowance allowance = fetcher.timedOut(nodeId, request.maxBytes(), arrivedBytes);
            events.accept(new EngineEvent.LinkTooSlow(
                    nodeId,
                    request.maxBytes(),
                    arrivedBytes,
                    request.timeoutNanos(),
                    allowance.bytes(),
                    allowance.timeoutsInARow()));
        }
    }

    /** Why each broker that was due in the last turn was not sent a fetch, in the order in which they were due. */
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
        deadlines.enter(Due.FETCH, fetcher.nextDue(nowNanos));
        deadlines.enter(Due.READ_REPLICA_EXPIRY, fetcher.nextReplicaExpiry());
    }

    /** Closes all sessions; returns the requests that close them at their brokers. */
    List<FetchRequest> close() {
        List<FetchRequest> closing = new ArrayList<>(replaced.takeAll());
        fetcher.close()
                .forEach((nodeId, plan) ->
                        closing.add(new FetchRequest(nodeId, plan, false, 0, timeouts.answerNanos())));
        return closing;
    }
}

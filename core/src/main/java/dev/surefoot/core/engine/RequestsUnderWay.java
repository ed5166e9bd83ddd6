package dev.surefoot.core.engine;

import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Outbox;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Readiness;
import dev.surefoot.core.exchange.Reply;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.exchange.RequestFailure;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * The requests that the transport has taken, each with its reply. It ensures that each request has exactly one outcome.
 * Owned by the loop's thread.
 */
final class RequestsUnderWay {
    private final IdentityHashMap<Request<?>, Reply<?>> replies = new IdentityHashMap<>();

    /** Returns the outbox of one turn. */
    Outbox outbox(BrokerLink link, long nowNanos) {
        return new Outbox() {
            @Override
            public List<Integer> bootstrapIds() {
                return link.bootstrapIds();
            }

            @Override
            public Readiness readiness(int nodeId, Purpose purpose) {
                return link.readiness(nodeId, purpose, nowNanos);
            }

            @Override
            public void reconnect(int nodeId, Purpose purpose) {
                link.reconnect(nodeId, purpose, nowNanos);
            }

            @Override
            public <A extends Answer> boolean send(Request<A> request, Reply<A> reply) {
                boolean sent = link.send(request, nowNanos);
                if (sent && replies.put(request, reply) != null) {
                    throw new IllegalStateException("sent twice while under way: " + request);
                }
                return sent;
            }
        };
    }

    /**
     * Passes an answer to the request's reply.
     *
     * @throws IllegalArgumentException if the answer is not of the request's answer type
     * @throws IllegalStateException if the request is not under way, or has had its outcome
     */
    <A extends Answer> void answered(Request<A> request, Answer answer, long nowNanos) {
        if (!request.answerType().isInstance(answer)) {
            throw new IllegalArgumentException("an answer that does not fit: " + answer + " to " + request);
        }
        remove(request).answered(request.answerType().cast(answer), nowNanos);
    }

    /**
     * Passes a failure to the request's reply.
     *
     * @throws IllegalStateException if the request is not under way, or has had its outcome
     */
    void failed(Request<?> request, RequestFailure failure, long nowNanos) {
        remove(request).failed(failure, nowNanos);
    }

    @SuppressWarnings("unchecked") // an outbox takes only replies that fit
    private <A extends Answer> Reply<A> remove(Request<A> request) {
        Reply<?> reply = replies.remove(request);
        if (reply == null) {
            throw new IllegalStateException(
                    "an outcome of a request that was never sent, or a second outcome of it: " + request);
        }
        return (Reply<A>) reply;
    }
}

package dev.surefoot.testkit.museum.group;

import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Outbox;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Readiness;
import dev.surefoot.core.exchange.Reply;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.group.ConsumerGroupHeartbeat.ConsumerGroupHeartbeatRequest;
import dev.surefoot.core.group.Heartbeat.HeartbeatRequest;
import java.util.List;
import java.util.Set;

/** Requests on their way out, and answers on their way back, as a flawed member has them. */
abstract class AlteredOutbox implements Outbox {
    private static final Set<Class<?>> HEARTBEATS = Set.of(HeartbeatRequest.class, ConsumerGroupHeartbeatRequest.class);

    private final Outbox real;

    AlteredOutbox(Outbox real) {
        this.real = real;
    }

    static boolean isHeartbeat(Request<?> request) {
        return HEARTBEATS.contains(request.getClass());
    }

    /** Whether the request leaves at all. */
    boolean sends(Request<?> request) {
        return true;
    }

    /** What is sent in the place of this request. */
    Request<?> altered(Request<?> request) {
        return request;
    }

    /** What the member makes of this answer. */
    Answer altered(Answer answer) {
        return answer;
    }

    /** The request has no answer. */
    void failed(Request<?> request) {}

    @Override
    public List<Integer> bootstrapIds() {
        return real.bootstrapIds();
    }

    @Override
    public Readiness readiness(int nodeId, Purpose purpose) {
        return real.readiness(nodeId, purpose);
    }

    @Override
    public void reconnect(int nodeId, Purpose purpose) {
        real.reconnect(nodeId, purpose);
    }

    @Override
    @SuppressWarnings("unchecked") // an exhibit sends a request of the same class
    public <A extends Answer> boolean send(Request<A> request, Reply<A> reply) {
        if (!sends(request)) {
            return false;
        }
        return real.send((Request<A>) altered(request), new Reply<A>() {
            @Override
            public void answered(A answer, long nowNanos) {
                reply.answered(request.answerType().cast(altered(answer)), nowNanos);
            }

            @Override
            public void failed(RequestFailure failure, long nowNanos) {
                AlteredOutbox.this.failed(request);
                reply.failed(failure, nowNanos);
            }
        });
    }
}

package dev.surefoot.core.engine;

import dev.surefoot.core.engine.Telemetry.Inquiry;
import dev.surefoot.core.engine.Telemetry.Message;
import dev.surefoot.core.engine.Telemetry.Push;
import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.BrokerChoice;
import dev.surefoot.core.exchange.Deadlines;
import dev.surefoot.core.exchange.Outbox;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Readiness;
import dev.surefoot.core.exchange.Reply;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.exchange.Requester;
import dev.surefoot.core.exchange.Turn;
import dev.surefoot.core.time.Deadline;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Sends telemetry (KIP-714) to one broker for as long as that answers: the first one that has answered another request,
 * so that no connection is made for it. Only an application that has asked for the client's id lets it connect. Owned
 * by the loop's thread.
 */
public final class TelemetryExchange implements Requester {
    /**
     * A request for the metrics that the cluster wants.
     *
     * @param clientInstanceId the id that the cluster has given to this client; zero if it has given none
     * @param timeoutNanos the nanoseconds that the answer may take
     */
    public record TelemetrySubscriptionRequest(int nodeId, Uuid clientInstanceId, long timeoutNanos)
            implements Request<TelemetrySubscriptionResponse> {
        @Override
        public Class<TelemetrySubscriptionResponse> answerType() {
            return TelemetrySubscriptionResponse.class;
        }
    }

    /**
     * The answer to a {@link TelemetrySubscriptionRequest}.
     *
     * @param throttleTimeMs milliseconds for which the broker wants no request on this connection
     * @param clientInstanceId this client's id from now on
     * @param subscriptionId the id of what the cluster wants
     * @param compressionTypes the ids of the codecs that the cluster accepts, the preferred one first
     * @param pushIntervalMs the milliseconds between two pushes
     * @param maxBytes the most bytes of a push
     * @param deltas whether a push has the differences to the one before, or else sums
     * @param metrics prefixes of the names of wanted metrics
     */
    public record TelemetrySubscriptionResponse(
            int throttleTimeMs,
            short errorCode,
            Uuid clientInstanceId,
            int subscriptionId,
            List<Byte> compressionTypes,
            int pushIntervalMs,
            int maxBytes,
            boolean deltas,
            List<String> metrics)
            implements Answer {}

    /**
     * A request that brings metrics.
     *
     * @param timeoutNanos the nanoseconds that the answer may take
     */
    public record TelemetryPushRequest(int nodeId, Push push, long timeoutNanos)
            implements Request<TelemetryPushResponse> {
        @Override
        public Class<TelemetryPushResponse> answerType() {
            return TelemetryPushResponse.class;
        }
    }

    /**
     * The answer to a {@link TelemetryPushRequest}.
     *
     * @param throttleTimeMs milliseconds for which the broker wants no request on this connection
     */
    public record TelemetryPushResponse(int throttleTimeMs, short errorCode) implements Answer {}

    private enum Due implements Deadlines.Name {
        /** The cluster wants the metrics, or is asked again which it wants. */
        TELEMETRY
    }

    private static final int NO_BROKER = Integer.MIN_VALUE;

    private final Telemetry telemetry;
    private final BrokerChoice brokers;
    private final long timeoutNanos;
    private int nodeId = NO_BROKER;
    private boolean wanted;
    private boolean outstanding;
    /** The first message is due at once. */
    private long dueNanos;

    /** What was taken, but refused by the link. */
    private @Nullable Message unsent;

    /** The exchange that sends from this source, among the requesters; null, and nothing is added, without a source. */
    static @Nullable TelemetryExchange of(
            @Nullable Telemetry source, AnyBroker anyBroker, RequestTimeouts timeouts, List<Requester> requesters) {
        if (source == null) {
            return null;
        }
        TelemetryExchange exchange = new TelemetryExchange(source, anyBroker, timeouts.answerNanos());
        requesters.add(exchange);
        return exchange;
    }

    TelemetryExchange(Telemetry telemetry, BrokerChoice brokers, long timeoutNanos) {
        this.telemetry = telemetry;
        this.brokers = brokers;
        this.timeoutNanos = timeoutNanos;
    }

    /** Has the cluster asked for the client's id, even if nothing else needs a broker. */
    public void request() {
        wanted = true;
    }

    /** Called when a broker has answered a request. */
    void brokerAnswered(Request<?> request) {
        if (nodeId == NO_BROKER && request.purpose() == Purpose.CONTROL) {
            nodeId = request.nodeId();
        }
    }

    @Override
    public void dispatch(Outbox outbox, Turn turn) {
        long nowNanos = turn.nowNanos();
        if (outstanding || nowNanos < dueNanos || !isBrokerReady(outbox, nowNanos)) {
            return;
        }
        Message message = unsent == null ? telemetry.take() : unsent;
        if (message == null) {
            dueNanos = Deadline.after(nowNanos, telemetry.dueInNanos());
            return;
        }
        outstanding = message(message).send(outbox);
        unsent = outstanding ? null : message;
    }

    private boolean isBrokerReady(Outbox outbox, long nowNanos) {
        if (nodeId == NO_BROKER) {
            BrokerChoice.Choice choice = wanted ? brokers.choose(outbox, nowNanos) : null;
            if (choice == null || !choice.found()) {
                return false;
            }
            nodeId = choice.nodeId();
        }
        Readiness readiness = outbox.readiness(nodeId, Purpose.CONTROL);
        if (readiness.failure() != null) {
            nodeId = NO_BROKER;
        }
        return readiness.isReady();
    }

    private Sendable<?> message(Message message) {
        return message.accept(new Message.Visitor<>() {
            @Override
            public Sendable<?> inquiry(Inquiry inquiry) {
                return new Sendable<>(
                        new TelemetrySubscriptionRequest(nodeId, inquiry.clientInstanceId(), timeoutNanos),
                        new SubscriptionReply(inquiry));
            }

            @Override
            public Sendable<?> push(Push push) {
                return new Sendable<>(new TelemetryPushRequest(nodeId, push, timeoutNanos), new PushReply(push));
            }
        });
    }

    private record Sendable<A extends Answer>(Request<A> request, Reply<A> reply) {
        boolean send(Outbox outbox) {
            return outbox.send(request, reply);
        }
    }

    /** A message that is due now waits for its broker, so it has no deadline. */
    @Override
    public void enterDeadlines(Deadlines deadlines, long nowNanos) {
        deadlines.enter(Due.TELEMETRY, outstanding || dueNanos <= nowNanos ? Deadline.NEVER : dueNanos);
    }

    /** Ends the telemetry; returns the request with the last metrics, or null if the cluster wants none. */
    @Nullable Request<?> close() {
        Push last = telemetry.end();
        return last == null || nodeId == NO_BROKER ? null : message(last).request();
    }

    private void ended(long nowNanos) {
        outstanding = false;
        dueNanos = Deadline.after(nowNanos, telemetry.dueInNanos());
    }

    private void failed(Message message, RequestFailure failure, long nowNanos) {
        telemetry.failed(message, failure);
        nodeId = NO_BROKER;
        ended(nowNanos);
    }

    private final class SubscriptionReply implements Reply<TelemetrySubscriptionResponse> {
        private final Inquiry inquiry;

        SubscriptionReply(Inquiry inquiry) {
            this.inquiry = inquiry;
        }

        @Override
        public void answered(TelemetrySubscriptionResponse response, long nowNanos) {
            wanted = false;
            telemetry.subscribed(response);
            ended(nowNanos);
        }

        @Override
        public void failed(RequestFailure failure, long nowNanos) {
            TelemetryExchange.this.failed(inquiry, failure, nowNanos);
        }
    }

    private final class PushReply implements Reply<TelemetryPushResponse> {
        private final Push push;

        PushReply(Push push) {
            this.push = push;
        }

        @Override
        public void answered(TelemetryPushResponse response, long nowNanos) {
            telemetry.pushed(response);
            ended(nowNanos);
        }

        @Override
        public void failed(RequestFailure failure, long nowNanos) {
            TelemetryExchange.this.failed(push, failure, nowNanos);
        }
    }
}

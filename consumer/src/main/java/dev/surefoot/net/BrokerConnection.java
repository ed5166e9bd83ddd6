package dev.surefoot.net;

import dev.surefoot.core.engine.FetchExchange.FetchResponse;
import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Readiness;
import dev.surefoot.core.exchange.Readiness.Cause;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.records.Lease;
import dev.surefoot.core.time.Deadline;
import dev.surefoot.net.FailureLog.Attempt;
import dev.surefoot.net.InFlightRequests.InFlight;
import dev.surefoot.wire.EncodedRequest;
import dev.surefoot.wire.NegotiatedVersions;
import dev.surefoot.wire.ResponseDecoder.Negotiation;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.network.ByteBufferSend;
import org.apache.kafka.common.network.ChannelState;
import org.apache.kafka.common.network.NetworkSend;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/**
 * One connection to one broker, for one purpose. It is opened when there is a request to send, negotiates versions, and
 * backs off after a failure. Each request that it accepts puts exactly one outcome into the queue. Owned by the loop's
 * thread.
 */
final class BrokerConnection {
    /**
     * The default of Kafka's clients. More would save at most a round trip: a broker answers a request before the next.
     */
    static final int MAX_IN_FLIGHT = 5;

    /** The least back-off: a failure stays visible for a turn of the loop even if the configuration has no back-off. */
    private static final long LEAST_BACKOFF_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final Node node;
    private final String channelId;
    private final String name;
    private final ConnectionEnvironment shared;
    private final NodeMeter meter;
    private final BrokerAddresses addresses;
    private final InFlightRequests inFlight;
    private final Throttle throttle = new Throttle();
    private final IdleWatch idle;
    private final LastRefusal refusal = new LastRefusal();
    private final LossReason reasons;
    private final CorrelationIds correlationIds = new CorrelationIds();

    private ConnectionState state = ConnectionState.IDLE;
    /** When the state times out; {@link Deadline#NEVER} while idle or ready, which {@link #idle} watches. */
    private long stateDeadlineNanos = Deadline.NEVER;

    private int failuresInARow;
    private int setupTimeoutsInARow;
    private boolean writing;
    /** Whether it has answered a request: a broker answers ApiVersions also for clients that it then refuses. */
    private boolean served;
    /** Why the last attempt failed; set in {@link ConnectionState#BACKOFF} only. */
    private @Nullable RequestFailure failure;
    /** The ApiVersions request in flight; set in {@link ConnectionState#NEGOTIATING} only. */
    private @Nullable EncodedRequest negotiation;
    /** Set in {@link ConnectionState#READY} only. */
    private @Nullable NegotiatedVersions versions;

    BrokerConnection(Node node, Purpose purpose, ConnectionEnvironment shared) {
        this.node = node;
        this.channelId = channelId(node.id(), purpose);
        this.name = "broker " + (node.id() < 0 ? "at " : node.id() + " at ") + node.host() + ":" + node.port();
        this.shared = shared;
        this.meter = shared.nodes().of(node.id());
        this.addresses = new BrokerAddresses(node, shared.resolver());
        this.inFlight = new InFlightRequests(MAX_IN_FLIGHT, shared.outcomes());
        this.idle = new IdleWatch(shared.settings().maxIdleNanos());
        this.reasons = new LossReason(name, shared.settings().securityProtocol());
    }

    static String channelId(int nodeId, Purpose purpose) {
        return nodeId + "-" + purpose.name().toLowerCase(Locale.ROOT);
    }

    Node node() {
        return node;
    }

    ConnectionState state() {
        return state;
    }

    Readiness readiness(long nowNanos) {
        expire(nowNanos);
        if (state == ConnectionState.IDLE) {
            connect(nowNanos);
        }
        RequestFailure lastWord = failure == null ? refusal.word() : failure;
        if (lastWord != null) {
            return new Readiness.Failed(lastWord);
        }
        NegotiatedVersions usable = versions;
        if (usable == null) {
            return new Readiness.NotYet(state.waitsFor(), stateDeadlineNanos);
        }
        Readiness.NotYet busy = busy();
        return busy == null ? new Readiness.Ready(usable.topicIds(), usable.sessions()) : busy;
    }

    /** Returns why the channel takes no request now, or null if it does. */
    private Readiness.@Nullable NotYet busy() {
        if (throttle.isOn()) {
            return new Readiness.NotYet(Cause.THROTTLED, throttle.deadlineNanos());
        }
        if (inFlight.isFull()) {
            return new Readiness.NotYet(Cause.IN_FLIGHT_FULL, inFlight.deadlineNanos());
        }
        if (writing) {
            return new Readiness.NotYet(Cause.WRITING, inFlight.deadlineNanos());
        }
        boolean ready = shared.selector().isChannelReady(channelId);
        return ready ? null : new Readiness.NotYet(Cause.AUTHENTICATING, Deadline.NEVER);
    }

    boolean send(Request<?> request, long nowNanos) {
        expire(nowNanos);
        NegotiatedVersions usable = versions;
        if (usable == null || busy() != null) {
            return false;
        }
        EncodedRequest encoded;
        try {
            encoded = shared.encoder().encode(request, usable, correlationIds.take());
        } catch (RuntimeException e) {
            endFailed(request, Failures.unwritable(request, name, e));
            return true;
        } catch (OutOfMemoryError e) {
            RequestFailure why = Failures.noMemory("a request to " + name, e);
            endFailed(request, why);
            lose(why, nowNanos);
            return true;
        }
        inFlight.add(new InFlight(request, encoded, nowNanos, Deadline.after(nowNanos, request.timeoutNanos())));
        write(encoded, nowNanos);
        return true;
    }

    private void write(EncodedRequest encoded, long nowNanos) {
        writing = true;
        try {
            shared.selector().send(new NetworkSend(channelId, new ByteBufferSend(encoded.frame())));
        } catch (RuntimeException e) {
            lose(
                    Failures.disconnected(
                            "Writing " + encoded.describe() + " to " + name + " failed: " + e.getMessage(), e),
                    nowNanos);
        }
    }

    private void connect(long nowNanos) {
        refusal.attemptBegins(nowNanos);
        become(
                ConnectionState.CONNECTING,
                Deadline.after(nowNanos, shared.settings().setupTimeout().delayNanos(setupTimeoutsInARow + 1)));
        try {
            InetSocketAddress address = addresses.next();
            shared.log().debug("Connecting to {} ({}) as {}", name, address.getAddress(), channelId);
            shared.open(channelId, address);
        } catch (IOException | RuntimeException e) {
            lose(Failures.disconnected("Cannot connect to " + name + ": " + CauseWords.of(e), e), nowNanos);
        }
    }

    /** Called when the TCP connection is established. */
    void onConnected(long nowNanos) {
        if (state == ConnectionState.CONNECTING) {
            setupTimeoutsInARow = 0;
            become(ConnectionState.AUTHENTICATING, nowNanos + shared.settings().requestTimeoutNanos());
        }
    }

    /** Sends ApiVersions when TLS and SASL are complete. Called in each turn, since the selector reports no event. */
    void negotiateWhenAuthenticated(long nowNanos) {
        if (state == ConnectionState.AUTHENTICATING && shared.selector().isChannelReady(channelId)) {
            become(ConnectionState.NEGOTIATING, nowNanos + shared.settings().requestTimeoutNanos());
            askForVersions(ApiKeys.API_VERSIONS.latestVersion(false), nowNanos);
        }
    }

    private void askForVersions(short version, long nowNanos) {
        EncodedRequest question = shared.encoder().encodeApiVersions(version, correlationIds.take());
        negotiation = question;
        write(question, nowNanos);
    }

    void onSent(long bytes) {
        writing = false;
        meter.sent(bytes);
    }

    /** Handles a frame; takes over the hold on its memory. */
    void onReceived(ByteBuffer frame, Lease lease, long nowNanos) {
        meter.received(Integer.BYTES + frame.remaining());
        EncodedRequest question = negotiation;
        if (question != null) {
            onVersions(question, frame, nowNanos);
            lease.release();
            return;
        }
        InFlight oldest = inFlight.oldest();
        if (oldest == null) {
            lease.release();
            lose(Failures.malformed(new KafkaException(name + " sent an answer without a request")), nowNanos);
            return;
        }
        Answer answer;
        try {
            answer = shared.reader().answer(oldest.request(), oldest.encoded(), frame, lease, name);
        } catch (KafkaException e) {
            lease.release();
            lose(Failures.malformed(e), nowNanos);
            return;
        } catch (OutOfMemoryError e) {
            lease.release();
            lose(Failures.noMemory("the content of an answer of " + name, e), nowNanos);
            return;
        }
        inFlight.removeOldest();
        idle.used(nowNanos);
        if (!served) {
            served = true;
            failuresInARow = 0;
            shared.failures().served(channelId);
        }
        if (answer instanceof FetchResponse fetch) {
            meter.fetched(nowNanos - oldest.sentNanos(), fetch.answer().throttleTimeMs());
        } else {
            lease.release();
        }
        shared.outcomes().add(new Outcome.Answered(oldest.request(), answer));
        throttle.on(answer.throttleTimeMs(), nowNanos);
    }

    private void onVersions(EncodedRequest question, ByteBuffer frame, long nowNanos) {
        Negotiation answer;
        try {
            answer = shared.reader().versions(question, frame, name);
        } catch (KafkaException e) {
            lose(Failures.malformed(e), nowNanos);
            return;
        } catch (OutOfMemoryError e) {
            lose(Failures.noMemory("the ApiVersions answer of " + name, e), nowNanos);
            return;
        }
        answer.accept(new Negotiation.Visitor() {
            @Override
            public void agreed(Negotiation.Agreed agreed) {
                ready(agreed, nowNanos);
            }

            @Override
            public void askAgain(Negotiation.AskAgain again) {
                askForVersions(again.version(), nowNanos);
            }
        });
    }

    private void ready(Negotiation.Agreed agreed, long nowNanos) {
        become(ConnectionState.READY, Deadline.NEVER);
        versions = agreed.versions();
        refusal.clear();
        idle.used(nowNanos);
        addresses.forgetTried();
        shared.log().debug("Ready: {} as {}", name, channelId);
        throttle.on(agreed.throttleTimeMs(), nowNanos);
    }

    /**
     * Called when the channel was closed, but not by this side.
     *
     * @param noMemory the memory that was missing meanwhile, for this connection or another one; or null
     */
    void onDisconnected(ChannelState channel, @Nullable String noMemory, long nowNanos) {
        if (!state.channelOpen()) {
            return;
        }
        AuthenticationException end = channel.exception();
        if (end != null && !(end instanceof ChannelFault)) {
            AuthenticationException refused =
                    Refusals.explained(end, name, shared.settings().securityProtocol());
            shared.failures().authenticationFailed(name, refused, nowNanos);
            lose(new RequestFailure(RequestFailure.Kind.AUTHENTICATION, refused), nowNanos);
            return;
        }
        InFlight first = served ? null : inFlight.oldest();
        String unanswered = first == null ? null : first.encoded().describe();
        lose(
                Failures.disconnected(
                        reasons.closed(state, unanswered, end == null ? noMemory : end.getMessage()), null),
                nowNanos);
    }

    /** Handles every deadline that has passed. */
    void expire(long nowNanos) {
        throttle.expire(nowNanos);
        InFlight overdue = inFlight.overdue(nowNanos);
        if (overdue != null) {
            lose(Failures.timedOut(reasons.noAnswerInTime(overdue)), overdue, nowNanos);
        }
        if (Deadline.passed(idleDeadlineNanos(), nowNanos)) {
            close("unused for connections.max.idle.ms");
        }
        if (!Deadline.passed(stateDeadlineNanos, nowNanos)) {
            return;
        }
        switch (state) {
            case CONNECTING -> {
                setupTimeoutsInARow++;
                lose(Failures.timedOut(reasons.noConnectionInTime()), nowNanos);
            }
            case AUTHENTICATING -> lose(Failures.timedOut(reasons.notAuthenticatedInTime()), nowNanos);
            case NEGOTIATING -> lose(Failures.timedOut(reasons.noVersionsInTime()), nowNanos);
            case BACKOFF -> become(ConnectionState.IDLE, Deadline.NEVER);
            case IDLE, READY -> throw new IllegalStateException(state + " has no deadline");
        }
    }

    /** Returns the next time at which {@link #expire} has something to do, or {@link Deadline#NEVER}. */
    long deadlineNanos() {
        long own = Math.min(stateDeadlineNanos, idleDeadlineNanos());
        return Math.min(own, Math.min(throttle.deadlineNanos(), inFlight.deadlineNanos()));
    }

    private long idleDeadlineNanos() {
        return state == ConnectionState.READY && inFlight.isEmpty() ? idle.deadlineNanos() : Deadline.NEVER;
    }

    /** Closes the connection without a failure: it may be opened again at once. */
    void close(String reason) {
        if (state.channelOpen()) {
            shared.log().debug("Closing {} to {}: {}", channelId, name, reason);
            shared.selector().close(channelId);
            become(ConnectionState.IDLE, Deadline.NEVER);
        }
        String closed = "The connection to " + name + " was closed: " + reason;
        inFlight.failAll(Failures.disconnected(closed, null), inFlight.oldest());
    }

    /** Closes the connection because of a failure: requests in flight fail, and the next attempt has to wait. */
    void lose(RequestFailure why, long nowNanos) {
        lose(why, inFlight.oldest(), nowNanos);
    }

    /** @param culprit the request in flight that the failure is about, or null if there is none */
    private void lose(RequestFailure why, @Nullable InFlight culprit, long nowNanos) {
        String message = why.cause().getMessage();
        shared.log().debug("Lost {} in state {}: {}", channelId, state, message);
        boolean fruitless = !served && (state != ConnectionState.READY || !inFlight.isEmpty());
        if (fruitless && !why.isRefusal()) {
            boolean reached = state != ConnectionState.CONNECTING;
            shared.failures().connectionFailed(new Attempt(node.id(), channelId, name, reached), why.cause(), nowNanos);
        }
        long delayNanos = shared.settings().reconnectBackoff().delayNanos(++failuresInARow);
        long retryAtNanos = Deadline.after(nowNanos, Math.max(LEAST_BACKOFF_NANOS, delayNanos));
        become(ConnectionState.BACKOFF, retryAtNanos);
        failure = why;
        refusal.attemptFailed(why, retryAtNanos);
        shared.selector().close(channelId);
        inFlight.failAll(why, culprit);
    }

    private void endFailed(Request<?> request, RequestFailure why) {
        shared.outcomes().add(new Outcome.Failed(request, why));
    }

    /** Changes the state, and clears what belongs to the state before. The only way from one state to another. */
    private void become(ConnectionState next, long deadlineNanos) {
        if (!state.mayBecome(next)) {
            throw new IllegalStateException(channelId + " cannot go from " + state + " to " + next);
        }
        if (state.channelOpen() && !next.channelOpen()) {
            writing = false;
            served = false;
            throttle.off();
        }
        state = next;
        stateDeadlineNanos = deadlineNanos;
        failure = null;
        negotiation = null;
        versions = null;
    }
}

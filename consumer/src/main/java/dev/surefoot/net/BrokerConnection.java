package dev.surefoot.net;

import dev.surefoot.core.engine.FetchExchange.FetchResponse;
import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.LinkCondition;
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
import java.util.Objects;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.network.ByteBufferSend;
import org.apache.kafka.common.network.ChannelState;
import org.apache.kafka.common.network.NetworkSend;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a broker for one purpose. It opens when there is a request to send, negotiates versions, and backs
 * off after a failure. Each request taken puts one outcome into the queue. Owned by the loop's thread.
 */
final class BrokerConnection {
    /** The default of Kafka's clients. More would save at most a round trip. */
    static final int MAX_IN_FLIGHT = 5;

    private final Node node;
    private final String channelId;
    private final String name;
    private final ConnectionEnvironment shared;
    private final NodeMeter meter;
    private final BrokerAddresses addresses;
    private final InFlightRequests inFlight;
    private final Throttle throttle = new Throttle();
    private final IdleWatch idle;
    private final ConnectionHistory history;
    private final LossReason reasons;
    private final CheckedReader reader;
    private final CorrelationIds correlationIds = new CorrelationIds();

    private ConnectionState state = ConnectionState.IDLE;
    /** When the state times out; {@link Deadline#NEVER} while idle or ready, which {@link #idle} watches. */
    private long stateDeadlineNanos = Deadline.NEVER;

    private boolean writing;
    /** Whether it has answered a request: a broker answers ApiVersions also for clients that it then refuses. */
    private boolean served;
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
        this.addresses = new BrokerAddresses(node, shared.lookups());
        this.inFlight = new InFlightRequests(MAX_IN_FLIGHT, shared.outcomes());
        this.idle = new IdleWatch(shared.settings().maxIdleNanos());
        this.reader = new CheckedReader(shared.reader(), name);
        this.history = new ConnectionHistory(shared.settings());
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
            begin(nowNanos);
        }
        RequestFailure lastWord = history.failure();
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

    /** What there is to say about the connection. Changes nothing. */
    LinkCondition condition() {
        return history.condition(throttle, inFlight, arriving());
    }

    private ArrivingAnswer arriving() {
        return ArrivingAnswer.over(shared.selector(), channelId);
    }

    private long requestDeadlineNanos(long nowNanos) {
        return nowNanos + shared.settings().requestTimeoutNanos();
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
            RequestFailure why = history.unwritten(request, Failures.unwritable(request, name, e));
            shared.outcomes().add(new Outcome.Failed(request, why));
            return true;
        } catch (OutOfMemoryError e) {
            RequestFailure why = Failures.noMemory("a request to " + name, e);
            shared.outcomes().add(new Outcome.Failed(request, why));
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
            lose(reasons.notWritten(encoded, e), nowNanos);
        }
    }

    private void begin(long nowNanos) {
        history.attemptBegins(nowNanos);
        InetSocketAddress address = addresses.next();
        if (address == null) {
            become(ConnectionState.RESOLVING, history.setupDeadlineNanos(nowNanos), nowNanos);
        } else {
            connect(address, nowNanos);
        }
    }

    /** Takes over the addresses of the host, and connects if that waits for them. */
    void onResolved(HostLookups.Answer answer, long nowNanos) {
        if (!answer.host().equals(node.host())) {
            return;
        }
        addresses.resolved(answer);
        if (state == ConnectionState.RESOLVING && answer.failure() != null) {
            lose(reasons.unresolved(answer.failure()), nowNanos);
        } else if (state == ConnectionState.RESOLVING) {
            begin(nowNanos);
        }
    }

    private void connect(InetSocketAddress address, long nowNanos) {
        become(ConnectionState.CONNECTING, history.setupDeadlineNanos(nowNanos), nowNanos);
        history.tried(address);
        try {
            shared.log().debug("Connecting to {} ({}) as {}", name, address.getAddress(), channelId);
            shared.open(channelId, address);
        } catch (IOException | RuntimeException e) {
            lose(reasons.refused(e), nowNanos);
        }
    }

    /** Called when the TCP connection is established. */
    void onConnected(long nowNanos) {
        if (state == ConnectionState.CONNECTING) {
            history.connected();
            become(ConnectionState.AUTHENTICATING, requestDeadlineNanos(nowNanos), nowNanos);
        }
    }

    /** Sends ApiVersions when TLS and SASL are complete. Called in each turn, since the selector reports no event. */
    void negotiateWhenAuthenticated(long nowNanos) {
        if (state == ConnectionState.AUTHENTICATING && shared.selector().isChannelReady(channelId)) {
            become(ConnectionState.NEGOTIATING, requestDeadlineNanos(nowNanos), nowNanos);
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
        CheckedReader.Read<Answer> read = reader.answer(oldest, frame, lease);
        Answer answer = read.value();
        if (answer == null) {
            lease.release();
            lose(Objects.requireNonNull(read.failure()), nowNanos);
            return;
        }
        inFlight.removeOldest();
        idle.used(nowNanos);
        history.answered(oldest.sentNanos(), nowNanos);
        if (!served) {
            served = true;
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
        CheckedReader.Read<Negotiation> read = reader.versions(question, frame);
        Negotiation answer = read.value();
        if (answer == null) {
            lose(Objects.requireNonNull(read.failure()), nowNanos);
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
        become(ConnectionState.READY, Deadline.NEVER, nowNanos);
        versions = agreed.versions();
        idle.used(nowNanos);
        addresses.forgetTried();
        shared.log().debug("Ready: {} as {}", name, channelId);
        throttle.on(agreed.throttleTimeMs(), nowNanos);
    }

    /**
     * Called when the channel was closed, but not by this side.
     *
     * @param noBuffer why an answer got no buffer meanwhile, of this connection or another one; or null
     */
    void onDisconnected(ChannelState channel, DirectBufferPool.@Nullable Refusal noBuffer, long nowNanos) {
        if (!state.channelOpen()) {
            return;
        }
        InFlight first = served ? null : inFlight.oldest();
        RequestFailure why = reasons.closed(state, first, channel.exception(), noBuffer);
        shared.failures().closed(name, why, nowNanos);
        lose(why, nowNanos);
    }

    /** Handles every deadline that has passed. */
    void expire(long nowNanos) {
        throttle.expire(nowNanos);
        InFlight overdue = inFlight.overdue(nowNanos);
        if (overdue != null) {
            lose(reasons.noAnswerInTime(overdue, arriving().arrivedBytes()), overdue, nowNanos);
        }
        if (Deadline.passed(idleDeadlineNanos(), nowNanos)) {
            close("unused for connections.max.idle.ms", nowNanos);
        }
        if (!Deadline.passed(stateDeadlineNanos, nowNanos)) {
            return;
        }
        switch (state) {
            case RESOLVING -> lose(reasons.notResolvedInTime(), nowNanos);
            case CONNECTING -> {
                history.setupTimedOut();
                lose(reasons.noConnectionInTime(), nowNanos);
            }
            case AUTHENTICATING -> lose(reasons.notAuthenticatedInTime(), nowNanos);
            case NEGOTIATING -> lose(reasons.noVersionsInTime(), nowNanos);
            case BACKOFF -> become(ConnectionState.IDLE, Deadline.NEVER, nowNanos);
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
    void close(String reason, long nowNanos) {
        if (state.channelOpen()) {
            shared.log().debug("Closing {} to {}: {}", channelId, name, reason);
            shared.selector().close(channelId);
            become(ConnectionState.IDLE, Deadline.NEVER, nowNanos);
        }
        String closed = "The connection to " + name + " was closed: " + reason;
        inFlight.failAll(Failures.disconnected(closed, null), inFlight.oldest());
    }

    void reconnect(long nowNanos) {
        addresses.avoidLast();
        shared.reset(channelId);
        close("another connection is to be tried", nowNanos);
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
        if (fruitless && !FailureLog.hasLineOfItsOwn(why)) {
            boolean reached = state.channelOpen() && state != ConnectionState.CONNECTING;
            shared.failures().connectionFailed(new Attempt(node.id(), channelId, name, reached), why.cause(), nowNanos);
        }
        become(ConnectionState.BACKOFF, history.failed(why, nowNanos), nowNanos);
        shared.reset(channelId);
        inFlight.failAll(why, culprit);
    }

    /** Changes the state, and clears what belongs to the state before. The only way from one state to another. */
    private void become(ConnectionState next, long deadlineNanos, long nowNanos) {
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
        history.entered(next, nowNanos);
        negotiation = null;
        versions = null;
    }
}

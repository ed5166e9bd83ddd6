package dev.surefoot.testkit.simulation.world;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.LinkCondition;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.testkit.simulation.check.Violation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** One connection of the client, in any state. */
final class Connection {
    /** A pause shorter than any back-off. */
    private static final long HASTY_NANOS = 20 * Wire.MILLI;
    /** The most refusals without a back-off: they may be for different partitions, or follow seeks. */
    private static final int HASTY_MOST = 30;

    /** The progress of a connection. */
    enum State {
        IDLE,
        CONNECTING,
        READY,
        FAILED
    }

    /** One request in flight. By identity, since two may have the same content. */
    static final class Sent {
        final Request<?> request;
        final long atNanos;
        /** Whether the request or its answer is lost, so that only the client's time-out ends it. */
        boolean isLost;

        Sent(Request<?> request, long atNanos) {
            this.request = request;
            this.atNanos = atNanos;
        }
    }

    final int nodeId;
    /** The broker at the address of this connection; below zero for the address of a bootstrap server. */
    final int broker;

    final Purpose purpose;
    final List<Sent> inFlight = new ArrayList<>();
    final LinkPast past = new LinkPast();
    private State state = State.IDLE;
    /** No request is accepted before this time: the broker throttles the client, or the wire is busy. */
    long quietUntil;
    /** Whether a request was handed over since the loop has last waited for input, which is when it is written. */
    private boolean isWriting;
    /** Whether the loop was told of that. */
    private boolean isWritingAwaited;
    /** No new attempt to connect is made before this time. */
    long failedUntil;
    /** The number of connections so far, by which late outcomes of a lost connection are detected. */
    int incarnation;
    /** When the broker last refused a partition. */
    private long refusedAt = Long.MIN_VALUE / 2;
    /** How many times in a row it did so without a back-off between. */
    private int refusedInHaste;

    /** Requests of a coordinator's connection that wait for the one before them to be answered. */
    private final ArrayDeque<Runnable> arrived = new ArrayDeque<>();

    private boolean isServing;

    Connection(int nodeId, int broker, Purpose purpose) {
        this.nodeId = nodeId;
        this.broker = broker;
        this.purpose = purpose;
    }

    State state() {
        return state;
    }

    void enter(State next, long nowNanos) {
        state = next;
        past.entered(next, nowNanos);
    }

    void close(long nowNanos) {
        enter(State.IDLE, nowNanos);
        quietUntil = 0;
        incarnation++;
    }

    /** Takes out all requests in flight: nothing more comes of them. */
    List<Sent> takeInFlight() {
        List<Sent> taken = List.copyOf(inFlight);
        inFlight.clear();
        nothingServed();
        return taken;
    }

    /** What there is to say of it, in the terms of the shipped connections. */
    LinkCondition condition() {
        return past.condition(state, quietUntil, inFlight);
    }

    /** Whether it is connected, or about to be. */
    boolean isOpen() {
        return state == State.READY || state == State.CONNECTING;
    }

    /** A request is handed over; until it is written the connection takes no other one. */
    void writes() {
        isWriting = true;
    }

    /** Whether a request is not written yet. Who asks has to get another turn when it is. */
    boolean awaitsWriting() {
        isWritingAwaited |= isWriting;
        return isWriting;
    }

    /** What was handed over is written; returns whether somebody awaits that. */
    boolean written() {
        boolean awaited = isWritingAwaited;
        isWriting = false;
        isWritingAwaited = false;
        return awaited;
    }

    /** Checks that a client that was refused backs off before the next request, for every reason. */
    void notHasty(FetchAnswer answer, long nowNanos) {
        boolean refused = answer.partitions().stream().anyMatch(partition -> partition.error() != BrokerError.NONE);
        if (refused) {
            boolean again = nowNanos - refusedAt < HASTY_NANOS;
            refusedInHaste = again ? refusedInHaste + 1 : 0;
            refusedAt = nowNanos;
        }
        if (refusedInHaste > HASTY_MOST) {
            throw new Violation("I32", "broker " + broker + " is asked without pause for what it refuses");
        }
    }

    /** A request has arrived. A broker serves the requests of one connection one after another. */
    void arrived(Runnable request) {
        arrived.add(request);
        serve();
    }

    private void serve() {
        Runnable next = isServing ? null : arrived.poll();
        if (next != null) {
            isServing = true;
            next.run();
        }
    }

    /** The request that is being served is answered. */
    void served() {
        isServing = false;
        serve();
    }

    /** The connection is gone with all requests that have arrived. */
    void nothingServed() {
        arrived.clear();
        isServing = false;
    }
}

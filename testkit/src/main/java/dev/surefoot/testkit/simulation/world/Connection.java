package dev.surefoot.testkit.simulation.world;

import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Request;
import java.util.ArrayList;
import java.util.List;

/** One connection of the client, in any state. */
final class Connection {
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
        /** Whether the request or its answer is lost, so that only the client's time-out ends it. */
        boolean isLost;

        Sent(Request<?> request) {
            this.request = request;
        }
    }

    final int nodeId;
    /** The broker at the address of this connection; below zero for the address of a bootstrap server. */
    final int broker;

    final Purpose purpose;
    final List<Sent> inFlight = new ArrayList<>();
    State state = State.IDLE;
    /** No request is accepted before this time: the broker throttles the client, or the wire is busy. */
    long quietUntil;
    /** No new attempt to connect is made before this time. */
    long failedUntil;
    /** The number of connections so far, by which late outcomes of a lost connection are detected. */
    int incarnation;
    /** When the broker last refused a partition. */
    long refusedAt = Long.MIN_VALUE / 2;
    /** How many times in a row it did so without a back-off between. */
    int refusedInHaste;

    Connection(int nodeId, int broker, Purpose purpose) {
        this.nodeId = nodeId;
        this.broker = broker;
        this.purpose = purpose;
    }
}

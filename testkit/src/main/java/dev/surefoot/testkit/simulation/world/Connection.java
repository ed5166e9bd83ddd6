package dev.surefoot.testkit.simulation.world;

import dev.surefoot.core.engine.Purpose;
import dev.surefoot.core.engine.Request;
import java.util.ArrayList;
import java.util.List;

/** One connection of the client, as far as it exists. */
final class Connection {
    /** How far it has got. */
    enum State {
        IDLE,
        CONNECTING,
        READY,
        FAILED
    }

    /** One request on its way; two that say the same are still two. */
    static final class Sent {
        final Request<?> request;
        /** Whether the request or its answer has vanished, so that only the client's patience ends it. */
        boolean isLost;

        Sent(Request<?> request) {
            this.request = request;
        }
    }

    final int nodeId;
    /** The broker at that address, which a bootstrap id below zero stands for as well. */
    final int broker;

    final Purpose purpose;
    final List<Sent> inFlight = new ArrayList<>();
    State state = State.IDLE;
    /** No request before this, as the broker asked for quiet or the wire is busy. */
    long quietUntil;
    /** No new attempt before this. */
    long failedUntil;
    /** Counts the connections there were, so that what comes late for one that is lost is known. */
    int incarnation;
    /** When the broker last refused a partition. */
    long refusedAt = Long.MIN_VALUE / 2;
    /** How many times in a row it did without a pause between. */
    int refusedInHaste;

    Connection(int nodeId, int broker, Purpose purpose) {
        this.nodeId = nodeId;
        this.broker = broker;
        this.purpose = purpose;
    }
}

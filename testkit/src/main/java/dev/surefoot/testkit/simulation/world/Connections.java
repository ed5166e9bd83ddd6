package dev.surefoot.testkit.simulation.world;

import dev.surefoot.core.exchange.LinkCondition;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Readiness;
import dev.surefoot.core.exchange.RequestFailure;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Node;
import org.jspecify.annotations.Nullable;

/**
 * The client's connections: the brokers that it knows, the state of each connection, and whether it accepts requests.
 */
final class Connections {
    private static final long CONNECT_NANOS = 2 * Wire.MILLI;
    private static final long RECONNECT_BACKOFF_NANOS = 50 * Wire.MILLI;
    private static final int CONTROL_REQUESTS_MOST = 5;

    private final VirtualTime time;
    private final BrokerSide brokers;
    private final LoopWait waiting;
    private final Readiness.Ready ready;
    private final int brokerCount;

    private final Map<Purpose, Map<Integer, Connection>> byPurpose = new EnumMap<>(Purpose.class);
    private final Map<Integer, Long> refusingUntil = new LinkedHashMap<>();
    /** The brokers whose addresses the client knows. */
    private final Set<Integer> known = new HashSet<>();
    /** When the client last got a list of brokers without this one. */
    private final Map<Integer, Long> unknownAt = new LinkedHashMap<>();

    private boolean closed;

    Connections(VirtualTime time, BrokerSide brokers, LoopWait waiting, Readiness.Ready ready, int brokerCount) {
        this.time = time;
        this.brokers = brokers;
        this.waiting = waiting;
        this.ready = ready;
        this.brokerCount = brokerCount;
    }

    Connection to(int nodeId, Purpose purpose) {
        return byPurpose
                .computeIfAbsent(purpose, each -> new LinkedHashMap<>())
                .computeIfAbsent(nodeId, id -> new Connection(id, Math.abs(id), purpose));
    }

    List<Connection> all() {
        List<Connection> all = new ArrayList<>();
        byPurpose.values().forEach(connections -> all.addAll(connections.values()));
        return all;
    }

    /** The connections that are not for fetches. */
    List<Connection> controlling() {
        return all().stream()
                .filter(connection -> connection.purpose != Purpose.FETCH)
                .toList();
    }

    /** Returns whether a request may be sent; begins to connect if there is no connection. */
    Readiness readiness(int nodeId, Purpose purpose, long nowNanos) {
        if (nodeId >= 0 && !known.contains(nodeId)) {
            return new Readiness.Failed(LinkPast.LOST);
        }
        Connection connection = to(nodeId, purpose);
        if (connection.state() == Connection.State.FAILED && connection.failedUntil > nowNanos) {
            return new Readiness.Failed(LinkPast.LOST);
        }
        if (connection.state() == Connection.State.IDLE || connection.state() == Connection.State.FAILED) {
            connect(connection);
        }
        Readiness.NotYet busy = busy(connection, nowNanos);
        return busy == null ? ready : busy;
    }

    /** Returns why the connection takes no request now, or null if it does; in the order of the shipped connection. */
    private static Readiness.@Nullable NotYet busy(Connection connection, long nowNanos) {
        if (connection.state() != Connection.State.READY) {
            return new Readiness.NotYet(Readiness.Cause.CONNECTING, Long.MAX_VALUE);
        }
        if (connection.quietUntil > nowNanos) {
            return new Readiness.NotYet(Readiness.Cause.THROTTLED, connection.quietUntil);
        }
        if (connection.inFlight.size() >= CONTROL_REQUESTS_MOST) {
            return new Readiness.NotYet(Readiness.Cause.IN_FLIGHT_FULL, Long.MAX_VALUE);
        }
        return connection.awaitsWriting() ? new Readiness.NotYet(Readiness.Cause.WRITING, Long.MAX_VALUE) : null;
    }

    /** Writes what was handed over; returns whether the loop has something more for one of these connections. */
    boolean write() {
        boolean awaited = false;
        for (Map<Integer, Connection> connections : byPurpose.values()) {
            for (Connection connection : connections.values()) {
                awaited |= connection.written();
            }
        }
        return awaited;
    }

    private void connect(Connection connection) {
        connection.enter(Connection.State.CONNECTING, time.nanos());
        int incarnation = ++connection.incarnation;
        time.at(time.nanos() + CONNECT_NANOS, () -> {
            if (connection.incarnation == incarnation && !closed) {
                waiting.wake();
                if (canConnect(connection.broker)) {
                    connection.enter(Connection.State.READY, time.nanos());
                } else {
                    fail(connection, LinkPast.REFUSED);
                }
            }
        });
    }

    private boolean canConnect(int broker) {
        return brokers.isUp(broker) && refusingUntil.getOrDefault(broker, 0L) <= time.nanos();
    }

    /** Ends the connection; the next attempt has to wait. */
    void fail(Connection connection, RequestFailure why) {
        connection.enter(Connection.State.FAILED, time.nanos());
        connection.past.failed(why);
        connection.incarnation++;
        connection.quietUntil = 0;
        connection.failedUntil = time.nanos() + RECONNECT_BACKOFF_NANOS;
        waiting.wakeAt(connection.failedUntil);
    }

    /** Makes the connection accept no request for {@code nanos}. */
    void quiet(Connection connection, long nanos) {
        connection.quietUntil = Math.max(connection.quietUntil, time.nanos() + nanos);
        waiting.wakeAt(connection.quietUntil);
    }

    /** Makes the broker accept no request for {@code nanos}. */
    void quiet(int broker, long nanos) {
        all().stream()
                .filter(connection -> connection.broker == broker)
                .forEach(connection -> quiet(connection, nanos));
    }

    /** The condition of a connection, or null if it was never asked for. */
    @Nullable LinkCondition condition(int nodeId, Purpose purpose) {
        Connection connection = byPurpose.getOrDefault(purpose, Map.of()).get(nodeId);
        return connection == null ? null : connection.condition();
    }

    /** Whether a request that was sent before this time has no outcome yet. */
    boolean hasOutstandingSince(long nanos) {
        return all().stream()
                .flatMap(connection -> connection.inFlight.stream())
                .anyMatch(sent -> sent.atNanos < nanos);
    }

    /** Sets the brokers that the client knows; returns the connections to all others. */
    List<Connection> known(Collection<Node> nodes) {
        known.clear();
        nodes.forEach(node -> known.add(node.id()));
        for (int broker = 1; broker <= brokerCount; broker++) {
            if (!known.contains(broker)) {
                unknownAt.put(broker, time.nanos());
            }
        }
        return all().stream()
                .filter(connection -> connection.nodeId >= 0 && !known.contains(connection.nodeId))
                .toList();
    }

    /** Returns whether the client has known the broker's address without a break since this time. */
    boolean isKnownSince(int broker, long nanos) {
        return unknownAt.getOrDefault(broker, -1L) < nanos;
    }

    boolean isConnected(int broker) {
        return all().stream().anyMatch(c -> c.broker == broker && c.state() == Connection.State.READY);
    }

    /** Makes the broker refuse connections for {@code nanos}. */
    void refuse(int broker, long nanos) {
        refusingUntil.put(broker, time.nanos() + nanos);
    }

    /** Makes every broker accept connections and requests again. */
    void heal() {
        refusingUntil.clear();
        all().forEach(connection -> connection.quietUntil = 0);
    }

    void close() {
        closed = true;
        all().forEach(connection -> {
            connection.incarnation++;
            connection.inFlight.clear();
            connection.enter(Connection.State.IDLE, time.nanos());
        });
    }
}

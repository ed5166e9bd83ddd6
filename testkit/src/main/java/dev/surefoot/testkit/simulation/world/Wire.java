package dev.surefoot.testkit.simulation.world;

import dev.surefoot.core.engine.FetchExchange.FetchRequest;
import dev.surefoot.core.engine.FetchExchange.FetchResponse;
import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.LinkCondition;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Readiness;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.records.Lease;
import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.net.Transport;
import dev.surefoot.testkit.simulation.check.Violation;
import dev.surefoot.testkit.simulation.check.WireWatch;
import dev.surefoot.testkit.simulation.check.Wording;
import dev.surefoot.testkit.simulation.schedule.Act;
import dev.surefoot.testkit.simulation.schedule.Shape;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.common.Node;
import org.jspecify.annotations.Nullable;

/**
 * The client's connections to the model cluster, in virtual time: a transport that loses, delays and refuses. While the
 * loop waits in {@link #poll}, time advances and the other events of the world happen. Used by the simulation's thread.
 */
public final class Wire implements Transport {
    static final long MILLI = 1_000_000L;

    private static final long LATENCY_NANOS = MILLI / 2;
    /** The longest time for the answer to any request. */
    public static final long REQUEST_TIMEOUT_NANOS = 3_000 * MILLI;

    private static final Set<Act> REFUSAL = EnumSet.of(Act.SEND_REFUSED);

    /** An outcome for the loop, and the memory that it occupies. */
    private record Arrived(
            Consumer<Outcomes> outcome, @Nullable Lease lease) {}

    private final VirtualTime time;
    private final BrokerSide brokers;
    private final WireFaults faults;
    private final Story story;
    private final int brokerCount;

    private final ArrayDeque<Arrived> outcomes = new ArrayDeque<>();

    private @Nullable Runnable whileSending;
    private @Nullable Runnable whileMeasuring;
    private boolean loopTurns;
    private WireWatch watch = WireWatch.NONE;
    private final HeldMemory memory;
    private final LoopWait waiting;
    private final Connections connections;

    Wire(VirtualTime time, BrokerSide brokers, WireFaults faults, Story story, Shape shape) {
        this.time = time;
        this.brokers = brokers;
        this.faults = faults;
        this.story = story;
        this.brokerCount = shape.brokers();
        this.memory = new HeldMemory(shape.bufferBytes(), faults);
        this.waiting = new LoopWait(time, () -> !outcomes.isEmpty());
        this.connections =
                new Connections(time, brokers, waiting, new Readiness.Ready(shape.topicIds(), true), shape.brokers());
    }

    // Called by the loop.

    @Override
    public List<Integer> bootstrapIds() {
        return brokerCount == 1 ? List.of(-1) : List.of(-1, -2);
    }

    @Override
    public Readiness readiness(int nodeId, Purpose purpose, long nowNanos) {
        return connections.readiness(nodeId, purpose, nowNanos);
    }

    @Override
    public void reconnect(int nodeId, Purpose purpose, long nowNanos) {
        Connection connection = connections.to(nodeId, purpose);
        if (connection.isOpen()) {
            close(connection);
        }
    }

    @Override
    public @Nullable LinkCondition condition(int nodeId, Purpose purpose, long nowNanos) {
        return connections.condition(nodeId, purpose);
    }

    @Override
    public boolean send(Request<?> request, long nowNanos) {
        Runnable interruption = whileSending;
        if (interruption != null) {
            whileSending = null;
            interruption.run();
        }
        Connection connection = connections.to(request.nodeId(), request.purpose());
        if (request.purpose() == Purpose.FETCH && faults.take(connection.broker, REFUSAL) != null) {
            story.tell(() -> "client x> " + Wording.request(request) + ": refused by the wire");
            connections.quiet(connection, MILLI);
            return false;
        }
        if (connection.state() != Connection.State.READY) {
            throw new IllegalStateException("a request for broker " + request.nodeId() + ", which is not ready");
        }
        if (request.purpose() == Purpose.FETCH && !connection.inFlight.isEmpty()) {
            throw new Violation("I5", "a second fetch leaves for broker " + request.nodeId());
        }
        if (connection.awaitsWriting()) {
            story.tell(() -> "client x> " + Wording.request(request) + ": the request before it is being written");
            return false;
        }
        Connection.Sent sent = new Connection.Sent(request, time.nanos());
        connection.inFlight.add(sent);
        connection.writes();
        transmit(connection, sent);
        return true;
    }

    private void transmit(Connection connection, Connection.Sent sent) {
        Request<?> request = sent.request;
        int incarnation = connection.incarnation;
        WireFaults.Armed fate = faults.take(connection.broker, Fates.of(request.purpose()));
        Act act = fate == null ? null : fate.act();
        watch.sent(request);
        story.tell(() -> "client -> " + Wording.request(request) + (act == null ? "" : "  [" + act + "]"));
        time.at(time.nanos() + request.timeoutNanos(), () -> timeOut(connection, incarnation, sent));
        boolean neverArrives = act != null && Fates.losesRequest(act);
        sent.isLost = neverArrives || act == Act.RESPONSE_LOST;
        if (neverArrives) {
            return;
        }
        if (act != null && Fates.cutsBefore(act)) {
            time.at(time.nanos() + LATENCY_NANOS, () -> lose(connection, incarnation));
            return;
        }
        boolean late = act == Act.REQUEST_DELAYED;
        long delay = fate != null && late ? fate.amount() * 1_000 : 0;
        BrokerSide.Receipt receipt = answer -> respond(connection, incarnation, sent, answer, fate);
        time.at(time.nanos() + LATENCY_NANOS + delay, () -> {
            if (request.purpose() == Purpose.COORDINATOR && connection.incarnation == incarnation) {
                connection.arrived(() -> receive(connection, incarnation, sent, receipt, act));
            } else {
                receive(connection, incarnation, sent, receipt, act);
            }
        });
    }

    private void receive(
            Connection connection,
            int incarnation,
            Connection.Sent sent,
            BrokerSide.Receipt receipt,
            @Nullable Act act) {
        if (brokers.isUp(connection.broker)) {
            brokers.receive(connection.broker, sent.request, receipt);
            if (act != null && Fates.cutsAfter(act)) {
                lose(connection, incarnation);
            }
        }
    }

    private void respond(
            Connection connection,
            int incarnation,
            Connection.Sent sent,
            Answer answer,
            WireFaults.@Nullable Armed fate) {
        Act act = fate == null ? null : fate.act();
        if (act == Act.RESPONSE_LOST || connection.incarnation != incarnation) {
            story.tell(() -> "broker " + connection.broker + " -> nobody: " + Wording.answer(sent.request, answer));
            return;
        }
        boolean late = act == Act.RESPONSE_DELAYED || act == Act.CONTROL_DELAYED;
        long delay = fate != null && late ? fate.amount() * 1_000 : 0;
        time.at(time.nanos() + LATENCY_NANOS + delay, () -> {
            if (connection.incarnation != incarnation) {
                return;
            }
            if (act == Act.CUT_IN_RESPONSE) {
                lose(connection, incarnation);
                return;
            }
            if (act == Act.RESPONSE_MALFORMED) {
                connection.inFlight.remove(sent);
                end(sent.request, LinkPast.MALFORMED);
                lose(connection, incarnation, LinkPast.MALFORMED);
                return;
            }
            arrived(connection, sent, answer);
            connection.served();
            if (act == Act.CUT_AFTER_RESPONSE) {
                lose(connection, incarnation);
            }
        });
    }

    private void arrived(Connection connection, Connection.Sent sent, Answer answer) {
        Request<?> request = sent.request;
        connection.inFlight.remove(sent);
        Answer received = answer;
        if (answer instanceof FetchResponse fetch) {
            FetchAnswer held = memory.hold(fetch.answer(), ((FetchRequest) request).maxBytes());
            connection.notHasty(held, time.nanos());
            received = new FetchResponse(held, fetch.requestBytes(), fetch.responseBytes());
            if (held.throttleTimeMs() > 0) {
                connections.quiet(connection, held.throttleTimeMs() * MILLI);
            }
        }
        Answer taken = received;
        Lease lease = taken instanceof FetchResponse fetch ? fetch.answer().lease() : null;
        Consumer<Outcomes> outcome = taker -> {
            story.tell(() -> "client <- broker " + connection.broker + ": " + Wording.answer(request, taken));
            watch.answered(request, taken);
            connection.past.answered(sent.atNanos, time.nanos());
            taker.answered(request, taken);
        };
        outcomes.add(new Arrived(outcome, lease));
    }

    private void timeOut(Connection connection, int incarnation, Connection.Sent sent) {
        if (connection.incarnation == incarnation && connection.inFlight.remove(sent)) {
            end(sent.request, LinkPast.TIMED_OUT);
            lose(connection, incarnation, LinkPast.TIMED_OUT);
        }
    }

    private void end(Request<?> request, RequestFailure failure) {
        Consumer<Outcomes> outcome = taker -> {
            story.tell(() -> "client <- broker " + request.nodeId() + ": " + failure.kind());
            watch.failed(request, failure);
            taker.failed(request, failure);
        };
        outcomes.add(new Arrived(outcome, null));
    }

    /** Ends the connection; everything in transit is lost. */
    private void lose(Connection connection, int incarnation) {
        lose(connection, incarnation, LinkPast.LOST);
    }

    private void lose(Connection connection, int incarnation, RequestFailure why) {
        if (connection.incarnation != incarnation || !connection.isOpen()) {
            return;
        }
        connection.takeInFlight().forEach(sent -> end(sent.request, LinkPast.LOST));
        connections.fail(connection, why);
        waiting.wake();
    }

    /** The client closes the connection: that is no failure, and it may be opened again at once. */
    private void close(Connection connection) {
        connection.takeInFlight().forEach(sent -> end(sent.request, LinkPast.LOST));
        connection.close(time.nanos());
        waiting.wake();
    }

    @Override
    public void brokers(Collection<Node> nodes) {
        connections.known(nodes).forEach(this::close);
    }

    /** Returns whether the client has known the broker's address without a break since this time. */
    public boolean isKnownSince(int broker, long nanos) {
        return connections.isKnownSince(broker, nanos);
    }

    @Override
    public void poll(long timeoutNanos, Outcomes taker) {
        if (connections.write()) {
            waiting.wake();
        }
        waiting.begin(timeoutNanos);
        for (Arrived arrived = outcomes.poll(); arrived != null; arrived = outcomes.poll()) {
            arrived.outcome().accept(taker);
        }
    }

    /** Returns the wait of the loop. */
    LoopWait waiting() {
        return waiting;
    }

    @Override
    public long nextDeadlineNanos() {
        // Actions that are due end a poll by themselves.
        return Long.MAX_VALUE;
    }

    @Override
    public long capacityBytes() {
        return Long.MAX_VALUE;
    }

    @Override
    public long heldBytes() {
        long measured = memory.bytes();
        Runnable interruption = whileMeasuring;
        if (interruption != null && loopTurns && measured > 0) {
            whileMeasuring = null;
            interruption.run();
        }
        return measured;
    }

    @Override
    public void wakeup() {
        waiting.wake();
    }

    @Override
    public void close() {
        connections.close();
        outcomes.stream().map(Arrived::lease).filter(Objects::nonNull).forEach(Lease::release);
        outcomes.clear();
    }

    /** Has somebody see what is sent and what comes of it. */
    public void watchedBy(WireWatch watching) {
        watch = watching;
    }

    // Called for the faults of the wire.

    /** Sets an action to run when the loop next sends a request; null cancels it. */
    public void whileSending(@Nullable Runnable what) {
        whileSending = what;
    }

    /**
     * Sets an action to run right after the loop has next read how much memory is held, and found some; null cancels
     * it. The application reads the same value at the end of a poll, where no action of its own can come in between.
     */
    public void whileMeasuring(@Nullable Runnable what) {
        whileMeasuring = what;
    }

    /** Sets whether the loop, and not the application, is using this wire. */
    void loopTurns(boolean turns) {
        loopTurns = turns;
    }

    boolean loopTurns() {
        return loopTurns;
    }

    /** Ends the broker's connections, as when it goes down. */
    void cut(int broker) {
        connections.all().stream()
                .filter(connection -> connection.broker == broker && connection.isOpen())
                .forEach(connection -> lose(connection, connection.incarnation));
    }

    /** Ends the connections that are not for fetches. */
    public void cutControl() {
        connections.controlling().forEach(connection -> lose(connection, connection.incarnation));
    }

    boolean isConnected(int broker) {
        return connections.isConnected(broker);
    }

    /** Whether a request that was sent before this time has no outcome yet. */
    public boolean hasOutstandingSince(long nanos) {
        return connections.hasOutstandingSince(nanos);
    }

    /** Makes the broker accept no request for {@code nanos}. */
    void notReady(int broker, long nanos) {
        connections.quiet(broker, nanos);
    }

    /** Makes the broker refuse connections for {@code nanos}. */
    void refuseConnections(int broker, long nanos) {
        connections.refuse(broker, nanos);
    }

    /** Ends all faults of the wire that are still active. */
    void heal() {
        connections.heal();
        for (Connection connection : connections.all()) {
            if (connection.inFlight.stream().anyMatch(sent -> sent.isLost)) {
                lose(connection, connection.incarnation);
            }
        }
        waiting.wake();
        faults.disarmAll();
        whileSending = null;
        whileMeasuring = null;
    }
}

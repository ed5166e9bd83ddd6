package dev.surefoot.net;

import dev.surefoot.core.exchange.LinkCondition;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Readiness;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.fetch.ByteBudget;
import dev.surefoot.core.time.Deadline;
import dev.surefoot.wire.FetchSettings;
import dev.surefoot.wire.RequestEncoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.network.NetworkReceive;
import org.apache.kafka.common.network.NetworkSend;
import org.apache.kafka.common.network.Selector;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * The transport to real brokers, over Kafka's selector and channel builders, so that TLS and every SASL mechanism work
 * with their standard configuration. Owned by the loop's thread, except for the methods that {@link Transport} marks.
 *
 * <p>At first it knows only the bootstrap servers, under the node ids -1, -2 and so on. They stay known, so that a
 * client that has lost every broker can start again; {@code connections.max.idle.ms} closes their connections.
 */
public final class KafkaTransport implements Transport {
    private final Clock clock;
    private final Logger log;
    private final DirectBufferPool pool;
    private final Selector selector;
    private final NodeMeters nodeMeters;
    private final ArrayDeque<Outcome> outcomes = new ArrayDeque<>();
    private final ConnectionEnvironment shared;
    private final Map<String, BrokerConnection> connections = new LinkedHashMap<>();
    private final Map<Integer, Node> bootstrap;
    private Map<Integer, Node> brokers = Map.of();
    /** The memory in bytes that the answers to fetches in flight may occupy. */
    private long awaitedBytes;
    /** Whether another consumer got the memory for a fetch that was to be sent; that fetch has to be planned again. */
    private boolean claimRefused;

    /**
     * Opens no connection yet.
     *
     * @param config the keys of {@link ConsumerConfig}, TLS and SASL settings included
     * @param metrics where the selector and the transport register their metrics
     * @param timing receives the latency of each answered fetch
     * @param fetchSettings the part that all Fetch requests have in common
     * @param maxBufferBytes most bytes of receive buffers to keep, those in use included; less if other consumers need
     *     them
     * @param seed the seed of the jitter in back-offs
     * @throws org.apache.kafka.common.config.ConfigException if no bootstrap server's name can be resolved
     * @throws org.apache.kafka.common.KafkaException if the security settings are wrong
     */
    public KafkaTransport(
            AbstractConfig config,
            Metrics metrics,
            FetchTiming timing,
            Clock clock,
            FetchSettings fetchSettings,
            long maxBufferBytes,
            long seed) {
        this(
                config,
                clock,
                fetchSettings,
                seed,
                new NodeMeters(metrics, timing),
                AnswerReader.WIRE,
                HostLookups.Resolver.SYSTEM,
                new DirectBufferPool(maxBufferBytes),
                pool -> newSelector(config, clock, metrics, pool));
    }

    /** The most bytes of receive buffers that all transports of this JVM hold together: half of its direct memory. */
    public static long sharedBufferBytes() {
        return DirectMemoryLedger.ofThisJvm().boundBytes();
    }

    /** @param newSelector makes the selector that receives into the given pool */
    KafkaTransport(
            AbstractConfig config,
            Clock clock,
            FetchSettings fetchSettings,
            long seed,
            NodeMeters nodeMeters,
            AnswerReader reader,
            HostLookups.Resolver resolver,
            DirectBufferPool pool,
            Function<DirectBufferPool, Selector> newSelector) {
        this.bootstrap = BootstrapNodes.from(config);
        this.clock = clock;
        this.log = KafkaLogContext.prefixed(logPrefix(config)).logger(KafkaTransport.class);
        this.pool = pool;
        this.nodeMeters = nodeMeters;
        this.selector = openSelector(pool, newSelector);
        pool.share().whenChanged(selector::wakeup);
        this.shared = new ConnectionEnvironment(
                selector,
                ConnectionSettings.from(config, new SplittableRandom(seed)),
                RequestEncoder.of(config, fetchSettings),
                reader,
                new HostLookups(
                        resolver,
                        "surefoot-" + config.getString(ConsumerConfig.CLIENT_ID_CONFIG) + "-names",
                        selector::wakeup),
                outcomes,
                nodeMeters,
                new FailureLog(log),
                log);
    }

    private static Selector openSelector(DirectBufferPool pool, Function<DirectBufferPool, Selector> newSelector) {
        try {
            return newSelector.apply(pool);
        } catch (RuntimeException | Error e) {
            pool.close();
            throw e;
        }
    }

    private static String logPrefix(AbstractConfig config) {
        return "[Surefoot clientId=" + config.getString(ConsumerConfig.CLIENT_ID_CONFIG) + "] ";
    }

    static Selector newSelector(AbstractConfig config, Clock clock, Metrics metrics, DirectBufferPool pool) {
        boolean metricsPerConnection = false;
        boolean timePerConnection = false;
        pool.refuseBeyond(Channels.maxResponseBytes(config));
        SelectorSettings settings = new SelectorSettings(
                NetworkReceive.UNLIMITED, // the pool and the plain sockets say more about an answer that is too large
                Selector.NO_IDLE_TIMEOUT_MS,
                metrics,
                "consumer",
                Map.of(),
                metricsPerConnection,
                timePerConnection);
        return KafkaVersion.present()
                .selector(
                        settings,
                        Channels.builder(config, KafkaLogContext.prefixed(logPrefix(config)), pool.share()),
                        pool,
                        KafkaLogContext.quiet(logPrefix(config), clock));
    }

    @Override
    public List<Integer> bootstrapIds() {
        return List.copyOf(bootstrap.keySet());
    }

    @Override
    public void brokers(Collection<Node> nodes) {
        Map<Integer, Node> next = new HashMap<>();
        nodes.forEach(node -> next.put(node.id(), node));
        brokers = next;
        for (Iterator<BrokerConnection> each = connections.values().iterator(); each.hasNext(); ) {
            BrokerConnection connection = each.next();
            Node before = connection.node();
            Node after = known(before.id());
            if (after == null) {
                connection.close("the broker is no longer part of the cluster", clock.nanos());
                each.remove();
            } else if (after.port() != before.port() || !after.host().equals(before.host())) {
                connection.close("the broker has moved to " + after.host() + ":" + after.port(), clock.nanos());
                each.remove();
            }
        }
        nodeMeters.retain(nodeId -> known(nodeId) != null);
    }

    private @Nullable Node known(int nodeId) {
        return nodeId < 0 ? bootstrap.get(nodeId) : brokers.get(nodeId);
    }

    @Override
    public Readiness readiness(int nodeId, Purpose purpose, long nowNanos) {
        Node node = known(nodeId);
        if (node == null) {
            return new Readiness.Failed(Failures.disconnected("No broker with id " + nodeId + " is known", null));
        }
        return connections
                .computeIfAbsent(
                        BrokerConnection.channelId(nodeId, purpose), id -> new BrokerConnection(node, purpose, shared))
                .readiness(nowNanos);
    }

    @Override
    public @Nullable LinkCondition condition(int nodeId, Purpose purpose, long nowNanos) {
        BrokerConnection connection = connections.get(BrokerConnection.channelId(nodeId, purpose));
        return connection == null ? null : connection.condition();
    }

    @Override
    public void reconnect(int nodeId, Purpose purpose, long nowNanos) {
        BrokerConnection connection = connections.get(BrokerConnection.channelId(nodeId, purpose));
        if (connection != null) {
            connection.reconnect(nowNanos);
        }
    }

    @Override
    public boolean send(Request<?> request, long nowNanos) {
        return send(request, request.purpose(), nowNanos);
    }

    /** Sends over the connection for a purpose of the caller's choice, which only tests do directly. */
    boolean send(Request<?> request, Purpose purpose, long nowNanos) {
        BrokerConnection connection = connections.get(BrokerConnection.channelId(request.nodeId(), purpose));
        if (connection == null) {
            return false;
        }
        long answerBytes = answerBytes(request);
        if (answerBytes > 0 && !pool.share().claim(pool.leasedBytes() + awaitedBytes + answerBytes)) {
            claimRefused = true;
            return false;
        }
        boolean sent = connection.send(request, nowNanos);
        awaitedBytes += sent ? answerBytes : 0;
        return sent;
    }

    /** Returns the most bytes that the answer to a fetch occupies, except for a larger first batch. */
    private static long answerBytes(Request<?> request) {
        return ByteBudget.occupiedBytes(request.recordBytesMax());
    }

    @Override
    public void namedInTrouble(Set<Integer> nodeIds) {
        shared.failures().namedElsewhere(nodeIds);
    }

    @Override
    public void poll(long timeoutNanos, Outcomes listener) {
        @Nullable Throwable failure = null;
        try {
            selector.poll(waitMs(timeoutNanos));
        } catch (IOException | RuntimeException e) {
            failure = e;
        } catch (OutOfMemoryError e) { // from TLS, which makes buffers of its own, or from the heap
            pool.share().shrink("input and output failed with " + e);
            failure = e;
        }
        long nowNanos = clock.nanos();
        // Also after a failure: what was received before it holds buffers that must be released.
        handleSelected(nowNanos);
        if (failure != null) {
            loseAll(failure, nowNanos);
        }
        connections.values().forEach(connection -> connection.expire(nowNanos));
        deliver(listener);
    }

    private long waitMs(long timeoutNanos) {
        if (!outcomes.isEmpty()) {
            return 0;
        }
        long nanos = Math.max(0, timeoutNanos);
        long deadlineNanos = nextDeadlineNanos();
        if (deadlineNanos != Deadline.NEVER) {
            nanos = Math.min(nanos, Math.max(0, deadlineNanos - clock.nanos()));
        }
        // Rounded up to a millisecond: waking up just before a deadline would turn the loop for nothing.
        long ms = TimeUnit.NANOSECONDS.toMillis(nanos);
        return TimeUnit.MILLISECONDS.toNanos(ms) < nanos ? ms + 1 : ms;
    }

    private void handleSelected(long nowNanos) {
        for (NetworkSend send : selector.completedSends()) {
            BrokerConnection connection = connections.get(send.destinationId());
            if (connection != null) {
                connection.onSent(send.size());
            }
        }
        for (NetworkReceive receive : selector.completedReceives()) {
            ByteBuffer frame = receive.payload();
            BrokerConnection connection = connections.get(receive.source());
            if (connection == null || !connection.state().channelOpen()) {
                pool.release(frame);
            } else {
                connection.onReceived(frame, pool.lease(frame), nowNanos);
            }
        }
        selector.clearCompletedReceives();
        DirectBufferPool.Refusal noBuffer = pool.takeRefusal();
        selector.disconnected().forEach((id, state) -> {
            BrokerConnection connection = connections.get(id);
            if (connection != null) {
                connection.onDisconnected(state, noBuffer, nowNanos);
            }
        });
        for (String id : selector.connected()) {
            BrokerConnection connection = connections.get(id);
            if (connection != null) {
                connection.onConnected(nowNanos);
            }
        }
        connections.values().forEach(connection -> connection.negotiateWhenAuthenticated(nowNanos));
        shared.lookups()
                .takeAnswers(
                        answer -> connections.values().forEach(connection -> connection.onResolved(answer, nowNanos)));
    }

    /** Closes every connection. A selector that failed may have skipped any channel, so none can be relied on. */
    private void loseAll(Throwable failure, long nowNanos) {
        if (failure instanceof OutOfMemoryError) { // the warning of the shortage has the details
            log.debug("No memory for input and output; every connection is made anew", failure);
        } else {
            log.warn("Input and output failed; every connection is made anew", failure);
        }
        RequestFailure why = Failures.disconnected("Input and output failed: " + failure, failure);
        for (BrokerConnection connection : connections.values()) {
            if (connection.state().channelOpen()) {
                connection.lose(why, nowNanos);
            }
        }
    }

    private void deliver(Outcomes listener) {
        for (Outcome outcome = outcomes.poll(); outcome != null; outcome = outcomes.poll()) {
            awaitedBytes -= answerBytes(outcome.request());
            outcome.deliver(listener);
        }
    }

    @Override
    public long nextDeadlineNanos() {
        if (!outcomes.isEmpty() || claimRefused) {
            return clock.nanos();
        }
        long earliest = Deadline.NEVER;
        for (BrokerConnection connection : connections.values()) {
            earliest = Math.min(earliest, connection.deadlineNanos());
        }
        return earliest;
    }

    @Override
    public long heldBytes() {
        return pool.heldBytes();
    }

    @Override
    public long capacityBytes() {
        claimRefused = false;
        pool.share().hold(pool.leasedBytes() + awaitedBytes);
        long capacity = pool.share().capacityBytes();
        pool.keep(pool.share().fetching() ? capacity : Math.min(capacity, DirectMemoryLedger.LEAST_SHARE_BYTES));
        return capacity;
    }

    @Override
    public void wakeup() {
        selector.wakeup();
    }

    /** Closes each part, also if closing another one throws; then throws the first failure. */
    @Override
    public void close() {
        long nowNanos = clock.nanos();
        List<AutoCloseable> parts = new ArrayList<>();
        connections
                .values()
                .forEach(connection -> parts.add(() -> connection.close("the client is closing", nowNanos)));
        parts.add(shared.lookups());
        parts.add(connections::clear);
        parts.add(nodeMeters::close);
        parts.add(selector);
        parts.add(this::releaseOutcomes);
        parts.add(pool::close);
        Closing.all(parts);
    }

    private void releaseOutcomes() {
        List<AutoCloseable> undelivered = outcomes.stream()
                .map(outcome -> (AutoCloseable) outcome::release)
                .toList();
        outcomes.clear();
        Closing.all(undelivered);
    }
}

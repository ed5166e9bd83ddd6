package dev.surefoot.testkit.cluster;

import dev.surefoot.testkit.Await;
import dev.surefoot.testkit.LoopbackPorts;
import dev.surefoot.testkit.gate.TcpGate;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * A real Kafka in this JVM: one KRaft controller and 1 to 3 brokers on loopback. Safe from any thread.
 *
 * <p>Ports are random, and a broker keeps its own across stop, kill and start. All files lie in one temporary folder
 * that is deleted on {@link #close}, or at the latest when the JVM ends. Topics are not created automatically unless
 * {@code auto.create.topics.enable} is set. With 3 brokers, {@code min.insync.replicas} is 2, so a record acknowledged
 * with {@code acks=all} survives the loss of any one broker; with fewer it is 1.
 *
 * <p>Every operation returns when its effect has reached all running brokers, and fails with an
 * {@link IllegalStateException} if that takes longer than 30 seconds.
 */
public final class KafkaCluster implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path folder;
    private final ServerFaults faults = new ServerFaults();
    private final SortedMap<Integer, BrokerNode> brokers = new TreeMap<>();
    private final Map<Integer, TcpGate> gates;
    private final ClusterView view;
    private final ControllerNode controller;
    private final Thread closeAtExit = new Thread(this::shutDown, "kafka-cluster-exit");
    private @Nullable Admin admin;
    private boolean closed;

    private KafkaCluster(
            Map<Integer, NodeConfig.BrokerPorts> ports,
            Map<Integer, TcpGate> gates,
            IntFunction<Map<String, String>> configOf) {
        this.folder = ServerFolder.create();
        this.gates = Map.copyOf(gates);
        int controllerPort = LoopbackPorts.take();
        Path controllerFolder = folder.resolve("controller");
        ports.forEach((id, theirs) -> {
            Path brokerFolder = folder.resolve("broker-" + id);
            Map<String, String> config = NodeConfig.broker(id, ports.size(), theirs, controllerPort, brokerFolder);
            config.putAll(configOf.apply(id));
            brokers.put(id, new BrokerNode(id, config, theirs, brokerFolder, faults));
        });
        this.view = new ClusterView(brokers.values());
        Map<String, String> controllerConfig = NodeConfig.controller(controllerPort, controllerFolder);
        controllerConfig.putAll(configOf.apply(NodeConfig.CONTROLLER_ID));
        this.controller = new ControllerNode(controllerConfig, controllerFolder, faults);
    }

    static KafkaCluster start(
            Map<Integer, NodeConfig.BrokerPorts> ports,
            Map<Integer, TcpGate> gates,
            IntFunction<Map<String, String>> configOf) {
        KafkaCluster cluster = new KafkaCluster(ports, gates, configOf);
        try {
            Runtime.getRuntime().addShutdownHook(cluster.closeAtExit);
            cluster.startAll();
        } catch (RuntimeException | Error e) {
            // Errors included: classes that are loaded while the JVM ends fail to initialize.
            cluster.close();
            throw e;
        }
        return cluster;
    }

    /** Holds the lock: if the JVM ends meanwhile, {@code close} ends what was started, and nothing starts after it. */
    private synchronized void startAll() {
        if (closed) {
            throw new IllegalStateException("The JVM is ending");
        }
        String clusterId = Uuid.randomUuid().toString();
        controller.format(clusterId);
        controller.start();
        onEveryBroker(broker -> {
            broker.format(clusterId);
            broker.start();
        });
    }

    /** Starts a cluster of 1 to 3 brokers with the testkit's defaults. */
    public static KafkaCluster withBrokers(int brokers) {
        return builder().brokers(brokers).start();
    }

    /** Returns a builder of a cluster, with one broker by default. */
    public static KafkaClusterBuilder builder() {
        return new KafkaClusterBuilder();
    }

    /** Returns the addresses that clients connect to, of all brokers whether they run or not; those of gates if any. */
    public String bootstrapServers() {
        return addresses(NodeConfig.BrokerPorts::advertised);
    }

    /** Returns the ids of all brokers in ascending order, whether they run or not. */
    public Set<Integer> brokerIds() {
        return Collections.unmodifiableSet(brokers.keySet());
    }

    /** Returns the folder of all files that the cluster writes. */
    public Path folder() {
        return folder;
    }

    /**
     * Returns the gate in front of a broker.
     *
     * @throws IllegalStateException if the cluster was not built with gates
     */
    public TcpGate gate(int brokerId) {
        broker(brokerId);
        TcpGate gate = gates.get(brokerId);
        if (gate == null) {
            throw new IllegalStateException("This cluster has no gates; build it with gated()");
        }
        return gate;
    }

    /** Returns whether the broker is running. */
    public boolean isRunning(int brokerId) {
        return broker(brokerId).running().isPresent();
    }

    /** Stops a broker in an orderly way: it first moves its leaderships to replicas in sync. */
    public void stop(int brokerId) {
        broker(brokerId).stop();
    }

    /**
     * Ends a broker as if its process had been killed.
     *
     * <p>The controller is not informed, and moves the leaderships only when the broker's session has timed out (2 s).
     * Connections end at once. The next start finds no mark of a clean shutdown and recovers the logs, and the
     * controller treats the replicas as possibly incomplete (KIP-966). What was written to the log is not lost.
     *
     * <p>Three things differ from a killed process. Requests that were already read may still be carried out, though
     * not answered. Connections end with FIN or RST. Checkpoints are written a last time.
     */
    public void kill(int brokerId) {
        broker(brokerId).kill();
    }

    /** Starts a stopped or killed broker again on its ports. Its replicas may take longer to be in sync. */
    public void start(int brokerId) {
        broker(brokerId).start();
    }

    /** Stops a broker in an orderly way and starts it again. */
    public void restart(int brokerId) {
        stop(brokerId);
        start(brokerId);
    }

    /** Creates a topic with Kafka's default options. */
    public void createTopic(String topic, int partitions, int replicationFactor) {
        createTopic(topic, partitions, replicationFactor, Map.of());
    }

    /** Creates a topic, and returns when all partitions have a serving leader and every broker knows the topic. */
    public void createTopic(String topic, int partitions, int replicationFactor, Map<String, String> configs) {
        NewTopic wanted = new NewTopic(topic, partitions, (short) replicationFactor).configs(configs);
        get("create " + topic, admin().createTopics(List.of(wanted)).all());
        await("topic " + topic + " served", () -> view.isServed(topic, partitions));
    }

    /** Deletes a topic, and returns when no broker knows it any more. */
    public void deleteTopic(String topic) {
        get("delete " + topic, admin().deleteTopics(List.of(topic)).all());
        await("topic " + topic + " gone", () -> view.isGone(topic));
    }

    /** Waits until all replicas of the topic are in sync. */
    public void awaitInSync(String topic) {
        await("all replicas of " + topic + " in sync", () -> view.isInSync(topic));
    }

    /** Waits until all replicas of all topics, Kafka's internal ones included, are in sync. */
    public void awaitAllInSync() {
        await("all replicas in sync", () -> view.topics().stream().allMatch(view::isInSync));
    }

    /** Returns the id of the broker that leads the partition, or empty if none does or there is no such partition. */
    public OptionalInt leaderOf(TopicPartition partition) {
        return view.leaderOf(partition);
    }

    /**
     * Moves the partition's leadership to another of its replicas, which becomes the preferred one.
     *
     * @throws IllegalArgumentException if the broker holds no replica of the partition
     */
    public void moveLeader(TopicPartition partition, int brokerId) {
        List<Integer> replicas = new ArrayList<>(view.replicasOf(partition));
        if (!replicas.remove((Integer) brokerId)) {
            throw new IllegalArgumentException("Broker " + brokerId + " holds no replica of " + partition);
        }
        replicas.add(0, brokerId);
        Map<TopicPartition, Optional<NewPartitionReassignment>> wanted =
                Map.of(partition, Optional.of(new NewPartitionReassignment(replicas)));
        get("reorder " + partition, admin().alterPartitionReassignments(wanted).all());
        await(
                "replicas of " + partition + " reordered",
                () -> view.replicasOf(partition).equals(replicas));
        await("broker " + brokerId + " leads " + partition, () -> {
            electPreferred(Set.of(partition));
            return view.isLedBy(brokerId, partition);
        });
    }

    /** Makes the preferred replica of every partition its leader, where it is in sync. */
    public void electPreferredLeaders() {
        electPreferred(null);
    }

    private void electPreferred(@Nullable Set<TopicPartition> partitions) {
        // Partitions that need no election, or whose preferred replica is not in sync, are in this map; neither is a
        // failure.
        get("elect", admin().electLeaders(ElectionType.PREFERRED, partitions).partitions());
    }

    /** Returns the incremental fetch sessions that a running broker holds at this moment. */
    public FetchSessionCount fetchSessions(int brokerId) {
        return broker(brokerId)
                .running()
                .map(FetchSessionCount::of)
                .orElseThrow(() -> new IllegalStateException("Broker " + brokerId + " does not run"));
    }

    /** Returns the errors inside the servers, oldest first; empty in a healthy cluster. */
    public List<Throwable> faults() {
        return faults.seen();
    }

    /** Returns an admin client that bypasses the gates. It belongs to the cluster; callers must not close it. */
    public synchronized Admin admin() {
        if (admin == null) {
            Map<String, Object> config = new HashMap<>();
            config.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, addresses(NodeConfig.BrokerPorts::internal));
            config.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, 200);
            config.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
            config.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, 20_000);
            admin = Admin.create(config);
        }
        return admin;
    }

    /** Returns a new configuration of a producer for this cluster: idempotent, acks=all, byte arrays. */
    public Map<String, Object> producerConfig() {
        Map<String, Object> config = new HashMap<>();
        config.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers());
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 200);
        config.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        config.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        return config;
    }

    /** Returns a new configuration of a consumer for this cluster: from the beginning, byte arrays. */
    public Map<String, Object> consumerConfig() {
        Map<String, Object> config = new HashMap<>();
        config.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers());
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 200);
        config.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        config.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        return config;
    }

    /** Ends all servers and gates and deletes the folder. A second call does nothing. */
    @Override
    public void close() {
        if (Thread.currentThread() != closeAtExit) {
            try {
                Runtime.getRuntime().removeShutdownHook(closeAtExit);
            } catch (IllegalStateException e) {
                // The JVM is ending: the shutdown hook does the same, once.
            }
        }
        shutDown();
    }

    private synchronized void shutDown() {
        if (closed) {
            return;
        }
        closed = true;
        if (admin != null) {
            admin.close(Duration.ZERO);
        }
        gates.values().forEach(TcpGate::close);
        try {
            // No broker is left to take over the leaderships, so an orderly stop would only wait.
            onEveryBroker(broker -> {
                if (broker.running().isPresent()) {
                    broker.kill();
                }
            });
        } finally {
            try {
                controller.stop();
            } finally {
                ServerFolder.delete(folder);
            }
        }
    }

    private BrokerNode broker(int brokerId) {
        BrokerNode broker = brokers.get(brokerId);
        if (broker == null) {
            throw new IllegalArgumentException("No broker " + brokerId + "; there are " + brokers.keySet());
        }
        return broker;
    }

    private String addresses(Function<NodeConfig.BrokerPorts, Integer> port) {
        return brokers.values().stream()
                .map(broker -> "127.0.0.1:" + port.apply(broker.ports()))
                .collect(Collectors.joining(","));
    }

    /** Runs the action for all brokers in parallel: each start waits for the controller, each stop for the disk. */
    private void onEveryBroker(Consumer<BrokerNode> action) {
        Executor threads = task -> new Thread(task, "kafka-cluster").start();
        CompletableFuture<?>[] all = brokers.values().stream()
                .map(broker -> CompletableFuture.runAsync(() -> action.accept(broker), threads))
                .toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(all).join();
        } catch (CompletionException e) {
            throw new IllegalStateException(
                    "A broker failed: " + e.getCause() + "; the servers saw " + faults.seen(), e);
        }
    }

    private void await(String what, Await.Condition condition) {
        try {
            Await.until(what, PATIENCE, condition);
        } catch (IllegalStateException e) {
            faults.seen().forEach(e::addSuppressed);
            throw e;
        }
    }

    private static <T> T get(String what, KafkaFuture<T> future) {
        try {
            return future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException("Cannot " + what + ": " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException("Waited " + PATIENCE + " in vain to " + what, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting to " + what, e);
        }
    }
}

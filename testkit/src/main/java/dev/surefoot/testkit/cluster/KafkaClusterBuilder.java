package dev.surefoot.testkit.cluster;

import dev.surefoot.testkit.LoopbackPorts;
import dev.surefoot.testkit.gate.TcpGate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;

/** Describes a cluster and starts it. The same builder may start several clusters. Used by one thread. */
public final class KafkaClusterBuilder {

    private static final int MOST_BROKERS = 3;

    private final Map<String, String> forAll = new HashMap<>();
    private final Map<Integer, Map<String, String>> forOne = new HashMap<>();
    private final List<NodeConfig.Listener> listeners = new ArrayList<>();
    private final Map<String, String> forEveryNode = new HashMap<>();
    private final Map<Integer, UnaryOperator<String>> advertisedBy = new HashMap<>();
    private int brokers = 1;
    private boolean gated;

    KafkaClusterBuilder() {}

    /**
     * @param brokers 1 to 3; their ids are 0, 1, 2
     * @throws IllegalArgumentException if out of range
     */
    public KafkaClusterBuilder brokers(int brokers) {
        if (brokers < 1 || brokers > MOST_BROKERS) {
            throw new IllegalArgumentException("A cluster has 1 to " + MOST_BROKERS + " brokers, not " + brokers);
        }
        this.brokers = brokers;
        return this;
    }

    /** Sets a server option on every broker, over the testkit's own defaults. */
    public KafkaClusterBuilder brokerConfig(String key, String value) {
        forAll.put(key, value);
        return this;
    }

    /**
     * Sets a server option on one broker, such as its {@code broker.rack}. It overrides the option set on all brokers.
     */
    public KafkaClusterBuilder brokerConfig(int brokerId, String key, String value) {
        forOne.computeIfAbsent(brokerId, id -> new HashMap<>()).put(key, value);
        return this;
    }

    /**
     * Gives a broker another listener for clients, beside its PLAINTEXT one. Its security options are set with
     * {@link #brokerConfig}, under {@code listener.name.NAME.}
     *
     * @param name the listener's name, in capitals
     * @param port a port of {@link LoopbackPorts}; only a cluster of one broker may have such listeners
     */
    public KafkaClusterBuilder listener(String name, String securityProtocol, int port) {
        listeners.add(new NodeConfig.Listener(name, securityProtocol, port));
        return this;
    }

    /**
     * Has a broker advertise other addresses than its own: those of a proxy, wrong ones, or fewer. Other brokers find
     * it by what it advertises for {@code INTERNAL}, clients by what it advertises for {@code CLIENT}.
     *
     * @param change receives the option {@code advertised.listeners} and returns the one to use; called once by each
     *     {@link #start}
     */
    public KafkaClusterBuilder advertise(int brokerId, UnaryOperator<String> change) {
        advertisedBy.put(brokerId, change);
        return this;
    }

    /**
     * Makes every node authorize requests by ACLs. Resources without an ACL stay open to everyone, so a test adds ACLs
     * that deny, with {@link KafkaCluster#admin()}.
     */
    public KafkaClusterBuilder authorizing() {
        forEveryNode.put("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
        forEveryNode.put("allow.everyone.if.no.acl.found", "true");
        return this;
    }

    /**
     * Puts a {@link TcpGate} in front of every broker. The brokers advertise their gates, so all traffic of clients
     * goes through them. Traffic among the brokers and the cluster's own operations do not.
     */
    public KafkaClusterBuilder gated() {
        this.gated = true;
        return this;
    }

    /**
     * Starts the cluster and returns when every broker serves requests.
     *
     * @throws IllegalArgumentException if an option was set on a broker that the cluster does not have
     */
    public KafkaCluster start() {
        for (int id : forOne.keySet()) {
            if (id < 0 || id >= brokers) {
                throw new IllegalArgumentException(
                        "An option is set on broker " + id + ", but the brokers are 0 to " + (brokers - 1));
            }
        }
        if (brokers > 1 && !listeners.isEmpty()) {
            throw new IllegalArgumentException("Listeners have one port each, but there are " + brokers + " brokers");
        }
        Map<Integer, TcpGate> gates = new HashMap<>();
        Map<Integer, NodeConfig.BrokerPorts> ports = new HashMap<>();
        for (int id = 0; id < brokers; id++) {
            int client = LoopbackPorts.take();
            int advertised = client;
            if (gated) {
                TcpGate gate = TcpGate.to(LoopbackPorts.at(client));
                gates.put(id, gate);
                advertised = gate.port();
            }
            NodeConfig.BrokerPorts theirs = new NodeConfig.BrokerPorts(LoopbackPorts.take(), client, advertised);
            ports.put(id, theirs);
            if (!listeners.isEmpty()) {
                NodeConfig.listeners(theirs, listeners).forEach(this::brokerConfig);
            }
            UnaryOperator<String> change = advertisedBy.get(id);
            if (change != null) {
                String own = NodeConfig.listeners(theirs, listeners).get(NodeConfig.ADVERTISED);
                brokerConfig(id, NodeConfig.ADVERTISED, change.apply(Objects.requireNonNull(own)));
            }
        }
        return KafkaCluster.start(ports, gates, this::configOf);
    }

    private Map<String, String> configOf(int nodeId) {
        Map<String, String> config = new HashMap<>(forEveryNode);
        if (nodeId != NodeConfig.CONTROLLER_ID) {
            config.putAll(forAll);
            config.putAll(forOne.getOrDefault(nodeId, Map.of()));
        }
        return config;
    }
}

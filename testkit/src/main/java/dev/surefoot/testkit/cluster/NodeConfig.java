package dev.surefoot.testkit.cluster;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes the server configurations of a cluster that starts within seconds, detects a dead broker within seconds and
 * fits a small machine.
 */
final class NodeConfig {

    static final String CONTROLLER = "CONTROLLER";

    /** The listener for traffic among brokers and for the cluster's own admin client; it has no gate. */
    static final String INTERNAL = "INTERNAL";

    /** The listener for the clients under test, advertised through a gate if there is one. */
    static final String CLIENT = "CLIENT";

    /** The option with the addresses that a broker tells others. */
    static final String ADVERTISED = "advertised.listeners";

    static final int CONTROLLER_ID = 3000;

    private static final String PROTOCOLS =
            CONTROLLER + ":PLAINTEXT," + INTERNAL + ":PLAINTEXT," + CLIENT + ":PLAINTEXT";

    private NodeConfig() {}

    /** The ports of one broker. */
    record BrokerPorts(int internal, int client, int advertised) {}

    /** A further listener of a broker. */
    record Listener(String name, String securityProtocol, int port) {}

    static Map<String, String> controller(int port, Path folder) {
        Map<String, String> config = shared(CONTROLLER_ID, port, folder);
        config.put("process.roles", "controller");
        config.put("listeners", listener(CONTROLLER, port));
        // The controller gives up on a heartbeat that has waited for half of this time in its own queue.
        config.put("broker.heartbeat.interval.ms", "1000");
        return config;
    }

    static Map<String, String> broker(int id, int brokers, BrokerPorts ports, int controllerPort, Path folder) {
        int replicas = Math.min(3, brokers);
        int minInSync = brokers >= 3 ? 2 : 1;
        Map<String, String> config = shared(id, controllerPort, folder);
        config.put("process.roles", "broker");
        config.put("broker.heartbeat.interval.ms", "200");
        config.putAll(listeners(ports, List.of()));
        config.put("inter.broker.listener.name", INTERNAL);
        config.put("auto.create.topics.enable", "false");
        config.put("auto.leader.rebalance.enable", "false");
        config.put("default.replication.factor", Integer.toString(replicas));
        config.put("min.insync.replicas", Integer.toString(minInSync));
        config.put("replica.lag.time.max.ms", "3000");
        config.put("replica.fetch.wait.max.ms", "200");
        config.put("replica.fetch.backoff.ms", "100");
        config.put("replica.socket.timeout.ms", "3000");
        config.put("offsets.topic.num.partitions", "4");
        config.put("offsets.topic.replication.factor", Integer.toString(replicas));
        config.put("transaction.state.log.num.partitions", "4");
        config.put("transaction.state.log.replication.factor", Integer.toString(replicas));
        config.put("transaction.state.log.min.isr", Integer.toString(minInSync));
        config.put("share.coordinator.state.topic.num.partitions", "4");
        config.put("share.coordinator.state.topic.replication.factor", Integer.toString(replicas));
        config.put("share.coordinator.state.topic.min.isr", Integer.toString(minInSync));
        config.put("group.initial.rebalance.delay.ms", "0");
        // No test needs compaction, and its default buffers take 128 MiB for each broker.
        config.put("log.cleaner.dedupe.buffer.size", Integer.toString(4 * 1024 * 1024));
        return config;
    }

    private static Map<String, String> shared(int id, int controllerPort, Path folder) {
        Map<String, String> config = new HashMap<>();
        config.put("node.id", Integer.toString(id));
        config.put("log.dirs", folder.toString());
        config.put("controller.quorum.voters", CONTROLLER_ID + "@127.0.0.1:" + controllerPort);
        config.put("controller.listener.names", CONTROLLER);
        config.put("listener.security.protocol.map", PROTOCOLS);
        // After this time a dead broker's leaderships move. It must exceed a stall of a small, busy machine.
        config.put("broker.session.timeout.ms", "2000");
        config.put("num.network.threads", "2");
        config.put("num.io.threads", "4");
        config.put("background.threads", "2");
        config.put("num.recovery.threads.per.data.dir", "1");
        config.put("controller.quorum.append.linger.ms", "0");
        config.put("controller.quorum.retry.backoff.ms", "10");
        return config;
    }

    /** Returns the listeners of a broker: its own two and {@code more}. */
    static Map<String, String> listeners(BrokerPorts ports, List<Listener> more) {
        StringBuilder own =
                new StringBuilder(listener(INTERNAL, ports.internal()) + "," + listener(CLIENT, ports.client()));
        StringBuilder advertised =
                new StringBuilder(listener(INTERNAL, ports.internal()) + "," + listener(CLIENT, ports.advertised()));
        StringBuilder protocols = new StringBuilder(PROTOCOLS);
        for (Listener each : more) {
            own.append(',').append(listener(each.name(), each.port()));
            advertised.append(',').append(listener(each.name(), each.port()));
            protocols.append(',').append(each.name()).append(':').append(each.securityProtocol());
        }
        return Map.of(
                "listeners",
                own.toString(),
                ADVERTISED,
                advertised.toString(),
                "listener.security.protocol.map",
                protocols.toString());
    }

    private static String listener(String name, int port) {
        return name + "://127.0.0.1:" + port;
    }
}

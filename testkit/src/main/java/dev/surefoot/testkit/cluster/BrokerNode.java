package dev.surefoot.testkit.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import kafka.server.BrokerServer;
import kafka.server.KafkaConfig;
import org.jspecify.annotations.Nullable;

/** One broker that can be stopped, killed and started again on the same ports and the same folder. */
final class BrokerNode {

    private static final Duration CONTROLLED_SHUTDOWN = Duration.ofSeconds(20);

    /** The longest wait for a broker to stop its heartbeats. */
    private static final Duration SILENCING = Duration.ofSeconds(5);

    private final int id;
    private final Map<String, String> config;
    private final NodeConfig.BrokerPorts ports;
    private final Path folder;
    private final ServerFaults faults;
    private volatile @Nullable BrokerServer running;

    /** Makes a broker that is not started yet. */
    BrokerNode(int id, Map<String, String> config, NodeConfig.BrokerPorts ports, Path folder, ServerFaults faults) {
        this.id = id;
        this.config = Map.copyOf(config);
        this.ports = ports;
        this.folder = folder;
        this.faults = faults;
    }

    int id() {
        return id;
    }

    NodeConfig.BrokerPorts ports() {
        return ports;
    }

    Optional<BrokerServer> running() {
        return Optional.ofNullable(running);
    }

    void format(String clusterId) {
        NodeFormat.format(id, clusterId, folder);
    }

    /** Starts the broker and returns when the controller has unfenced it. */
    synchronized void start() {
        if (running != null) {
            throw new IllegalStateException("Broker " + id + " runs already");
        }
        KafkaConfig parsed = new KafkaConfig(config, false);
        BrokerServer server = new BrokerServer(ControllerNode.sharedServer(
                parsed, ControllerNode.readFolders(parsed)._1(), faults));
        server.startup();
        running = server;
    }

    /** Stops in an orderly way: the broker moves its leaderships first. */
    synchronized void stop() {
        BrokerServer server = require();
        running = null;
        server.shutdown(CONTROLLED_SHUTDOWN);
        server.awaitShutdown();
    }

    /** Stops without informing the controller, and leaves the logs as unclean as a killed process does. */
    synchronized void kill() {
        BrokerServer server = require();
        running = null;
        // The heartbeats are stopped first, so the controller notices the death when the broker's session times out.
        server.lifecycleManager().beginShutdown();
        server.socketServer().stopProcessingRequests();
        server.shutdown(SILENCING);
        server.awaitShutdown();
        forgetCleanShutdown();
    }

    /** Deletes the mark of an orderly shutdown, with which the next start would skip log recovery. */
    private void forgetCleanShutdown() {
        try {
            Files.deleteIfExists(folder.resolve(".kafka_cleanshutdown"));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot delete the clean-shutdown mark of broker " + id, e);
        }
    }

    private BrokerServer require() {
        BrokerServer server = running;
        if (server == null) {
            throw new IllegalStateException("Broker " + id + " does not run");
        }
        return server;
    }
}

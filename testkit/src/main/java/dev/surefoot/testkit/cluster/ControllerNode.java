package dev.surefoot.testkit.cluster;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.SharedServer;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.bootstrap.BootstrapMetadata;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.raft.QuorumConfig;
import org.apache.kafka.server.ServerSocketFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import scala.Tuple2;

/** The one controller of a cluster. It starts and ends with the cluster and is never stopped in between. */
final class ControllerNode {

    private final Map<String, String> config;
    private final Path folder;
    private final ServerFaults faults;
    private @Nullable ControllerServer running;

    /** Makes a controller that is not started yet. */
    ControllerNode(Map<String, String> config, Path folder, ServerFaults faults) {
        this.config = Map.copyOf(config);
        this.folder = folder;
        this.faults = faults;
    }

    void format(String clusterId) {
        NodeFormat.format(NodeConfig.CONTROLLER_ID, clusterId, folder);
    }

    synchronized void start() {
        KafkaConfig parsed = new KafkaConfig(config, false);
        Tuple2<MetaPropertiesEnsemble, BootstrapMetadata> folders = readFolders(parsed);
        SharedServer shared = sharedServer(parsed, folders._1(), faults);
        ControllerServer server = new ControllerServer(shared, KafkaRaftServer.configSchema(), folders._2());
        server.startup();
        running = server;
    }

    /** Stops the controller; does nothing if it does not run. */
    synchronized void stop() {
        if (running != null) {
            running.shutdown();
            running = null;
        }
    }

    static Tuple2<MetaPropertiesEnsemble, BootstrapMetadata> readFolders(KafkaConfig config) {
        return KafkaRaftServer.initializeLogDirs(config, LoggerFactory.getLogger(ControllerNode.class), "");
    }

    static SharedServer sharedServer(KafkaConfig config, MetaPropertiesEnsemble folders, ServerFaults faults) {
        Map<Integer, InetSocketAddress> voters =
                QuorumConfig.parseVoterConnections(config.quorumConfig().voters());
        return new SharedServer(
                config,
                folders,
                Time.SYSTEM,
                new Metrics(),
                CompletableFuture.completedFuture(voters),
                List.of(),
                faults,
                ServerSocketFactory.INSTANCE);
    }
}

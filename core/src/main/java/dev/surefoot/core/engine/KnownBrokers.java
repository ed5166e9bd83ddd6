package dev.surefoot.core.engine;

import dev.surefoot.core.cluster.Cluster;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.common.Node;
import org.jspecify.annotations.Nullable;

/**
 * The brokers that the transport knows the addresses of: those of metadata, and a group's coordinator. Metadata may not
 * have it yet, or at the address that it had before a restart. Owned by the loop's thread.
 */
final class KnownBrokers {
    private final Cluster cluster;
    private final Consumer<EngineEvent> events;
    private @Nullable Node coordinator;
    /** What metadata said of the coordinator's broker when it was found, or null if nothing. */
    private @Nullable Node before;

    private List<Node> announced = List.of();

    KnownBrokers(Cluster cluster, Consumer<EngineEvent> events) {
        this.cluster = cluster;
        this.events = events;
    }

    /** A group's coordinator was found at this address. */
    void coordinatorFound(Node found) {
        coordinator = found;
        before = cluster.broker(found.id());
        announce();
    }

    /** Tells the transport the present brokers, if they have changed. */
    void announce() {
        List<Node> brokers = new ArrayList<>(cluster.brokers());
        Node found = coordinator;
        if (found != null) {
            Node described = cluster.broker(found.id());
            if (described == null) {
                brokers.add(found);
            } else if (before == null || !isAt(described, before)) {
                before = null; // metadata has changed its mind since, and is the newer one for good
            } else if (!isAt(described, found)) {
                // Metadata says what it said before the coordinator was found: the answer to the look-up is newer.
                brokers.set(brokers.indexOf(described), found);
            }
        }
        if (!brokers.equals(announced)) {
            announced = List.copyOf(brokers);
            events.accept(new EngineEvent.BrokersChanged(announced));
        }
    }

    private static boolean isAt(Node one, Node other) {
        return one.port() == other.port() && one.host().equals(other.host());
    }
}

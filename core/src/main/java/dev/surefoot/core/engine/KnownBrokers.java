package dev.surefoot.core.engine;

import dev.surefoot.core.cluster.Cluster;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.common.Node;
import org.jspecify.annotations.Nullable;

/**
 * The brokers that the transport knows the addresses of: those of metadata, and a group's coordinator, which metadata
 * may not have yet. Owned by the loop's thread.
 */
final class KnownBrokers {
    private final Cluster cluster;
    private final Consumer<EngineEvent> events;
    private @Nullable Node coordinator;
    private List<Node> announced = List.of();

    KnownBrokers(Cluster cluster, Consumer<EngineEvent> events) {
        this.cluster = cluster;
        this.events = events;
    }

    /** A group's coordinator was found at this address. */
    void coordinatorFound(Node found) {
        coordinator = found;
        announce();
    }

    /** Tells the transport the present brokers, if they have changed. */
    void announce() {
        List<Node> brokers = new ArrayList<>(cluster.brokers());
        Node found = coordinator;
        if (found != null && cluster.broker(found.id()) == null) {
            brokers.add(found);
        }
        if (!brokers.equals(announced)) {
            announced = List.copyOf(brokers);
            events.accept(new EngineEvent.BrokersChanged(announced));
        }
    }
}

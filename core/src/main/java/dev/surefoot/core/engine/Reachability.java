package dev.surefoot.core.engine;

import dev.surefoot.core.cluster.MetadataRefresh;
import dev.surefoot.core.exchange.Outbox;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Readiness;
import dev.surefoot.core.exchange.RequestFailure;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;

/** Handles brokers that cannot be reached, for all requesters. Owned by the loop's thread. */
final class Reachability {
    private final Obstacles obstacles;
    private final MetadataRefresh refresh;
    private final Consumer<EngineEvent> events;
    /**
     * The failures that were raised already. A link returns the same exception until its next attempt, and then drops
     * it, so the keys are weak.
     */
    private final Set<KafkaException> raised = Collections.newSetFromMap(new WeakHashMap<>());

    Reachability(Obstacles obstacles, MetadataRefresh refresh, Consumer<EngineEvent> events) {
        this.obstacles = obstacles;
        this.refresh = refresh;
        this.events = events;
    }

    /**
     * Whether a request can be sent to the leader. If it cannot be reached, metadata is requested, as the leader may
     * have changed.
     */
    Readiness leaderReadiness(Outbox outbox, int nodeId) {
        Readiness readiness = outbox.readiness(nodeId, Purpose.CONTROL);
        RequestFailure failure = readiness.failure();
        if (failure != null) {
            failed(nodeId, failure);
            refresh.request();
        }
        return readiness;
    }

    /** Handles the failure of a request to a broker. */
    void failed(int nodeId, RequestFailure failure) {
        raiseRefusal(failure);
        obstacles.brokerFailed(nodeId, failure.cause());
    }

    /** Raises refused credentials to the application, once for each attempt to connect. */
    void raiseRefusal(RequestFailure failure) {
        if (failure.isRefusal() && raised.add(failure.cause())) {
            events.accept(new EngineEvent.Raised(failure.cause()));
        }
    }

    /** Raises an API that the broker does not support to the application, as reading needs it. */
    void raiseUnsupported(RequestFailure failure) {
        if (failure.kind() == RequestFailure.Kind.UNSUPPORTED_VERSION) {
            events.accept(new EngineEvent.Raised(failure.cause()));
        }
    }
}

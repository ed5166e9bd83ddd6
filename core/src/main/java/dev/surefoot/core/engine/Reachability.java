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

/** What follows from brokers that cannot be reached, whoever wanted something of them. Owned by the loop's thread. */
final class Reachability {
    private final Obstacles obstacles;
    private final MetadataRefresh refresh;
    private final Consumer<EngineEvent> events;
    /** A link repeats the failure of an attempt until the next one, and lets go of it then. */
    private final Set<KafkaException> raised = Collections.newSetFromMap(new WeakHashMap<>());

    Reachability(Obstacles obstacles, MetadataRefresh refresh, Consumer<EngineEvent> events) {
        this.obstacles = obstacles;
        this.refresh = refresh;
        this.events = events;
    }

    /** Whether the leader can be sent a request; if it cannot be reached, another broker may lead by now. */
    Readiness leaderReadiness(Outbox outbox, int nodeId) {
        Readiness readiness = outbox.readiness(nodeId, Purpose.CONTROL);
        RequestFailure failure = readiness.failure();
        if (failure != null) {
            failed(nodeId, failure);
            refresh.request();
        }
        return readiness;
    }

    void failed(int nodeId, RequestFailure failure) {
        raiseRefusal(failure);
        obstacles.brokerFailed(nodeId, failure.cause());
    }

    /** Credentials that are refused stay refused: the application has to know, once for each attempt. */
    void raiseRefusal(RequestFailure failure) {
        if (failure.isRefusal() && raised.add(failure.cause())) {
            events.accept(new EngineEvent.Raised(failure.cause()));
        }
    }

    /** Reading cannot go on without an answer that this broker has no version for: the application has to know. */
    void raiseUnsupported(RequestFailure failure) {
        if (failure.kind() == RequestFailure.Kind.UNSUPPORTED_VERSION) {
            events.accept(new EngineEvent.Raised(failure.cause()));
        }
    }
}

package dev.surefoot.core.engine;

import dev.surefoot.core.engine.BrokerLink.Purpose;
import dev.surefoot.core.engine.BrokerLink.Readiness;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;

/** What follows from brokers that cannot be reached, whoever wanted something of them. Owned by the loop's thread. */
final class Reachability {
    private final Obstacles obstacles;
    private final MetadataKeeper metadata;
    private final Consumer<EngineEvent> events;
    /** A link repeats the failure of an attempt until the next one, and lets go of it then. */
    private final Set<KafkaException> raised = Collections.newSetFromMap(new WeakHashMap<>());

    Reachability(Obstacles obstacles, MetadataKeeper metadata, Consumer<EngineEvent> events) {
        this.obstacles = obstacles;
        this.metadata = metadata;
        this.events = events;
    }

    /** Whether this request can be handed over; if its broker cannot be reached, another one may lead by now. */
    Readiness readiness(BrokerLink link, Request request, long nowNanos) {
        Readiness readiness = link.readiness(request.nodeId(), Purpose.CONTROL, nowNanos);
        if (readiness instanceof Readiness.Failed failed) {
            failed(request.nodeId(), failed.failure());
            metadata.request();
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
}

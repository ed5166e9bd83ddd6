package dev.surefoot.net;

import java.util.HashMap;
import java.util.Map;
import java.util.function.IntPredicate;
import org.apache.kafka.common.metrics.Metrics;

/** The metrics of all brokers that the client has connected to and still knows. Belongs to the loop's thread. */
final class NodeMeters {
    private final Metrics metrics;
    private final FetchTiming timing;
    private final Map<Integer, NodeMeter> meters = new HashMap<>();

    /** @param timing is told of the fetches of all brokers */
    NodeMeters(Metrics metrics, FetchTiming timing) {
        this.metrics = metrics;
        this.timing = timing;
    }

    /** The broker's metrics, which all its connections share and which go on when it moves. */
    NodeMeter of(int nodeId) {
        return meters.computeIfAbsent(nodeId, id -> new NodeMeter(metrics, id, timing));
    }

    /** Removes the metrics of brokers that are known no more. */
    void retain(IntPredicate known) {
        meters.entrySet().removeIf(entry -> {
            boolean gone = !known.test(entry.getKey());
            if (gone) {
                entry.getValue().close();
            }
            return gone;
        });
    }

    /** Removes all. */
    void close() {
        retain(nodeId -> false);
    }
}

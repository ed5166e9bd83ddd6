package dev.surefoot.net;

import java.util.HashMap;
import java.util.Map;
import java.util.function.IntPredicate;
import org.apache.kafka.common.metrics.Metrics;

/** The metrics of all known brokers that the client has connected to. Owned by the loop's thread. */
final class NodeMeters {
    private final Metrics metrics;
    private final FetchTiming timing;
    private final Map<Integer, NodeMeter> meters = new HashMap<>();

    /** @param timing receives the figures of the fetches of all brokers */
    NodeMeters(Metrics metrics, FetchTiming timing) {
        this.metrics = metrics;
        this.timing = timing;
    }

    /** Returns the broker's metrics, which all its connections share and which continue when it moves. */
    NodeMeter of(int nodeId) {
        return meters.computeIfAbsent(nodeId, id -> new NodeMeter(metrics, id, timing));
    }

    /** Removes the metrics of brokers that are not known any more. */
    void retain(IntPredicate known) {
        meters.entrySet().removeIf(entry -> {
            boolean gone = !known.test(entry.getKey());
            if (gone) {
                entry.getValue().close();
            }
            return gone;
        });
    }

    /** Removes the metrics of all brokers. */
    void close() {
        retain(nodeId -> false);
    }
}

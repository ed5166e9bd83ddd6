package dev.surefoot.runtime;

import java.util.Collection;
import java.util.List;
import org.apache.kafka.common.ClusterResource;
import org.apache.kafka.common.ClusterResourceListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The plug-ins that want to know the cluster's id: deserializers, interceptors and metrics reporters that are
 * {@link ClusterResourceListener}s. They are told on the loop's thread, and one that throws is logged.
 */
public final class ClusterListeners {
    private static final Logger log = LoggerFactory.getLogger(ClusterListeners.class);

    private final List<ClusterResourceListener> listeners;

    /** Picks those of the plug-ins that listen. */
    public ClusterListeners(Collection<?> plugIns) {
        this.listeners = plugIns.stream()
                .filter(ClusterResourceListener.class::isInstance)
                .map(ClusterResourceListener.class::cast)
                .toList();
    }

    void identified(String clusterId) {
        for (ClusterResourceListener listener : listeners) {
            try {
                listener.onUpdate(new ClusterResource(clusterId));
            } catch (RuntimeException e) {
                log.warn("{} has thrown when it was told the cluster's id", listener, e);
            }
        }
    }
}

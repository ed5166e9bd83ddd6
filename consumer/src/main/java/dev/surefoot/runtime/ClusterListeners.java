package dev.surefoot.runtime;

import java.util.Collection;
import java.util.List;
import org.apache.kafka.common.ClusterResource;
import org.apache.kafka.common.ClusterResourceListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The plug-ins that receive the cluster's id: deserializers, interceptors and metrics reporters that are
 * {@link ClusterResourceListener}s. They are called on the loop's thread. If one throws, the error is logged.
 */
public final class ClusterListeners {
    private static final Logger log = LoggerFactory.getLogger(ClusterListeners.class);

    private final List<ClusterResourceListener> listeners;

    /** @param plugIns any plug-ins; those that are not listeners are ignored */
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
            } catch (Throwable e) { // anything, and it must not end the loop
                log.warn("{} threw an exception when it received the cluster's id", listener, e);
            }
        }
    }
}

package dev.surefoot.runtime;

import java.util.List;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * The plug-ins of a consumer. It closes the deserializers, the interceptors and the meter when it is closed.
 *
 * @param clusterListeners the plug-ins that receive the cluster's id
 */
public record PlugIns<K, V>(
        Deserializer<K> keyDeserializer,
        Deserializer<V> valueDeserializer,
        Interceptors<K, V> interceptors,
        ClusterListeners clusterListeners,
        ConsumerMeter meter,
        EventLog log,
        Assignors assignors) {
    /** Without assignors, for a consumer in no group of the classic protocol. */
    public PlugIns(
            Deserializer<K> keyDeserializer,
            Deserializer<V> valueDeserializer,
            Interceptors<K, V> interceptors,
            ClusterListeners clusterListeners,
            ConsumerMeter meter,
            EventLog log) {
        this(keyDeserializer, valueDeserializer, interceptors, clusterListeners, meter, log, new Assignors(List.of()));
    }
}

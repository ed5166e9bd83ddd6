package dev.surefoot.runtime;

import dev.surefoot.net.KafkaTelemetry;
import java.util.List;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * The plug-ins of a consumer. It closes the deserializers, the interceptors and the meter when it is closed.
 *
 * @param clusterListeners the plug-ins that receive the cluster's id
 * @param telemetry what the consumer tells its cluster about itself, or null for nothing
 */
public record PlugIns<K, V>(
        Deserializer<K> keyDeserializer,
        Deserializer<V> valueDeserializer,
        Interceptors<K, V> interceptors,
        ClusterListeners clusterListeners,
        ConsumerMeter meter,
        EventLog log,
        Assignors assignors,
        @Nullable KafkaTelemetry telemetry) {
    /** Without telemetry. */
    public PlugIns(
            Deserializer<K> keyDeserializer,
            Deserializer<V> valueDeserializer,
            Interceptors<K, V> interceptors,
            ClusterListeners clusterListeners,
            ConsumerMeter meter,
            EventLog log,
            Assignors assignors) {
        this(keyDeserializer, valueDeserializer, interceptors, clusterListeners, meter, log, assignors, null);
    }

    /** Without telemetry and assignors, for a consumer in no group of the classic protocol. */
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

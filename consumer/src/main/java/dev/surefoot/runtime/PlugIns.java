package dev.surefoot.runtime;

import dev.surefoot.net.KafkaTelemetry;
import java.util.List;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * The plug-ins of a consumer. It closes all of them but the listeners and the log when it is closed.
 *
 * @param clusterListeners the plug-ins that receive the cluster's id
 * @param badRecords what is done about records that cannot be read
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
        BadRecords badRecords,
        @Nullable KafkaTelemetry telemetry) {
    /** Without telemetry, and passing over no records. */
    public PlugIns(
            Deserializer<K> keyDeserializer,
            Deserializer<V> valueDeserializer,
            Interceptors<K, V> interceptors,
            ClusterListeners clusterListeners,
            ConsumerMeter meter,
            EventLog log,
            Assignors assignors) {
        this(
                keyDeserializer,
                valueDeserializer,
                interceptors,
                clusterListeners,
                meter,
                log,
                assignors,
                BadRecords.failing(),
                null);
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

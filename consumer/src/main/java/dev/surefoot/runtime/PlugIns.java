package dev.surefoot.runtime;

import org.apache.kafka.common.serialization.Deserializer;

/**
 * What a consumer is given by its configuration beside settings: what makes records of bytes, and who is to hear of
 * what. The consumer closes the deserializers, the interceptors and the meter when it is closed.
 *
 * @param clusterListeners who wants to know the cluster's id
 */
public record PlugIns<K, V>(
        Deserializer<K> keyDeserializer,
        Deserializer<V> valueDeserializer,
        Interceptors<K, V> interceptors,
        ClusterListeners clusterListeners,
        ConsumerMeter meter,
        EventLog log) {}

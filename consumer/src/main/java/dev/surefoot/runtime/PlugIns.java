package dev.surefoot.runtime;

import dev.surefoot.core.delivery.RecordAssembler;

/**
 * What a consumer is given by its configuration beside settings: what makes records of bytes, and who is to hear of what.
 *
 * @param assembler the deserializers
 * @param clusterListeners who wants to know the cluster's id
 */
public record PlugIns<K, V>(
        RecordAssembler<K, V> assembler,
        Interceptors<K, V> interceptors,
        ClusterListeners clusterListeners,
        ConsumerMeter meter,
        EventLog log) {}

package dev.surefoot;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.metrics.KafkaMetric;

/**
 * The part of Kafka's interface that needs a consumer group, or the broker's telemetry, neither of which this version has.
 * Each method says so with an {@link UnsupportedOperationException}; none pretends to have done something.
 */
interface WithoutGroups<K, V> extends Consumer<K, V> {

    private static UnsupportedOperationException noGroups(String method) {
        return new UnsupportedOperationException(
                method
                        + " needs a consumer group, and this version of Surefoot has none yet; use assign() and keep offsets yourself");
    }

    private static UnsupportedOperationException noTelemetry(String method) {
        return new UnsupportedOperationException(method
                + " needs telemetry pushed to brokers (KIP-714), which this version of Surefoot does not do yet");
    }

    @Override
    default void subscribe(Collection<String> topics) {
        throw noGroups("subscribe");
    }

    @Override
    default void subscribe(Collection<String> topics, ConsumerRebalanceListener callback) {
        throw noGroups("subscribe");
    }

    @Override
    default void subscribe(Pattern pattern, ConsumerRebalanceListener callback) {
        throw noGroups("subscribe");
    }

    @Override
    default void subscribe(Pattern pattern) {
        throw noGroups("subscribe");
    }

    @Override
    default void subscribe(SubscriptionPattern pattern, ConsumerRebalanceListener callback) {
        throw noGroups("subscribe");
    }

    @Override
    default void subscribe(SubscriptionPattern pattern) {
        throw noGroups("subscribe");
    }

    @Override
    default void commitSync() {
        throw noGroups("commitSync");
    }

    @Override
    default void commitSync(Duration timeout) {
        throw noGroups("commitSync");
    }

    @Override
    default void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets) {
        throw noGroups("commitSync");
    }

    @Override
    default void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
        throw noGroups("commitSync");
    }

    @Override
    default void commitAsync() {
        throw noGroups("commitAsync");
    }

    @Override
    default void commitAsync(OffsetCommitCallback callback) {
        throw noGroups("commitAsync");
    }

    @Override
    default void commitAsync(Map<TopicPartition, OffsetAndMetadata> offsets, OffsetCommitCallback callback) {
        throw noGroups("commitAsync");
    }

    @Override
    default Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> partitions) {
        throw noGroups("committed");
    }

    @Override
    default Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> partitions, Duration timeout) {
        throw noGroups("committed");
    }

    @Override
    default ConsumerGroupMetadata groupMetadata() {
        throw noGroups("groupMetadata");
    }

    @Override
    default void enforceRebalance() {
        throw noGroups("enforceRebalance");
    }

    @Override
    default void enforceRebalance(String reason) {
        throw noGroups("enforceRebalance");
    }

    @Override
    default Uuid clientInstanceId(Duration timeout) {
        throw noTelemetry("clientInstanceId");
    }

    @Override
    default void registerMetricForSubscription(KafkaMetric metric) {
        throw noTelemetry("registerMetricForSubscription");
    }

    @Override
    default void unregisterMetricFromSubscription(KafkaMetric metric) {
        throw noTelemetry("unregisterMetricFromSubscription");
    }
}

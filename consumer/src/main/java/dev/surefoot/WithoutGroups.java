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
 * The part of Kafka's interface that needs a consumer group, or the broker's telemetry, neither of which this version
 * has. Each method throws an {@link UnsupportedOperationException} that says so.
 *
 * <p>A class, not an interface: for methods that a public class inherits from a class that is not public, the compiler
 * makes methods in the public one, so that they can be invoked by reflection.
 */
abstract class WithoutGroups<K, V> implements Consumer<K, V> {

    private static UnsupportedOperationException noGroups(String method) {
        return new UnsupportedOperationException(
                method + " needs a consumer group, and this version of Surefoot has none yet; use assign() and keep"
                        + " offsets yourself");
    }

    private static UnsupportedOperationException noTelemetry(String method) {
        return new UnsupportedOperationException(method
                + " needs telemetry pushed to brokers (KIP-714), which this version of Surefoot does not do yet");
    }

    /**
     * Needs a consumer group.
     *
     * @throws UnsupportedOperationException always, in this version
     */
    @Override
    public void subscribe(Collection<String> topics) {
        throw noGroups("subscribe");
    }

    /**
     * Needs a consumer group.
     *
     * @throws UnsupportedOperationException always, in this version
     */
    @Override
    public void subscribe(Collection<String> topics, ConsumerRebalanceListener callback) {
        throw noGroups("subscribe");
    }

    /**
     * Needs a consumer group.
     *
     * @throws UnsupportedOperationException always, in this version
     */
    @Override
    public void subscribe(Pattern pattern, ConsumerRebalanceListener callback) {
        throw noGroups("subscribe");
    }

    /**
     * Needs a consumer group.
     *
     * @throws UnsupportedOperationException always, in this version
     */
    @Override
    public void subscribe(Pattern pattern) {
        throw noGroups("subscribe");
    }

    /**
     * Needs a consumer group.
     *
     * @throws UnsupportedOperationException always, in this version
     */
    @Override
    public void subscribe(SubscriptionPattern pattern, ConsumerRebalanceListener callback) {
        throw noGroups("subscribe");
    }

    /**
     * Needs a consumer group.
     *
     * @throws UnsupportedOperationException always, in this version
     */
    @Override
    public void subscribe(SubscriptionPattern pattern) {
        throw noGroups("subscribe");
    }

    /**
     * Needs a consumer group.
     *
     * @throws UnsupportedOperationException always, in this version
     */
    @Override
    public void commitSync() {
        throw noGroups("commitSync");
    }

    /**
     * Needs a consumer group.
     *
     * @throws UnsupportedOperationException always, in this version
     */
    @Override
    public void commitSync(Duration timeout) {
        throw noGroups("commitSync");
    }

    /**
     * Needs a consumer group.
     *
     * @throws UnsupportedOperationException always, in this version
     */
    @Override
    public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets) {
        throw noGroups("commitSync");
    }

    /**
     * Needs a consumer group.
     *
     * @throws UnsupportedOperationException always, in this version
     */
    @Override
    public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
        throw noGroups("commitSync");
    }

    /**
     * Needs a consumer group.
     *
     * @throws UnsupportedOperationException always, in this version
     */
    @Override
    public void commitAsync() {
        throw noGroups("commitAsync");
    }

    /**
     * Needs a consumer group.
     *
     * @throws UnsupportedOperationException always, in this version
     */
    @Override
    public void commitAsync(OffsetCommitCallback callback) {
        throw noGroups("commitAsync");
    }

    /**
     * Needs a consumer group.
     *
     * @throws UnsupportedOperationException always, in this version
     */
    @Override
    public void commitAsync(Map<TopicPartition, OffsetAndMetadata> offsets, OffsetCommitCallback callback) {
        throw noGroups("commitAsync");
    }

    /**
     * Needs a consumer group.
     *
     * @throws UnsupportedOperationException always, in this version
     */
    @Override
    public Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> partitions) {
        throw noGroups("committed");
    }

    /**
     * Needs a consumer group.
     *
     * @throws UnsupportedOperationException always, in this version
     */
    @Override
    public Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> partitions, Duration timeout) {
        throw noGroups("committed");
    }

    /**
     * Needs a consumer group.
     *
     * @throws UnsupportedOperationException always, in this version
     */
    @Override
    public ConsumerGroupMetadata groupMetadata() {
        throw noGroups("groupMetadata");
    }

    /**
     * Needs a consumer group.
     *
     * @throws UnsupportedOperationException always, in this version
     */
    @Override
    public void enforceRebalance() {
        throw noGroups("enforceRebalance");
    }

    /**
     * Needs a consumer group.
     *
     * @throws UnsupportedOperationException always, in this version
     */
    @Override
    public void enforceRebalance(String reason) {
        throw noGroups("enforceRebalance");
    }

    /**
     * Needs telemetry (KIP-714).
     *
     * @throws UnsupportedOperationException always, in this version
     */
    @Override
    public Uuid clientInstanceId(Duration timeout) {
        throw noTelemetry("clientInstanceId");
    }

    /**
     * Needs telemetry (KIP-714).
     *
     * @throws UnsupportedOperationException always, in this version
     */
    @Override
    public void registerMetricForSubscription(KafkaMetric metric) {
        throw noTelemetry("registerMetricForSubscription");
    }

    /**
     * Needs telemetry (KIP-714).
     *
     * @throws UnsupportedOperationException always, in this version
     */
    @Override
    public void unregisterMetricFromSubscription(KafkaMetric metric) {
        throw noTelemetry("unregisterMetricFromSubscription");
    }
}

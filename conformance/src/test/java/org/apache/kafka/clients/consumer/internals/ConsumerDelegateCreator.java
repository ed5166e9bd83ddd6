package org.apache.kafka.clients.consumer.internals;

import dev.surefoot.conformance.ConsumerUnderTest;
import dev.surefoot.conformance.SurefootDelegate;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.KafkaClient;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.clients.consumer.GroupProtocol;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.utils.LogContext;
import org.apache.kafka.common.utils.Time;

/**
 * Stands before kafka-clients' class of this name on the class path of the tests, and so decides what every
 * {@code KafkaConsumer} delegates to.
 */
public class ConsumerDelegateCreator {

    /** Called by the public constructors of {@code KafkaConsumer}. */
    public <K, V> ConsumerDelegate<K, V> create(
            ConsumerConfig config, Deserializer<K> keyDeserializer, Deserializer<V> valueDeserializer) {
        return switch (ConsumerUnderTest.chosen()) {
            case SUREFOOT -> SurefootDelegate.of(config, keyDeserializer, valueDeserializer);
            case KAFKA -> kafkaDelegate(config, keyDeserializer, valueDeserializer);
        };
    }

    /** Called by Kafka's unit tests of its own parts, none of which belong to the tests run here. */
    public <K, V> ConsumerDelegate<K, V> create(
            LogContext logContext,
            Time time,
            ConsumerConfig config,
            Deserializer<K> keyDeserializer,
            Deserializer<V> valueDeserializer,
            KafkaClient client,
            SubscriptionState subscriptions,
            ConsumerMetadata metadata,
            List<ConsumerPartitionAssignor> assignors) {
        throw new UnsupportedOperationException("A consumer made of parts of Kafka's cannot be replaced.");
    }

    private static <K, V> ConsumerDelegate<K, V> kafkaDelegate(
            ConsumerConfig config, Deserializer<K> keyDeserializer, Deserializer<V> valueDeserializer) {
        return switch (GroupProtocol.of(config.getString(ConsumerConfig.GROUP_PROTOCOL_CONFIG))) {
            case CLASSIC -> new ClassicKafkaConsumer<>(config, keyDeserializer, valueDeserializer);
            case CONSUMER -> new AsyncKafkaConsumer<>(config, keyDeserializer, valueDeserializer, Optional.empty());
        };
    }
}

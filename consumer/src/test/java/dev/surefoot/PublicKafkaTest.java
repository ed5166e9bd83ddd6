package dev.surefoot;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublicKafkaTest {

    @ParameterizedTest
    @ValueSource(
            classes = {
                org.apache.kafka.clients.CommonClientConfigs.class,
                org.apache.kafka.clients.consumer.ConsumerRecord.class,
                org.apache.kafka.clients.consumer.OffsetAndTimestamp.class,
                org.apache.kafka.common.KafkaException.class,
                org.apache.kafka.common.Metric.class,
                org.apache.kafka.common.MetricName.class,
                org.apache.kafka.common.Node.class,
                org.apache.kafka.common.TopicIdPartition.class,
                org.apache.kafka.common.TopicPartition.class,
                org.apache.kafka.common.Uuid.class,
                org.apache.kafka.common.config.AbstractConfig.class,
                org.apache.kafka.common.errors.WakeupException.class,
                org.apache.kafka.common.header.Headers.class,
                org.apache.kafka.common.metrics.KafkaMetric.class,
                org.apache.kafka.common.metrics.MetricsReporter.class,
                org.apache.kafka.common.record.TimestampType.class,
                org.apache.kafka.common.serialization.Deserializer.class,
                org.apache.kafka.common.serialization.StringDeserializer.class,
                String.class,
            })
    void theseMayBeUsedAnywhere(Class<?> type) {
        assertThat(PublicKafka.isNotPublic(type.getPackageName(), type.getName()))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                org.apache.kafka.clients.ApiVersions.class,
                org.apache.kafka.clients.NetworkClient.class,
                org.apache.kafka.clients.consumer.internals.AutoOffsetResetStrategy.class,
                org.apache.kafka.common.header.internals.RecordHeaders.class,
                org.apache.kafka.common.memory.MemoryPool.class,
                org.apache.kafka.common.message.FetchRequestData.class,
                org.apache.kafka.common.network.Selector.class,
                org.apache.kafka.common.protocol.ApiKeys.class,
                org.apache.kafka.common.requests.FetchRequest.class,
                org.apache.kafka.common.security.authenticator.SaslClientAuthenticator.class,
                org.apache.kafka.common.security.ssl.SslFactory.class,
                org.apache.kafka.common.utils.Utils.class,
            })
    void theseMayNot(Class<?> type) {
        assertThat(PublicKafka.isNotPublic(type.getPackageName(), type.getName()))
                .isTrue();
    }
}

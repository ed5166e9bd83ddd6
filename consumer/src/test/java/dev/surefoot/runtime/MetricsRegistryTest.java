package dev.surefoot.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.Sensor.RecordingLevel;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MetricsRegistryTest {
    private static Metrics registry(RecordingLevel level) {
        ConsumerConfig config = new ConsumerConfig(Map.of(
                "bootstrap.servers",
                "127.0.0.1:9092",
                "key.deserializer",
                ByteArrayDeserializer.class,
                "value.deserializer",
                ByteArrayDeserializer.class,
                "metrics.recording.level",
                level.name()));
        return MetricsRegistry.registry(config, "client");
    }

    /** {@code metrics.recording.level} is for sensors of this registry that an application or a reporter adds. */
    @ParameterizedTest
    @EnumSource(RecordingLevel.class)
    void aSensorRecordsIfItsLevelIsRecorded(RecordingLevel level) {
        try (Metrics metrics = registry(level)) {
            for (RecordingLevel ofSensor : RecordingLevel.values()) {
                assertThat(metrics.sensor(ofSensor.name(), ofSensor).shouldRecord())
                        .as("%s at %s", ofSensor, level)
                        .isEqualTo(ofSensor.id <= level.id);
            }
        }
    }
}

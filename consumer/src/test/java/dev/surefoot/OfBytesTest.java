package dev.surefoot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;

/** A consumer for visitors needs no deserializers, while the constructors that KafkaConsumer has need them as there. */
class OfBytesTest {
    private static final Map<String, Object> CONFIG = Map.of("bootstrap.servers", "127.0.0.1:1");

    /** Fails when it is made. */
    public static final class CannotBeMade extends StringDeserializer {
        public CannotBeMade() {
            throw new IllegalStateException("was made");
        }
    }

    private static void assertUsable(SurefootConsumer<byte[], byte[]> consumer) {
        consumer.assign(List.of(new TopicPartition("orders", 0)));
        assertThat(consumer.poll(Duration.ZERO, record -> RecordVisitor.Result.CONTINUE))
                .isZero();
        assertThat(consumer.poll(Duration.ZERO).isEmpty()).isTrue();
    }

    @Test
    void aConfigurationWithoutDeserializersIsEnough() {
        Properties properties = new Properties();
        properties.putAll(CONFIG);
        try (SurefootConsumer<byte[], byte[]> ofMap = SurefootConsumer.ofBytes(CONFIG);
                SurefootConsumer<byte[], byte[]> ofProperties = SurefootConsumer.ofBytes(properties)) {
            assertUsable(ofMap);
            assertUsable(ofProperties);
        }
    }

    @Test
    void deserializersThatAreNamedAreNotMade() {
        Map<String, Object> config = Map.of(
                "bootstrap.servers",
                "127.0.0.1:1",
                "key.deserializer",
                CannotBeMade.class.getName(),
                "value.deserializer",
                CannotBeMade.class);
        assertThatExceptionOfType(KafkaException.class).isThrownBy(() -> new SurefootConsumer<>(config));
        try (SurefootConsumer<byte[], byte[]> consumer = SurefootConsumer.ofBytes(config)) {
            assertUsable(consumer);
        }
    }

    @Test
    void theConstructorsStillNeedDeserializers() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> new SurefootConsumer<>(CONFIG))
                .withMessageContaining("key.deserializer");
    }
}

package dev.surefoot.testkit.consumer;

import dev.surefoot.SurefootConsumer;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;

/** The two consumers that are held side by side. */
public enum Client {
    KAFKA {
        @Override
        public <K, V> Consumer<K, V> open(Map<String, Object> config, Deserializer<K> keys, Deserializer<V> values) {
            return new KafkaConsumer<>(config, keys, values);
        }
    },
    SUREFOOT {
        @Override
        public <K, V> Consumer<K, V> open(Map<String, Object> config, Deserializer<K> keys, Deserializer<V> values) {
            return new SurefootConsumer<>(config, keys, values);
        }
    };

    public abstract <K, V> Consumer<K, V> open(
            Map<String, Object> config, Deserializer<K> keys, Deserializer<V> values);

    /** Opens a consumer of bytes. */
    public Consumer<byte[], byte[]> open(Map<String, Object> config) {
        return open(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}

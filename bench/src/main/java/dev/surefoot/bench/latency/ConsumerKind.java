package dev.surefoot.bench.latency;

import dev.surefoot.SurefootConsumer;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The consumers that are compared. */
public enum ConsumerKind {
    SUREFOOT("surefoot"),
    KAFKA_CLASSIC("kafka-classic"),
    KAFKA_CONSUMER("kafka-consumer");

    private final String label;

    ConsumerKind(String label) {
        this.label = label;
    }

    /** Returns the name in tables and in JSON. */
    public String label() {
        return label;
    }

    /** Opens a consumer, which the caller closes. */
    public Consumer<byte[], byte[]> open(Map<String, Object> config) {
        ByteArrayDeserializer bytes = new ByteArrayDeserializer();
        return switch (this) {
            case SUREFOOT -> new SurefootConsumer<>(config, bytes, bytes);
            case KAFKA_CLASSIC -> new KafkaConsumer<>(withProtocol(config, "classic"), bytes, bytes);
            case KAFKA_CONSUMER -> new KafkaConsumer<>(withProtocol(config, "consumer"), bytes, bytes);
        };
    }

    private static Map<String, Object> withProtocol(Map<String, Object> config, String protocol) {
        Map<String, Object> with = new HashMap<>(config);
        with.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, protocol);
        return with;
    }
}

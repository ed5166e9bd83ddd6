package dev.surefoot.bench.rebalance;

import dev.surefoot.SurefootConsumer;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The consumers that are compared. */
public enum Subject {
    SUREFOOT("surefoot"),
    KAFKA("kafka");

    private final String label;

    Subject(String label) {
        this.label = label;
    }

    /** Returns the name in options, tables and JSON. */
    public String label() {
        return label;
    }

    /** Opens a consumer, which the caller closes. */
    Consumer<byte[], byte[]> open(Map<String, Object> config) {
        ByteArrayDeserializer bytes = new ByteArrayDeserializer();
        return switch (this) {
            case SUREFOOT -> new SurefootConsumer<>(config, bytes, bytes);
            case KAFKA -> new KafkaConsumer<>(config, bytes, bytes);
        };
    }
}

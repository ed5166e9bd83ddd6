package dev.surefoot.cli.consumer;

import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Opens the consumers that the commands read with. */
public final class Consumers {

    private Consumers() {}

    /** Opens a consumer of raw bytes. */
    @FunctionalInterface
    public interface Opening {

        /** Opens a consumer with this configuration; the caller closes it. */
        Consumer<byte[], byte[]> open(Map<String, Object> config);
    }

    /** Surefoot's consumer. */
    public static Consumer<byte[], byte[]> surefoot(Map<String, Object> config) {
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** The same with a session handler that is known to be broken. */
    public static Consumer<byte[], byte[]> broken(Map<String, Object> config) {
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** What the consumer's fetches have cost so far. */
    public static FetchFigures figuresOf(Consumer<byte[], byte[]> consumer) {
        return FetchFigures.NONE;
    }

    /** Tells whether {@code key} is a configuration key of {@link #surefoot}. */
    public static boolean knowsConfig(String key) {
        return ConsumerConfig.configNames().contains(key)
                || key.equals("enable.incremental.fetch.sessions")
                || key.startsWith("surefoot.");
    }
}

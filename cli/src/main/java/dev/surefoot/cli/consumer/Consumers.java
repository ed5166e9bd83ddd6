package dev.surefoot.cli.consumer;

import dev.surefoot.SurefootConsumer;
import dev.surefoot.assembly.SeamedConsumers;
import dev.surefoot.testkit.museum.Exhibit;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
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

    /** Opens Surefoot's consumer. */
    public static SurefootConsumer<byte[], byte[]> surefoot(Map<String, Object> config) {
        return SurefootConsumer.ofBytes(config);
    }

    /** Opens the same with the session handler of {@link Exhibit#F1}, which is known to be broken. */
    public static SurefootConsumer<byte[], byte[]> broken(Map<String, Object> config) {
        ByteArrayDeserializer bytes = new ByteArrayDeserializer();
        return (SurefootConsumer<byte[], byte[]>) SeamedConsumers.open(config, bytes, bytes, Exhibit.F1.seams());
    }
}

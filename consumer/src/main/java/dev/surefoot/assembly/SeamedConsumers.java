package dev.surefoot.assembly;

import dev.surefoot.runtime.Seams;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Opens consumers in which other parts take the place of shipped ones: for the test kit and the command, which are in
 * other packages.
 *
 * <p>{@code SurefootConsumer} has no public constructor that takes {@link Seams}, as an inner type would then be part
 * of the public API. It registers its private constructor here when its class is initialized. Nothing here names the
 * class in code, as it depends on this package; so it is found by its name.
 */
public final class SeamedConsumers {
    private static final String CONSUMER = "dev.surefoot.SurefootConsumer";

    private static volatile @Nullable Opener opener;

    /** The constructor of {@code SurefootConsumer} that takes seams. */
    @FunctionalInterface
    public interface Opener {
        <K, V> Consumer<K, V> open(
                Map<String, Object> configs,
                @Nullable Deserializer<K> keyDeserializer,
                @Nullable Deserializer<V> valueDeserializer,
                Seams seams);
    }

    private SeamedConsumers() {}

    /** Called once, by {@code SurefootConsumer}. */
    public static void register(Opener constructor) {
        opener = constructor;
    }

    /**
     * Opens a consumer, which the caller closes. It is a {@code SurefootConsumer}.
     *
     * @param keyDeserializer takes the place of {@code key.deserializer}, or null
     * @param valueDeserializer takes the place of {@code value.deserializer}, or null
     * @throws org.apache.kafka.common.KafkaException as the public constructors do
     */
    public static <K, V> Consumer<K, V> open(
            Map<String, Object> configs,
            @Nullable Deserializer<K> keyDeserializer,
            @Nullable Deserializer<V> valueDeserializer,
            Seams seams) {
        return registered().open(configs, keyDeserializer, valueDeserializer, seams);
    }

    private static Opener registered() {
        try {
            Class.forName(CONSUMER, true, SeamedConsumers.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(CONSUMER + " is not there; its jar is incomplete", e);
        }
        Opener registered = opener;
        if (registered == null) {
            throw new IllegalStateException(CONSUMER + " has registered no constructor");
        }
        return registered;
    }
}

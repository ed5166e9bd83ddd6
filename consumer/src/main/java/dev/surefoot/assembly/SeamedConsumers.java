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
 * <p>{@code SurefootConsumer} has no public constructor that takes {@link Seams}, since an internal type would then be
 * part of the public API. It registers its private constructor here when its class is initialized. This package cannot
 * import that class, which imports this package, so it loads the class by its name.
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

    /** Registers the constructor. {@code SurefootConsumer} calls it once, when its class is initialized. */
    public static void register(Opener constructor) {
        opener = constructor;
    }

    /**
     * Opens a consumer, a {@code SurefootConsumer}, which the caller closes.
     *
     * @param keyDeserializer takes the place of {@code key.deserializer}, or null to use that key
     * @param valueDeserializer takes the place of {@code value.deserializer}, or null to use that key
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

package dev.surefoot;

import dev.surefoot.assembly.FailureReason;
import dev.surefoot.assembly.OwnKeys;
import dev.surefoot.assembly.UnknownKeys;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The configuration of a Surefoot consumer: every key of {@link ConsumerConfig} with its standard
 * meaning, default and validation, and the keys that only Surefoot knows, which are the constants here.
 *
 * <p>A key that starts with {@value #PREFIX} and is not known, or that is nearly one of the keys here, is refused: a
 * misspelt bound would otherwise leave its default in force unnoticed. Any other unknown key is kept, since a
 * deserializer may be waiting for it, and {@link #logUnused} names it if nobody was.
 *
 * <p>{@code enable.metrics.push} is accepted, but this version sends no telemetry to brokers (KIP-714), whatever its
 * value.
 *
 * <p>Immutable, and safe from any thread.
 */
public final class SurefootConfig extends AbstractConfig {

    /** What the names of Surefoot's own keys start with, but for {@link #ENABLE_INCREMENTAL_FETCH_SESSIONS_CONFIG}. */
    public static final String PREFIX = OwnKeys.PREFIX;

    /**
     * Whether to fetch through incremental fetch sessions (KIP-227). A boolean, true by default, because a session
     * spares a broker and the network the repetition of every partition in every fetch. With false each fetch lists all
     * of its partitions and no broker keeps state about this consumer; it reads the same records at a higher price.
     */
    public static final String ENABLE_INCREMENTAL_FETCH_SESSIONS_CONFIG = OwnKeys.ENABLE_INCREMENTAL_FETCH_SESSIONS;

    /** The default of {@link #ENABLE_INCREMENTAL_FETCH_SESSIONS_CONFIG}. */
    public static final boolean DEFAULT_ENABLE_INCREMENTAL_FETCH_SESSIONS =
            OwnKeys.DEFAULT_ENABLE_INCREMENTAL_FETCH_SESSIONS;

    /**
     * The most bytes of fetched data to hold for the application, over all partitions; at least 1 MiB. The room for an
     * answer is reserved before its fetch is sent, so a slow application costs this much memory and no more.
     *
     * <p>All consumers of a JVM together take no more than half of its direct memory ({@code -XX:MaxDirectMemorySize},
     * or as much as the maximum heap where that is not given). Those that fetch share it equally; what one of them may
     * not have by this setting is for the others. So a consumer holds as much as is set here or its share, whichever is
     * less.
     *
     * <p>The default is 64 MiB, or half of the JVM's direct memory when that is less. With 64 MiB, one broker is asked
     * for up to 17 MiB at a time, so that one answer can be read, one wait and one be under way. It is a bound, not a
     * target: while the application is busy and has two answers of a broker before it, no third one is asked for.
     * Smaller values work, down to less than {@code max.partition.fetch.bytes}: a fetch asks for no more than there is
     * room for. What a broker sends is then bounded by that, save for a first batch which alone is larger: it is sent
     * and accepted whole, so that a large batch never stops a partition (KIP-74).
     */
    public static final String BUFFER_BYTES_CONFIG = OwnKeys.BUFFER_BYTES;

    /**
     * The default of {@link #BUFFER_BYTES_CONFIG} in this JVM: 64 MiB, or half of its direct memory when that is less.
     */
    public static final long DEFAULT_BUFFER_BYTES = OwnKeys.DEFAULT_BUFFER_BYTES;

    /**
     * The most bytes that one record of a compressed batch may have; at least 1 MiB. A record that claims more fails
     * the poll with an error that names its topic, partition and offset, since a few kilobytes on the wire can
     * otherwise ask for all of the heap. A batch may unpack to any size: beyond 4 MiB it is unpacked a piece at a time.
     *
     * <p>The default is half of the maximum heap: a record is in memory twice while it is copied for the application.
     */
    public static final String DECOMPRESSED_BATCH_MAX_BYTES_CONFIG = OwnKeys.DECOMPRESSED_BATCH_MAX_BYTES;

    /** The default of {@link #DECOMPRESSED_BATCH_MAX_BYTES_CONFIG} in this JVM: half of the maximum heap. */
    public static final int DEFAULT_DECOMPRESSED_BATCH_MAX_BYTES = OwnKeys.DEFAULT_DECOMPRESSED_BATCH_MAX_BYTES;

    /**
     * How many threads decompress batches before the application gets to them; from 0 to 64. They start with the first
     * compressed batch of some size, and run only where there is a compressed batch to read. What they have
     * decompressed takes a quarter of {@value #BUFFER_BYTES_CONFIG} at most, and no more than 16 MiB, on the heap.
     *
     * <p>The default is 1, or 0 where the JVM has one processor. The application's thread decompresses whatever is not
     * begun when it comes to it, and with 0 everything.
     */
    public static final String DECOMPRESSION_THREADS_CONFIG = OwnKeys.DECOMPRESSION_THREADS;

    /** The default of {@link #DECOMPRESSION_THREADS_CONFIG} in this JVM: 1, or 0 where it has one processor. */
    public static final int DEFAULT_DECOMPRESSION_THREADS = OwnKeys.DEFAULT_DECOMPRESSION_THREADS;

    /**
     * How long a broker may stay silent about a partition within a live fetch session, in milliseconds, before the
     * partition is announced to it anew; at least 1000.
     *
     * <p>Silence in a session means "nothing new", and a broker that lost a partition from its session is just as
     * silent. The default, 60000, bounds such a loss to a minute, at the price of one entry a minute per idle partition
     * in a request and one in its answer.
     */
    public static final String SESSION_AUDIT_INTERVAL_MS_CONFIG = OwnKeys.SESSION_AUDIT_INTERVAL_MS;

    /** The default of {@link #SESSION_AUDIT_INTERVAL_MS_CONFIG}: one minute. */
    public static final long DEFAULT_SESSION_AUDIT_INTERVAL_MS = OwnKeys.DEFAULT_SESSION_AUDIT_INTERVAL_MS;

    /**
     * The default of {@code receive.buffer.bytes}: -1, which leaves the size to the operating system. Kafka's own
     * consumer asks for 64 KiB, which switches off the automatic sizing of Linux and holds a fast link, or a long one,
     * to a fraction of what it could carry; {@code docs/performance.md} has the figures.
     */
    public static final int DEFAULT_RECEIVE_BUFFER_BYTES = OwnKeys.DEFAULT_RECEIVE_BUFFER_BYTES;

    private static final ConfigDef DEFINITION = OwnKeys.definition();

    private static final UnknownKeys UNKNOWN_KEYS = UnknownKeys.in(DEFINITION);

    private static final Logger log = LoggerFactory.getLogger(SurefootConfig.class);

    private static long lastClientNumber;

    private SurefootConfig(Map<String, Object> given) {
        super(DEFINITION, given);
    }

    /**
     * Reads a configuration.
     *
     * @param given keys and values, a map or {@link java.util.Properties} (of which, as in {@code KafkaConsumer}, the
     *     entries count and the defaults behind them do not)
     * @param keyDeserializer takes the place of {@code key.deserializer}, or null if that is to be used
     * @param valueDeserializer takes the place of {@code value.deserializer}, or null if that is to be used
     * @throws ConfigException if a key or a value is missing, misspelt or out of its range
     * @throws KafkaException if a provider of configuration fails
     * @throws org.apache.kafka.common.errors.InvalidConfigurationException if auto-commit is asked for without a group
     * @throws UnsupportedOperationException if the configuration asks for what this version cannot do
     */
    public static SurefootConfig of(
            Map<?, ?> given, @Nullable Deserializer<?> keyDeserializer, @Nullable Deserializer<?> valueDeserializer) {
        Map<String, Object> copy = withStringKeys(given);
        putDeserializer(copy, ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, keyDeserializer);
        putDeserializer(copy, ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, valueDeserializer);
        UNKNOWN_KEYS.refuse(copy.keySet());
        refuseWhatIsNotBuiltYet(copy);
        try {
            return new SurefootConfig(copy);
        } catch (KafkaException e) {
            throw e;
        } catch (RuntimeException | LinkageError e) { // from a provider of configuration, or a class that it names
            throw new KafkaException(
                    "The configuration cannot be read: " + FailureReason.of(e)
                            + ". If it names config.providers, look at those classes and at what they were asked for;"
                            + " otherwise at the class in the cause.",
                    e);
        }
    }

    /** Returns a copy of the definition of every key: those of {@link ConsumerConfig} and those of Surefoot. */
    public static ConfigDef configDef() {
        return new ConfigDef(DEFINITION);
    }

    /** Warns of the keys that were given and that nothing has read so far, and says what to do about them. */
    @Override
    public void logUnused() {
        UNKNOWN_KEYS.complaint(unused()).ifPresent(log::warn);
    }

    /**
     * Lets {@link ConsumerConfig} itself apply the rules that involve several keys, so that they are those of the
     * kafka-clients in use, whichever release that is.
     */
    @Override
    protected Map<String, Object> postProcessParsedConfig(Map<String, Object> parsed) {
        Map<String, Object> standard = originals();
        // They are resolved by now, and a resolved value must not be taken for a reference once more.
        standard.keySet().removeIf(key -> key.startsWith(CONFIG_PROVIDERS_CONFIG));
        if ("".equals(parsed.get(ConsumerConfig.CLIENT_ID_CONFIG))) {
            standard.put(ConsumerConfig.CLIENT_ID_CONFIG, nextClientId());
        }
        standard.put(ConsumerConfig.RECEIVE_BUFFER_CONFIG, parsed.get(ConsumerConfig.RECEIVE_BUFFER_CONFIG));
        Map<String, Object> processed = new HashMap<>(new StandardConfig(standard).values());
        processed.remove(CONFIG_PROVIDERS_CONFIG);
        return processed;
    }

    private static void refuseWhatIsNotBuiltYet(Map<String, Object> given) {
        for (String key : List.of(ConsumerConfig.GROUP_ID_CONFIG, ConsumerConfig.GROUP_INSTANCE_ID_CONFIG)) {
            if (given.get(key) != null) {
                throw new UnsupportedOperationException(key + " is set to '" + given.get(key)
                        + "', but consumer groups are not built yet in this version of Surefoot. Remove " + key
                        + ", choose partitions with assign(), keep offsets in a store of your own and return to them"
                        + " with seek(); or use KafkaConsumer where a group is needed.");
            }
        }
    }

    private static Map<String, Object> withStringKeys(Map<?, ?> given) {
        if (given == null) {
            throw new ConfigException("The configuration is null. Pass the keys and values of ConsumerConfig.");
        }
        Map<String, Object> copy = new HashMap<>();
        for (Map.Entry<?, ?> entry : given.entrySet()) {
            if (!(entry.getKey() instanceof String key)) {
                // The value stays out of the message: it may be a secret.
                throw new ConfigException("Configuration keys must be strings, but there is the key '" + entry.getKey()
                        + "' of "
                        + (entry.getKey() == null
                                ? "no class"
                                : entry.getKey().getClass().getName())
                        + ". Remove it, or give the key as a string.");
            }
            copy.put(key, entry.getValue());
        }
        return copy;
    }

    private static void putDeserializer(Map<String, Object> given, String key, @Nullable Deserializer<?> instance) {
        if (instance != null) {
            given.put(key, instance.getClass());
        } else if (given.get(key) == null) {
            throw new ConfigException(
                    key, null, "must be non-null. Set it to a class, or pass a deserializer to the constructor.");
        }
    }

    private static synchronized String nextClientId() {
        lastClientNumber++;
        return "surefoot-consumer-" + lastClientNumber;
    }

    /** Kafka's own reading of the same configuration, which does not log the values a second time. */
    private static final class StandardConfig extends ConsumerConfig {
        StandardConfig(Map<String, Object> given) {
            super(given, false);
        }
    }
}

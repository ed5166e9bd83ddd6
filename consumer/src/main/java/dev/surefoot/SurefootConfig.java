package dev.surefoot;

import dev.surefoot.assembly.BadRecordRules;
import dev.surefoot.assembly.FailureReason;
import dev.surefoot.assembly.GroupRules;
import dev.surefoot.assembly.HandlerKind;
import dev.surefoot.assembly.OwnKeys;
import dev.surefoot.assembly.UnknownKeys;
import java.util.HashMap;
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
 * The configuration of a Surefoot consumer: every key of {@link ConsumerConfig} with its standard meaning, default and
 * validation, and the keys that only Surefoot has, which are the constants here.
 *
 * <p>An unknown key that starts with {@value #PREFIX}, or that nearly equals one of the keys here, is refused: a
 * misspelt bound would otherwise leave its default in force unnoticed. Any other unknown key is kept, since a
 * deserializer may read it. {@link #logUnused} names the keys that nothing has read.
 *
 * <p>Immutable, and safe from any thread.
 */
public final class SurefootConfig extends AbstractConfig {

    /** The prefix of Surefoot's own keys, except {@link #ENABLE_INCREMENTAL_FETCH_SESSIONS_CONFIG}. */
    public static final String PREFIX = OwnKeys.PREFIX;

    /**
     * Whether to fetch through incremental fetch sessions (KIP-227). A boolean, true by default, because a session
     * spares a broker and the network the repetition of every partition in every fetch. With false each fetch lists all
     * of its partitions and no broker keeps state about this consumer; the consumer reads the same records at a higher
     * cost.
     */
    public static final String ENABLE_INCREMENTAL_FETCH_SESSIONS_CONFIG = OwnKeys.ENABLE_INCREMENTAL_FETCH_SESSIONS;

    /** The default of {@link #ENABLE_INCREMENTAL_FETCH_SESSIONS_CONFIG}. */
    public static final boolean DEFAULT_ENABLE_INCREMENTAL_FETCH_SESSIONS =
            OwnKeys.DEFAULT_ENABLE_INCREMENTAL_FETCH_SESSIONS;

    /**
     * The most bytes of fetched data to hold for the application, over all partitions; at least 1 MiB. The memory for
     * an answer is reserved before its fetch is sent, so a slow application takes no more than this.
     *
     * <p>All consumers of a JVM together take at most half of its direct memory ({@code -XX:MaxDirectMemorySize}, or
     * the maximum heap where that is not set). The consumers that fetch share it equally. What a consumer's own setting
     * excludes is left for the others. So a consumer holds at most the smaller of this setting and its share.
     *
     * <p>The default is 64 MiB, or half of the JVM's direct memory when that is less. With 64 MiB, one broker is asked
     * for up to 17 MiB at a time, so that the application can read one answer while a second waits and a third is under
     * way. The setting is a bound, not a target: while the application is busy and has two answers of a broker to read,
     * no third one is requested. It may be smaller than {@code max.partition.fetch.bytes}: a fetch asks for no more
     * than there is memory for, and the broker's answer is bounded by that. One exception: a first batch that alone is
     * larger is sent and accepted whole, so that a large batch never stops a partition (KIP-74).
     */
    public static final String BUFFER_BYTES_CONFIG = OwnKeys.BUFFER_BYTES;

    /**
     * The default of {@link #BUFFER_BYTES_CONFIG} in this JVM: 64 MiB, or half of its direct memory when that is less.
     */
    public static final long DEFAULT_BUFFER_BYTES = OwnKeys.DEFAULT_BUFFER_BYTES;

    /**
     * The most bytes that one record of a compressed batch may have; at least 1 MiB. A record that claims more fails
     * the poll with an error that names its topic, partition and offset. Otherwise a few kilobytes on the wire could
     * claim all of the heap. A batch may decompress to any size: beyond 4 MiB it is decompressed a piece at a time.
     *
     * <p>The default is half of the maximum heap: a record is in memory twice while it is copied for the application.
     */
    public static final String DECOMPRESSED_BATCH_MAX_BYTES_CONFIG = OwnKeys.DECOMPRESSED_BATCH_MAX_BYTES;

    /** The default of {@link #DECOMPRESSED_BATCH_MAX_BYTES_CONFIG} in this JVM: half of the maximum heap. */
    public static final int DEFAULT_DECOMPRESSED_BATCH_MAX_BYTES = OwnKeys.DEFAULT_DECOMPRESSED_BATCH_MAX_BYTES;

    /**
     * How many threads decompress batches before the application reads them; from 0 to 64. They start with the first
     * compressed batch of at least 2 KiB, and run only while there is a compressed batch to decompress. The
     * decompressed data takes at most a quarter of {@value #BUFFER_BYTES_CONFIG}, and at most 16 MiB, on the heap.
     *
     * <p>The default is 1, or 0 where the JVM has one processor. The application's thread decompresses each batch that
     * no thread has begun when its turn comes; with 0 it decompresses all of them.
     */
    public static final String DECOMPRESSION_THREADS_CONFIG = OwnKeys.DECOMPRESSION_THREADS;

    /** The default of {@link #DECOMPRESSION_THREADS_CONFIG} in this JVM: 1, or 0 where it has one processor. */
    public static final int DEFAULT_DECOMPRESSION_THREADS = OwnKeys.DEFAULT_DECOMPRESSION_THREADS;

    /**
     * How long a broker may stay silent about a partition within a live fetch session, in milliseconds, before the
     * partition is announced to it anew; at least 1000.
     *
     * <p>In a session an absent partition means "nothing new", and a broker that lost a partition from its session
     * leaves it out too. The default, 60000, bounds such a loss to a minute. It costs one entry per idle partition and
     * minute in a request, and one in its answer.
     */
    public static final String SESSION_AUDIT_INTERVAL_MS_CONFIG = OwnKeys.SESSION_AUDIT_INTERVAL_MS;

    /** The default of {@link #SESSION_AUDIT_INTERVAL_MS_CONFIG}: one minute. */
    public static final long DEFAULT_SESSION_AUDIT_INTERVAL_MS = OwnKeys.DEFAULT_SESSION_AUDIT_INTERVAL_MS;

    /**
     * What to do about a record that a deserializer refuses, and about a batch that is damaged, cannot be decompressed
     * or has a record that is too large. {@code fail}, the default: {@code poll} throws and the position stays, as with
     * Kafka's consumer. {@code skip}: the record, or the rest of the batch, is logged, counted and passed over.
     * {@code dead-letter}: it is given to {@link #ON_BAD_RECORD_HANDLER_CONFIG} first.
     *
     * <p>A batch that fails its checksum is passed over only if a second fetch brings the same bytes and the log goes
     * on where the batch says that it ends. A batch whose length is damaged is never passed over.
     */
    public static final String ON_BAD_RECORD_CONFIG = OwnKeys.ON_BAD_RECORD;

    /** The default of {@link #ON_BAD_RECORD_CONFIG}: {@code fail}. */
    public static final String DEFAULT_ON_BAD_RECORD = OwnKeys.DEFAULT_ON_BAD_RECORD;

    /**
     * The {@link BadRecordHandler} for {@code dead-letter}, and for no other value of {@link #ON_BAD_RECORD_CONFIG}:
     * the name of a class with a public constructor without parameters, the class, or an instance. An instance is used
     * as it is, without a call of {@code configure}.
     */
    public static final String ON_BAD_RECORD_HANDLER_CONFIG = OwnKeys.ON_BAD_RECORD_HANDLER;

    /**
     * How many bad records and batches may be passed over in a row, without one good record between them in any
     * partition; at least 1. Beyond it, {@code poll} throws for every bad record of this consumer, as with
     * {@code fail}: then what reads the data may be at fault, and not the data. Beyond 100 in one hour in one partition
     * it does so for that partition.
     */
    public static final String ON_BAD_RECORD_BREAKER_CONFIG = OwnKeys.ON_BAD_RECORD_BREAKER;

    /** The default of {@link #ON_BAD_RECORD_BREAKER_CONFIG}: 10. */
    public static final int DEFAULT_ON_BAD_RECORD_BREAKER = OwnKeys.DEFAULT_ON_BAD_RECORD_BREAKER;

    /**
     * What a member of a group does when no heartbeat was answered for a whole session, so that the group may have
     * given its partitions to others: {@code continue}, the default, goes on reading as Kafka's consumer does;
     * {@code stop} gives them up as lost and joins anew.
     */
    public static final String GROUP_LEASE_LAPSED_CONFIG = OwnKeys.GROUP_LEASE_LAPSED;

    /** The default of {@link #GROUP_LEASE_LAPSED_CONFIG}: {@code continue}. */
    public static final String DEFAULT_GROUP_LEASE_LAPSED = OwnKeys.DEFAULT_GROUP_LEASE_LAPSED;

    /**
     * How long a partition may make no progress, in milliseconds, before a cause that may pass by itself counts as a
     * stall in {@link SurefootConsumer#progress()}; at least 1000. A broker that fails takes 10 to 14 seconds until a
     * new leader is known, so the default is 20000.
     */
    public static final String STALL_PATIENCE_MS_CONFIG = OwnKeys.STALL_PATIENCE_MS;

    /** The default of {@link #STALL_PATIENCE_MS_CONFIG}: 20 seconds, in milliseconds. */
    public static final long DEFAULT_STALL_PATIENCE_MS = OwnKeys.DEFAULT_STALL_PATIENCE_MS;

    /**
     * What the consumer does by itself for a partition that makes no progress although it might: {@code off}, {@code
     * session}, {@code connection} or {@code reset}, each of which does more than the one before. No step skips or
     * repeats a record.
     */
    public static final String RECOVERY_CONFIG = OwnKeys.RECOVERY;

    /** The default of {@link #RECOVERY_CONFIG}: {@code connection}. */
    public static final String DEFAULT_RECOVERY = OwnKeys.DEFAULT_RECOVERY;

    /**
     * Whether to ask brokers about a transaction that keeps a partition from being read for more than 10 seconds; true
     * by default. At most once a minute for a partition, with one request to its leader, one to
     * each broker and two more.
     */
    public static final String TRANSACTION_DIAGNOSIS_CONFIG = OwnKeys.TRANSACTION_DIAGNOSIS;

    /** The default of {@link #TRANSACTION_DIAGNOSIS_CONFIG}: true. */
    public static final boolean DEFAULT_TRANSACTION_DIAGNOSIS = OwnKeys.DEFAULT_TRANSACTION_DIAGNOSIS;

    /**
     * How many partitions have metrics of their own in the group {@code surefoot-progress-metrics}; 0 or more, 1000 by
     * default. The figures of all partitions together are there in any case.
     */
    public static final String PROGRESS_METRICS_PARTITIONS_MAX_CONFIG = OwnKeys.PROGRESS_METRICS_PARTITIONS_MAX;

    /** The default of {@link #PROGRESS_METRICS_PARTITIONS_MAX_CONFIG}: 100. */
    public static final int DEFAULT_PROGRESS_METRICS_PARTITIONS_MAX = OwnKeys.DEFAULT_PROGRESS_METRICS_PARTITIONS_MAX;

    /**
     * The default of {@code receive.buffer.bytes}: -1, which leaves the size to the operating system. Kafka's own
     * consumer asks for 64 KiB. That switches off the automatic sizing of Linux and holds a fast or long link to a
     * fraction of its bandwidth; {@code docs/performance.md} has the figures.
     */
    public static final int DEFAULT_RECEIVE_BUFFER_BYTES = OwnKeys.DEFAULT_RECEIVE_BUFFER_BYTES;

    private static final ConfigDef DEFINITION = OwnKeys.definition();

    private static final UnknownKeys UNKNOWN_KEYS = UnknownKeys.in(DEFINITION);

    private static final Logger log = LoggerFactory.getLogger(SurefootConfig.class);

    private static long lastClientNumber;

    private final @Nullable BadRecordHandler givenHandler;

    private SurefootConfig(Map<String, Object> given, @Nullable BadRecordHandler handler) {
        super(DEFINITION, given);
        givenHandler = handler;
    }

    /**
     * Reads a configuration.
     *
     * @param given keys and values: a map, or {@link java.util.Properties}, whose defaults are ignored as in
     *     {@code KafkaConsumer}
     * @param keyDeserializer takes the place of {@code key.deserializer}, or null to use that key
     * @param valueDeserializer takes the place of {@code value.deserializer}, or null to use that key
     * @throws ConfigException if a key or a value is missing, misspelt or out of its range
     * @throws KafkaException if a provider of configuration fails
     * @throws org.apache.kafka.common.errors.InvalidConfigurationException if auto-commit is set without a group
     * @throws org.apache.kafka.common.errors.InvalidGroupIdException if {@code group.id} is blank
     */
    public static SurefootConfig of(
            Map<?, ?> given, @Nullable Deserializer<?> keyDeserializer, @Nullable Deserializer<?> valueDeserializer) {
        Map<String, Object> copy = withStringKeys(given);
        putDeserializer(copy, ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, keyDeserializer);
        putDeserializer(copy, ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, valueDeserializer);
        BadRecordHandler handler = null;
        if (copy.get(ON_BAD_RECORD_HANDLER_CONFIG) instanceof BadRecordHandler instance) {
            handler = instance;
            copy.put(ON_BAD_RECORD_HANDLER_CONFIG, instance.getClass());
        }
        UNKNOWN_KEYS.refuse(copy.keySet());
        try {
            SurefootConfig config = new SurefootConfig(copy, handler);
            GroupRules.check(config);
            BadRecordRules.check(config);
            return config;
        } catch (KafkaException | IllegalArgumentException e) {
            throw e;
        } catch (Exception | LinkageError e) { // from a provider of configuration, or a class that it names
            throw new KafkaException(
                    "The configuration cannot be read: " + FailureReason.of(e)
                            + ". If it names config.providers, look at those classes and at what they were asked for;"
                            + " otherwise at the class in the cause.",
                    e);
        }
    }

    /** The handler of bad records, or the class to make one of. */
    HandlerKind<BadRecordHandler> badRecordHandler() {
        return new HandlerKind<>(BadRecordHandler.class, givenHandler, HandlerOfUnits::new);
    }

    /** Returns a copy of the definition of every key: those of {@link ConsumerConfig} and those of Surefoot. */
    public static ConfigDef configDef() {
        return new ConfigDef(DEFINITION);
    }

    /** Logs a warning that names the given keys that nothing has read so far, and says what to do about them. */
    @Override
    public void logUnused() {
        UNKNOWN_KEYS.complaint(unused()).ifPresent(log::warn);
    }

    /**
     * Applies the rules that involve several keys by making a {@link ConsumerConfig}, so that the rules are those of
     * the kafka-clients in use.
     */
    @Override
    protected Map<String, Object> postProcessParsedConfig(Map<String, Object> parsed) {
        Map<String, Object> standard = originals();
        // The values are resolved by now. A second pass could take a resolved value for a reference.
        standard.keySet().removeIf(key -> key.startsWith(CONFIG_PROVIDERS_CONFIG));
        if ("".equals(parsed.get(ConsumerConfig.CLIENT_ID_CONFIG))
                && parsed.get(ConsumerConfig.GROUP_ID_CONFIG) == null) {
            standard.put(ConsumerConfig.CLIENT_ID_CONFIG, nextClientId());
        }
        standard.put(ConsumerConfig.RECEIVE_BUFFER_CONFIG, parsed.get(ConsumerConfig.RECEIVE_BUFFER_CONFIG));
        Map<String, Object> processed = new HashMap<>(new StandardConfig(standard).values());
        processed.remove(CONFIG_PROVIDERS_CONFIG);
        return processed;
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

    /** Kafka's own view of the same configuration. It does not log the values a second time. */
    private static final class StandardConfig extends ConsumerConfig {
        StandardConfig(Map<String, Object> given) {
            super(given, false);
        }
    }
}

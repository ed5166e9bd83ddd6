package dev.surefoot.assembly;

import dev.surefoot.core.engine.EngineSettings;
import dev.surefoot.core.guard.GuardSettings;
import dev.surefoot.core.guard.RecoveryLevel;
import dev.surefoot.net.KafkaTransport;
import dev.surefoot.runtime.RuntimeSettings;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.ValidString;

/**
 * The configuration keys that no other consumer has: names, types, defaults, ranges, documentation and the settings
 * that they become, and the definition of all keys together. {@code SurefootConfig} shows the names and the defaults
 * to programs.
 */
public final class OwnKeys {
    /** The prefix of these keys, except {@link #ENABLE_INCREMENTAL_FETCH_SESSIONS}. */
    public static final String PREFIX = "surefoot.";

    public static final String ENABLE_INCREMENTAL_FETCH_SESSIONS = "enable.incremental.fetch.sessions";
    public static final String BUFFER_BYTES = PREFIX + "buffer.bytes";
    public static final String DECOMPRESSED_BATCH_MAX_BYTES = PREFIX + "decompressed.batch.max.bytes";
    public static final String DECOMPRESSION_THREADS = PREFIX + "decompression.threads";
    public static final String SESSION_AUDIT_INTERVAL_MS = PREFIX + "session.audit.interval.ms";

    public static final String ON_BAD_RECORD = PREFIX + "on.bad.record";
    public static final String ON_BAD_RECORD_HANDLER = PREFIX + "on.bad.record.handler";
    public static final String ON_BAD_RECORD_BREAKER = PREFIX + "on.bad.record.breaker";

    public static final String GROUP_LEASE_LAPSED = PREFIX + "group.lease.lapsed";
    public static final String STALL_PATIENCE_MS = PREFIX + "stall.patience.ms";

    public static final String TRANSACTION_DIAGNOSIS = PREFIX + "transaction.diagnosis";
    public static final String RECOVERY = PREFIX + "recovery";
    public static final String PROGRESS_METRICS_PARTITIONS_MAX = PREFIX + "progress.metrics.partitions.max";

    private static final long MEBIBYTE = 1L << 20;

    /** In bytes: the largest array that every JVM can make. A record is decompressed into one. */
    private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

    /** Each thread takes a share of the bounded memory. With more threads the shares are too small for a batch. */
    private static final int DECOMPRESSION_THREADS_MAX = 64;

    public static final boolean DEFAULT_ENABLE_INCREMENTAL_FETCH_SESSIONS = true;
    public static final long DEFAULT_BUFFER_BYTES = bufferBytes(KafkaTransport.sharedBufferBytes());
    public static final int DEFAULT_DECOMPRESSED_BATCH_MAX_BYTES =
            decompressedBatchMaxBytes(Runtime.getRuntime().maxMemory());
    public static final int DEFAULT_DECOMPRESSION_THREADS =
            decompressionThreads(Runtime.getRuntime().availableProcessors());
    public static final long DEFAULT_SESSION_AUDIT_INTERVAL_MS = 60_000;

    public static final String DEFAULT_ON_BAD_RECORD = "fail";
    public static final int DEFAULT_ON_BAD_RECORD_BREAKER = 10;
    static final String DEAD_LETTER = "dead-letter";
    private static final String SKIP = "skip";

    public static final String DEFAULT_GROUP_LEASE_LAPSED = "continue";
    public static final long DEFAULT_STALL_PATIENCE_MS = 20_000;
    public static final boolean DEFAULT_TRANSACTION_DIAGNOSIS = true;
    public static final String DEFAULT_RECOVERY = "connection";
    public static final int DEFAULT_PROGRESS_METRICS_PARTITIONS_MAX = 100;
    private static final String STOP = "stop";

    /** The default of Kafka's key {@code receive.buffer.bytes}: the operating system chooses the size. */
    public static final int DEFAULT_RECEIVE_BUFFER_BYTES = -1;

    private static final String ENABLE_INCREMENTAL_FETCH_SESSIONS_DOC =
            "Whether to fetch through incremental fetch sessions (KIP-227), in which a request names only the "
                    + "partitions whose state changed. If false, every fetch lists all of its partitions and opens no "
                    + "session.";

    private static final String BUFFER_BYTES_DOC =
            "The most bytes of fetched data to hold for the application, over all partitions. The memory for an answer "
                    + "is reserved before its fetch is sent. May be smaller than "
                    + "<code>max.partition.fetch.bytes</code> and <code>fetch.max.bytes</code>: a fetch asks for no "
                    + "more than there is memory for, and a first batch larger than that is still accepted (KIP-74). "
                    + "In addition, the consumers of a JVM share half of its direct memory. The default is 64 MiB, or "
                    + "half of the direct memory when that is less.";

    private static final String DECOMPRESSED_BATCH_MAX_BYTES_DOC =
            "The most bytes that one record of a compressed batch may have. A record that claims more is an error "
                    + "that names its topic, partition and offset. A batch may decompress to any size: beyond 4 MiB it "
                    + "is decompressed a piece at a time. The default is half of the maximum heap.";

    private static final String DECOMPRESSION_THREADS_DOC =
            "How many threads decompress batches before the application reads them. With 0 the application's thread "
                    + "decompresses everything. The default is 1, or 0 where the JVM has one processor.";

    private static final String SESSION_AUDIT_INTERVAL_MS_DOC =
            "How long a broker may stay silent about a partition within a live fetch session before the partition is "
                    + "announced again, so that a partition lost from a session is detected.";

    private static final String ON_BAD_RECORD_DOC =
            "What to do about a record that a deserializer refuses, and about a batch that is damaged, cannot be "
                    + "decompressed or has a record that is too large. With <code>fail</code> <code>poll</code> throws "
                    + "and the position stays, as with Kafka's consumer. With <code>skip</code> the record, or the "
                    + "rest of the batch, is logged, counted and passed over. With <code>dead-letter</code> it is "
                    + "given to <code>surefoot.on.bad.record.handler</code> first.";

    private static final String ON_BAD_RECORD_HANDLER_DOC =
            "A class that implements <code>dev.surefoot.BadRecordHandler</code>, or an instance of one, for "
                    + "<code>surefoot.on.bad.record=dead-letter</code>.";

    private static final String ON_BAD_RECORD_BREAKER_DOC =
            "How many bad records and batches may be passed over in a row, without one good record between them in any "
                    + "partition. Beyond it, and beyond 100 in one hour in one partition, <code>poll</code> throws as "
                    + "with <code>fail</code>: then what reads the data may be at fault.";

    private static final String GROUP_LEASE_LAPSED_DOC =
            "What a member of a group does when no heartbeat was answered for a whole session, so that the group may "
                    + "have given its partitions to others. With <code>continue</code> it logs that and goes on "
                    + "reading, as Kafka's consumer does; its commits may be refused. With <code>stop</code> it gives "
                    + "its partitions up as lost, and joins anew.";

    private static final String STALL_PATIENCE_MS_DOC =
            "How long a partition may make no progress before a cause that may pass by itself counts as a stall. "
                    + "The failure of a broker takes 10 to 14 seconds until a new leader is known.";

    private static final String RECOVERY_DOC =
            "What the consumer does by itself for a partition that makes no progress although it might. With "
                    + "<code>off</code> it only says why. With <code>session</code> it asks the leader whether there "
                    + "is anything to read, and if so mends the fetch session, at last by fetching without sessions "
                    + "for a while. With <code>connection</code> it also asks for metadata, reads from the leader, "
                    + "validates the position and opens another connection. With <code>reset</code> it also drops "
                    + "what is buffered of the partition and fetches again from the consumed position. No step skips "
                    + "or repeats a record.";

    private static final String TRANSACTION_DIAGNOSIS_DOC =
            "Whether to ask brokers about a transaction that keeps a partition from being read for more than 10 "
                    + "seconds: who its producer is, and whether a coordinator knows it. At most once a minute for a "
                    + "partition, with one request to its leader, one to each broker and two more. Brokers tell of the "
                    + "producer who may read the topic; whether a transaction hangs is known only to who may see all "
                    + "transactions.";

    private static final String PROGRESS_METRICS_PARTITIONS_MAX_DOC =
            "How many partitions have metrics of their own in the group <code>surefoot-progress-metrics</code>. Each "
                    + "has seven, and registries and reporters pay for every one. The figures of all partitions "
                    + "together are there in any case.";

    private OwnKeys() {}

    static int decompressedBatchMaxBytes(long maxHeapBytes) {
        return (int) Math.max(MEBIBYTE, Math.min(LARGEST_ARRAY, maxHeapBytes / 2));
    }

    static long bufferBytes(long sharedBytes) {
        return Math.max(MEBIBYTE, Math.min(64 * MEBIBYTE, sharedBytes));
    }

    static int decompressionThreads(int processors) {
        return processors > 1 ? 1 : 0;
    }

    /** The names of these keys. */
    static List<String> names() {
        return List.of(
                ENABLE_INCREMENTAL_FETCH_SESSIONS,
                BUFFER_BYTES,
                DECOMPRESSED_BATCH_MAX_BYTES,
                DECOMPRESSION_THREADS,
                SESSION_AUDIT_INTERVAL_MS,
                ON_BAD_RECORD,
                ON_BAD_RECORD_HANDLER,
                ON_BAD_RECORD_BREAKER,
                GROUP_LEASE_LAPSED,
                STALL_PATIENCE_MS,
                RECOVERY,
                TRANSACTION_DIAGNOSIS,
                PROGRESS_METRICS_PARTITIONS_MAX);
    }

    /** Whether a member gives its partitions up when its lease has lapsed. */
    static boolean stopsAtLapse(AbstractConfig config) {
        return STOP.equals(config.getString(GROUP_LEASE_LAPSED));
    }

    private static RecoveryLevel recovery(AbstractConfig config) {
        return RecoveryLevel.valueOf(config.getString(RECOVERY).toUpperCase(Locale.ROOT));
    }

    private static String[] recoveries() {
        return Arrays.stream(RecoveryLevel.values())
                .map(level -> level.name().toLowerCase(Locale.ROOT))
                .toArray(String[]::new);
    }

    /** Reads the values of these keys into the settings of the parts that obey them. */
    static void read(AbstractConfig config, EngineSettings.Builder engine, RuntimeSettings.Builder runtime) {
        engine.bufferBytes(config.getLong(BUFFER_BYTES))
                .recovery(recovery(config))
                .transactionDiagnosis(config.getBoolean(TRANSACTION_DIAGNOSIS))
                .guard(new GuardSettings.Timing(
                        ConfiguredSettings.nanos(config, STALL_PATIENCE_MS),
                        ConfiguredSettings.nanos(config, SESSION_AUDIT_INTERVAL_MS),
                        TimeUnit.MILLISECONDS.toNanos(config.getInt(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG)),
                        TimeUnit.MILLISECONDS.toNanos(config.getInt(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG))));
        runtime.sessions(config.getBoolean(ENABLE_INCREMENTAL_FETCH_SESSIONS))
                .auditIntervalNanos(ConfiguredSettings.nanos(config, SESSION_AUDIT_INTERVAL_MS))
                .decompressedBatchMaxBytes(config.getInt(DECOMPRESSED_BATCH_MAX_BYTES))
                .decompressionThreads(config.getInt(DECOMPRESSION_THREADS))
                .progressMetricsPartitionsMax(config.getInt(PROGRESS_METRICS_PARTITIONS_MAX));
    }

    /** Returns a new definition of every key: those of {@link ConsumerConfig} and these. */
    public static ConfigDef definition() {
        ConfigDef keys = new ConfigDef();
        ConsumerConfig.configDef().configKeys().values().stream()
                .filter(key -> !key.name.equals(ConsumerConfig.RECEIVE_BUFFER_CONFIG))
                .forEach(keys::define);
        keys.define(
                        ConsumerConfig.RECEIVE_BUFFER_CONFIG,
                        ConfigDef.Type.INT,
                        DEFAULT_RECEIVE_BUFFER_BYTES,
                        Range.atLeast(-1),
                        Importance.MEDIUM,
                        CommonClientConfigs.RECEIVE_BUFFER_DOC)
                .define(
                        ENABLE_INCREMENTAL_FETCH_SESSIONS,
                        ConfigDef.Type.BOOLEAN,
                        DEFAULT_ENABLE_INCREMENTAL_FETCH_SESSIONS,
                        Importance.MEDIUM,
                        ENABLE_INCREMENTAL_FETCH_SESSIONS_DOC)
                .define(
                        BUFFER_BYTES,
                        ConfigDef.Type.LONG,
                        DEFAULT_BUFFER_BYTES,
                        Range.atLeast(MEBIBYTE),
                        Importance.MEDIUM,
                        BUFFER_BYTES_DOC)
                .define(
                        DECOMPRESSED_BATCH_MAX_BYTES,
                        ConfigDef.Type.INT,
                        DEFAULT_DECOMPRESSED_BATCH_MAX_BYTES,
                        Range.between(MEBIBYTE, LARGEST_ARRAY),
                        Importance.LOW,
                        DECOMPRESSED_BATCH_MAX_BYTES_DOC)
                .define(
                        DECOMPRESSION_THREADS,
                        ConfigDef.Type.INT,
                        DEFAULT_DECOMPRESSION_THREADS,
                        Range.between(0, DECOMPRESSION_THREADS_MAX),
                        Importance.LOW,
                        DECOMPRESSION_THREADS_DOC)
                .define(
                        SESSION_AUDIT_INTERVAL_MS,
                        ConfigDef.Type.LONG,
                        DEFAULT_SESSION_AUDIT_INTERVAL_MS,
                        Range.atLeast(1000),
                        Importance.LOW,
                        SESSION_AUDIT_INTERVAL_MS_DOC)
                .define(
                        GROUP_LEASE_LAPSED,
                        ConfigDef.Type.STRING,
                        DEFAULT_GROUP_LEASE_LAPSED,
                        ValidString.in(DEFAULT_GROUP_LEASE_LAPSED, STOP),
                        Importance.LOW,
                        GROUP_LEASE_LAPSED_DOC);
        return withGuard(withBadRecords(keys));
    }

    private static ConfigDef withBadRecords(ConfigDef keys) {
        return keys.define(
                        ON_BAD_RECORD,
                        ConfigDef.Type.STRING,
                        DEFAULT_ON_BAD_RECORD,
                        ValidString.in(DEFAULT_ON_BAD_RECORD, SKIP, DEAD_LETTER),
                        Importance.MEDIUM,
                        ON_BAD_RECORD_DOC)
                .define(ON_BAD_RECORD_HANDLER, ConfigDef.Type.CLASS, null, Importance.LOW, ON_BAD_RECORD_HANDLER_DOC)
                .define(
                        ON_BAD_RECORD_BREAKER,
                        ConfigDef.Type.INT,
                        DEFAULT_ON_BAD_RECORD_BREAKER,
                        Range.atLeast(1),
                        Importance.LOW,
                        ON_BAD_RECORD_BREAKER_DOC);
    }

    private static ConfigDef withGuard(ConfigDef keys) {
        return keys.define(
                        STALL_PATIENCE_MS,
                        ConfigDef.Type.LONG,
                        DEFAULT_STALL_PATIENCE_MS,
                        Range.atLeast(1000),
                        Importance.LOW,
                        STALL_PATIENCE_MS_DOC)
                .define(
                        RECOVERY,
                        ConfigDef.Type.STRING,
                        DEFAULT_RECOVERY,
                        ValidString.in(recoveries()),
                        Importance.MEDIUM,
                        RECOVERY_DOC)
                .define(
                        TRANSACTION_DIAGNOSIS,
                        ConfigDef.Type.BOOLEAN,
                        DEFAULT_TRANSACTION_DIAGNOSIS,
                        Importance.LOW,
                        TRANSACTION_DIAGNOSIS_DOC)
                .define(
                        PROGRESS_METRICS_PARTITIONS_MAX,
                        ConfigDef.Type.INT,
                        DEFAULT_PROGRESS_METRICS_PARTITIONS_MAX,
                        Range.atLeast(0),
                        Importance.LOW,
                        PROGRESS_METRICS_PARTITIONS_MAX_DOC);
    }
}

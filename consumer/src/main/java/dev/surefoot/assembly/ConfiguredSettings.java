package dev.surefoot.assembly;

import dev.surefoot.core.engine.EngineSettings;
import dev.surefoot.core.engine.RequestTimeouts;
import dev.surefoot.core.fetch.Fetcher;
import dev.surefoot.core.group.GroupSettings;
import dev.surefoot.core.position.ResetStrategy;
import dev.surefoot.runtime.Assignors;
import dev.surefoot.runtime.GroupOptions;
import dev.surefoot.runtime.RuntimeSettings;
import dev.surefoot.wire.FetchSettings;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.AbstractConfig;

/**
 * Reads the settings of the runtime from a configuration, in the units that the runtime uses: those of Kafka's keys
 * here, those of Surefoot's own keys in {@link OwnKeys#read}.
 */
final class ConfiguredSettings {
    private static final String READ_COMMITTED = "read_committed";
    private static final String BY_DURATION = "by_duration:";

    /** Longer times are cut to this one: the clock's nanoseconds plus this time do not overflow. */
    private static final Duration LONGEST = Duration.ofDays(365 * 100);

    private final AbstractConfig config;

    ConfiguredSettings(AbstractConfig config) {
        this.config = config;
    }

    /** @param assignors those of {@code partition.assignment.strategy}, none in the consumer protocol */
    RuntimeSettings runtime(Assignors assignors) {
        boolean readCommitted = READ_COMMITTED.equals(
                config.getString(ConsumerConfig.ISOLATION_LEVEL_CONFIG).toLowerCase(Locale.ROOT));
        EngineSettings.Builder engine = engine(readCommitted);
        RuntimeSettings.Builder runtime =
                RuntimeSettings.builder(config.getString(ConsumerConfig.CLIENT_ID_CONFIG), System.nanoTime());
        OwnKeys.read(config, engine, runtime);
        String groupId = config.getString(ConsumerConfig.GROUP_ID_CONFIG);
        if (groupId != null) {
            engine.group(group(groupId, assignors), Uuid.randomUuid());
        }
        runtime.group(new GroupOptions(
                groupId != null && config.getBoolean(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG),
                TimeUnit.MILLISECONDS.toNanos(config.getInt(ConsumerConfig.AUTO_COMMIT_INTERVAL_MS_CONFIG)),
                TimeUnit.MILLISECONDS.toNanos(config.getInt(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG))));
        return runtime.engine(engine.build())
                .fetch(new FetchSettings(
                        config.getInt(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG),
                        config.getInt(ConsumerConfig.FETCH_MIN_BYTES_CONFIG),
                        readCommitted,
                        config.getString(ConsumerConfig.CLIENT_RACK_CONFIG)))
                .checkCrcs(config.getBoolean(ConsumerConfig.CHECK_CRCS_CONFIG))
                .maxPollRecords(config.getInt(ConsumerConfig.MAX_POLL_RECORDS_CONFIG))
                .build();
    }

    private EngineSettings.Builder engine(boolean readCommitted) {
        return EngineSettings.builder()
                .reset(resetStrategy(config.getString(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG)))
                .readCommitted(readCommitted)
                .excludeInternalTopics(config.getBoolean(ConsumerConfig.EXCLUDE_INTERNAL_TOPICS_CONFIG))
                .allowAutoTopicCreation(config.getBoolean(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG))
                .rebootstrap("rebootstrap"
                        .equalsIgnoreCase(config.getString(CommonClientConfigs.METADATA_RECOVERY_STRATEGY_CONFIG)))
                .rebootstrapTriggerNanos(
                        nanos(config, CommonClientConfigs.METADATA_RECOVERY_REBOOTSTRAP_TRIGGER_MS_CONFIG))
                .metadataMaxAgeNanos(nanos(config, ConsumerConfig.METADATA_MAX_AGE_CONFIG))
                .retryBackoffNanos(nanos(config, ConsumerConfig.RETRY_BACKOFF_MS_CONFIG))
                .retryBackoffMaxNanos(nanos(config, ConsumerConfig.RETRY_BACKOFF_MAX_MS_CONFIG))
                .fetchMaxBytes(config.getInt(ConsumerConfig.FETCH_MAX_BYTES_CONFIG))
                .fetchLimits(new Fetcher.Limits(
                        config.getInt(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG),
                        nanos(config, ConsumerConfig.METADATA_MAX_AGE_CONFIG)))
                .timeouts(timeouts());
    }

    private GroupSettings group(String groupId, Assignors assignors) {
        String rack = config.getString(ConsumerConfig.CLIENT_RACK_CONFIG);
        return new GroupSettings(
                groupId,
                config.getString(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG),
                rack.isEmpty() ? null : rack,
                protocol(config),
                new GroupSettings.Timing(
                        config.getInt(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG),
                        config.getInt(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG),
                        config.getInt(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG),
                        timeouts().answerNanos(),
                        nanos(config, ConsumerConfig.RETRY_BACKOFF_MS_CONFIG),
                        nanos(config, ConsumerConfig.RETRY_BACKOFF_MAX_MS_CONFIG)),
                assignors.names(),
                assignors.isCooperative(),
                config.getString(ConsumerConfig.GROUP_REMOTE_ASSIGNOR_CONFIG),
                OwnKeys.stopsAtLapse(config));
    }

    /** The {@code group.protocol}. */
    static GroupSettings.Protocol protocol(AbstractConfig config) {
        return GroupSettings.Protocol.valueOf(
                config.getString(ConsumerConfig.GROUP_PROTOCOL_CONFIG).toUpperCase(Locale.ROOT));
    }

    private RequestTimeouts timeouts() {
        long answerNanos = TimeUnit.MILLISECONDS.toNanos(config.getInt(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG));
        long heldBackNanos = TimeUnit.MILLISECONDS.toNanos(config.getInt(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG));
        return new RequestTimeouts(answerNanos, answerNanos + heldBackNanos);
    }

    /** The value of a key in milliseconds, as nanoseconds. */
    static long nanos(AbstractConfig config, String key) {
        return Duration.ofMillis(Math.min(config.getLong(key), LONGEST.toMillis()))
                .toNanos();
    }

    private static ResetStrategy resetStrategy(String value) {
        String lower = value.toLowerCase(Locale.ROOT);
        if (lower.startsWith(BY_DURATION)) {
            return new ResetStrategy.ByDuration(Duration.parse(value.substring(BY_DURATION.length())));
        }
        return switch (lower) {
            case "earliest" -> new ResetStrategy.Earliest();
            case "latest" -> new ResetStrategy.Latest();
            case "none" -> new ResetStrategy.None();
            default -> throw new IllegalArgumentException("auto.offset.reset passed validation as '" + value + "'");
        };
    }
}

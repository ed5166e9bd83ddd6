package dev.surefoot.assembly;

import dev.surefoot.core.engine.EngineSettings;
import dev.surefoot.core.engine.RequestTimeouts;
import dev.surefoot.core.fetch.Fetcher;
import dev.surefoot.core.position.ResetStrategy;
import dev.surefoot.runtime.RuntimeSettings;
import dev.surefoot.wire.FetchSettings;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.config.AbstractConfig;

/** Reads the settings of the runtime from a configuration, in the units that the runtime uses. */
final class ConfiguredSettings {
    private static final String READ_COMMITTED = "read_committed";
    private static final String BY_DURATION = "by_duration:";

    /** Longer times are cut to this one: the clock's nanoseconds plus this time do not overflow. */
    private static final Duration LONGEST = Duration.ofDays(365 * 100);

    private final AbstractConfig config;

    ConfiguredSettings(AbstractConfig config) {
        this.config = config;
    }

    RuntimeSettings runtime() {
        boolean readCommitted = READ_COMMITTED.equals(
                config.getString(ConsumerConfig.ISOLATION_LEVEL_CONFIG).toLowerCase(Locale.ROOT));
        return new RuntimeSettings(
                config.getString(ConsumerConfig.CLIENT_ID_CONFIG),
                engine(readCommitted),
                new FetchSettings(
                        config.getInt(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG),
                        config.getInt(ConsumerConfig.FETCH_MIN_BYTES_CONFIG),
                        readCommitted,
                        config.getString(ConsumerConfig.CLIENT_RACK_CONFIG)),
                config.getBoolean(OwnKeys.ENABLE_INCREMENTAL_FETCH_SESSIONS),
                nanos(OwnKeys.SESSION_AUDIT_INTERVAL_MS),
                config.getInt(OwnKeys.DECOMPRESSED_BATCH_MAX_BYTES),
                config.getInt(OwnKeys.DECOMPRESSION_THREADS),
                config.getBoolean(ConsumerConfig.CHECK_CRCS_CONFIG),
                config.getInt(ConsumerConfig.MAX_POLL_RECORDS_CONFIG),
                System.nanoTime());
    }

    private EngineSettings engine(boolean readCommitted) {
        return new EngineSettings(
                resetStrategy(config.getString(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG)),
                readCommitted,
                config.getBoolean(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG),
                "rebootstrap".equalsIgnoreCase(config.getString(CommonClientConfigs.METADATA_RECOVERY_STRATEGY_CONFIG)),
                nanos(CommonClientConfigs.METADATA_RECOVERY_REBOOTSTRAP_TRIGGER_MS_CONFIG),
                nanos(ConsumerConfig.METADATA_MAX_AGE_CONFIG),
                nanos(ConsumerConfig.RETRY_BACKOFF_MS_CONFIG),
                nanos(ConsumerConfig.RETRY_BACKOFF_MAX_MS_CONFIG),
                config.getLong(OwnKeys.BUFFER_BYTES),
                config.getInt(ConsumerConfig.FETCH_MAX_BYTES_CONFIG),
                new Fetcher.Limits(
                        config.getInt(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG),
                        nanos(ConsumerConfig.METADATA_MAX_AGE_CONFIG)),
                timeouts());
    }

    private RequestTimeouts timeouts() {
        long answerNanos = TimeUnit.MILLISECONDS.toNanos(config.getInt(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG));
        long heldBackNanos = TimeUnit.MILLISECONDS.toNanos(config.getInt(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG));
        return new RequestTimeouts(answerNanos, answerNanos + heldBackNanos);
    }

    private long nanos(String key) {
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

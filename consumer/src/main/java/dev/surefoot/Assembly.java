package dev.surefoot;

import dev.surefoot.core.delivery.RecordAssembler;
import dev.surefoot.core.engine.EngineSettings;
import dev.surefoot.core.engine.RequestTimeouts;
import dev.surefoot.core.fetch.Fetcher;
import dev.surefoot.core.position.ResetStrategy;
import dev.surefoot.net.Clock;
import dev.surefoot.net.KafkaTransport;
import dev.surefoot.runtime.ClusterListeners;
import dev.surefoot.runtime.ConsumerMeter;
import dev.surefoot.runtime.ConsumerRuntime;
import dev.surefoot.runtime.EventLog;
import dev.surefoot.runtime.Interceptors;
import dev.surefoot.runtime.Loop;
import dev.surefoot.runtime.MetricsRegistry;
import dev.surefoot.runtime.PlugIns;
import dev.surefoot.runtime.RuntimeSettings;
import dev.surefoot.runtime.Seams;
import dev.surefoot.wire.FetchSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.MetricsReporter;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.LoggerFactory;

/** Reads a configuration into the parts of a consumer. */
final class Assembly {
    private static final String READ_COMMITTED = "read_committed";
    private static final String BY_DURATION = "by_duration:";

    /** No longer time is of use, and a reading of the clock can still be added to it. */
    private static final Duration FOR_EVER = Duration.ofDays(365 * 100);

    private final SurefootConfig config;
    private final ConfiguredPlugIns plugIns;
    private final MadeSoFar made;

    /** @param made takes what has to be closed if no consumer comes about */
    Assembly(SurefootConfig config, ConfiguredPlugIns plugIns, MadeSoFar made) {
        this.config = config;
        this.plugIns = plugIns;
        this.made = made;
    }

    <K, V> ConsumerRuntime<K, V> start(
            Deserializer<K> keyDeserializer, Deserializer<V> valueDeserializer, Seams seams) {
        RuntimeSettings settings = settings();
        Metrics metrics = MetricsRegistry.open(
                config,
                settings.clientId(),
                plugIns.listed(ConsumerConfig.METRIC_REPORTER_CLASSES_CONFIG, MetricsReporter.class));
        made.add(metrics);
        List<ConsumerInterceptor<K, V>> interceptors = interceptors();
        interceptors.forEach(made::add);
        List<Object> listeners = new ArrayList<>(interceptors);
        listeners.addAll(metrics.reporters());
        listeners.add(keyDeserializer);
        listeners.add(valueDeserializer);
        ConsumerMeter meter = new ConsumerMeter(metrics, Clock.SYSTEM.epochMillis());
        KafkaTransport transport = new KafkaTransport(
                config,
                metrics,
                meter.fetches(Clock.SYSTEM),
                Clock.SYSTEM,
                settings.fetch(),
                settings.engine().bufferBytes(),
                settings.seed());
        made.add(transport);
        ConsumerRuntime<K, V> runtime = ConsumerRuntime.start(
                settings,
                transport,
                Clock.SYSTEM,
                seams,
                new PlugIns<>(
                        new RecordAssembler<>(keyDeserializer, valueDeserializer),
                        new Interceptors<>(interceptors, LoggerFactory.getLogger(Interceptors.class)),
                        new ClusterListeners(listeners),
                        meter,
                        new EventLog(LoggerFactory.getLogger(Loop.class), settings.clientId())));
        config.logUnused();
        ConflictingKeys.in(config).forEach(LoggerFactory.getLogger(SurefootConfig.class)::warn);
        return runtime;
    }

    private RuntimeSettings settings() {
        boolean readCommitted = READ_COMMITTED.equals(
                config.getString(ConsumerConfig.ISOLATION_LEVEL_CONFIG).toLowerCase(Locale.ROOT));
        EngineSettings engine = new EngineSettings(
                resetStrategy(config.getString(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG)),
                readCommitted,
                config.getBoolean(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG),
                "rebootstrap".equalsIgnoreCase(config.getString(CommonClientConfigs.METADATA_RECOVERY_STRATEGY_CONFIG)),
                nanos(CommonClientConfigs.METADATA_RECOVERY_REBOOTSTRAP_TRIGGER_MS_CONFIG),
                nanos(ConsumerConfig.METADATA_MAX_AGE_CONFIG),
                nanos(ConsumerConfig.RETRY_BACKOFF_MS_CONFIG),
                nanos(ConsumerConfig.RETRY_BACKOFF_MAX_MS_CONFIG),
                config.getLong(SurefootConfig.BUFFER_BYTES_CONFIG),
                config.getInt(ConsumerConfig.FETCH_MAX_BYTES_CONFIG),
                new Fetcher.Limits(
                        config.getInt(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG),
                        nanos(ConsumerConfig.METADATA_MAX_AGE_CONFIG)),
                timeouts());
        return new RuntimeSettings(
                config.getString(ConsumerConfig.CLIENT_ID_CONFIG),
                engine,
                new FetchSettings(
                        config.getInt(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG),
                        config.getInt(ConsumerConfig.FETCH_MIN_BYTES_CONFIG),
                        readCommitted,
                        config.getString(ConsumerConfig.CLIENT_RACK_CONFIG)),
                config.getBoolean(SurefootConfig.ENABLE_INCREMENTAL_FETCH_SESSIONS_CONFIG),
                nanos(SurefootConfig.SESSION_AUDIT_INTERVAL_MS_CONFIG),
                config.getInt(SurefootConfig.DECOMPRESSED_BATCH_MAX_BYTES_CONFIG),
                config.getInt(SurefootConfig.DECOMPRESSION_THREADS_CONFIG),
                config.getBoolean(ConsumerConfig.CHECK_CRCS_CONFIG),
                config.getInt(ConsumerConfig.MAX_POLL_RECORDS_CONFIG),
                Duration.ofMillis(config.getInt(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG)),
                System.nanoTime());
    }

    private RequestTimeouts timeouts() {
        long answerNanos = TimeUnit.MILLISECONDS.toNanos(config.getInt(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG));
        long heldBackNanos = TimeUnit.MILLISECONDS.toNanos(config.getInt(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG));
        return new RequestTimeouts(answerNanos, answerNanos + heldBackNanos);
    }

    private long nanos(String key) {
        return Duration.ofMillis(Math.min(config.getLong(key), FOR_EVER.toMillis()))
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

    @SuppressWarnings({"unchecked", "rawtypes"}) // the configuration knows interceptors by class only
    private <K, V> List<ConsumerInterceptor<K, V>> interceptors() {
        return (List) plugIns.listed(ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG, ConsumerInterceptor.class);
    }
}

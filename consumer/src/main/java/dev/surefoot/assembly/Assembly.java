package dev.surefoot.assembly;

import dev.surefoot.net.Clock;
import dev.surefoot.net.KafkaTelemetry;
import dev.surefoot.net.KafkaTransport;
import dev.surefoot.runtime.Assignors;
import dev.surefoot.runtime.BadRecords;
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
import dev.surefoot.runtime.UnitHandler;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.MetricsReporter;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Makes the parts of one consumer, in the order in which they need each other. The loop's thread is started last:
 * whatever fails before it, everything that was made is closed, and nothing can fail after it. Stateless, safe from any
 * thread.
 */
public final class Assembly {
    /** The name of the logger for what keeps partitions from progress. */
    private static final String PROGRESS_LOGGER = "dev.surefoot.progress";

    private final AbstractConfig config;
    private final ConfiguredPlugIns plugIns;
    private final MadeSoFar made;

    private Assembly(AbstractConfig config, MadeSoFar made) {
        this.config = config;
        this.plugIns = new ConfiguredPlugIns(config);
        this.made = made;
    }

    /**
     * Makes a consumer and starts its loop.
     *
     * @param config the keys of {@link ConsumerConfig} and of {@link OwnKeys}
     * @param keyDeserializer takes the place of {@code key.deserializer}, or null to make one of that class
     * @param valueDeserializer takes the place of {@code value.deserializer}, or null to make one of that class
     * @param handlerKind how to make the handler of bad records
     * @param seams what takes the place of shipped parts
     * @return the consumer; closing it closes all parts, the given deserializers included
     * @throws KafkaException if any part cannot be made; then all of them are closed, the given deserializers included
     */
    public static <K, V> ConsumerRuntime<K, V> start(
            AbstractConfig config,
            @Nullable Deserializer<K> keyDeserializer,
            @Nullable Deserializer<V> valueDeserializer,
            HandlerKind<?> handlerKind,
            Seams seams) {
        MadeSoFar made = new MadeSoFar();
        UnitHandler givenHandler = handlerKind.givenPart();
        try {
            addGiven(made, keyDeserializer);
            addGiven(made, valueDeserializer);
            addGiven(made, givenHandler);
            return new Assembly(config, made)
                    .start(seams, keyDeserializer, valueDeserializer, handlerKind, givenHandler);
        } catch (Throwable e) { // whatever a plug-in throws, Errors included, is reported as KafkaConsumer reports it
            throw made.closedAfter(e);
        }
    }

    private static void addGiven(MadeSoFar made, @Nullable AutoCloseable given) {
        if (given != null) {
            made.add(given);
        }
    }

    private <K, V> ConsumerRuntime<K, V> start(
            Seams seams,
            @Nullable Deserializer<K> givenForKeys,
            @Nullable Deserializer<V> givenForValues,
            HandlerKind<?> handlerKind,
            @Nullable UnitHandler givenHandler) {
        Deserializer<K> keys = deserializer(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, givenForKeys, true);
        Deserializer<V> values = deserializer(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, givenForValues, false);
        Assignors assignors = plugIns.assignors();
        RuntimeSettings settings = new ConfiguredSettings(config).runtime(assignors);
        Metrics metrics = MetricsRegistry.registry(config, settings.clientId());
        made.add(() -> MetricsRegistry.close(metrics));
        KafkaTelemetry telemetry = KafkaTelemetry.configured(config, settings.clientId());
        MetricsRegistry.report(metrics, config, reporters(telemetry));
        List<ConsumerInterceptor<K, V>> interceptors = interceptors();
        interceptors.forEach(made::add);
        UnitHandler handler = handler(handlerKind, givenHandler);
        List<Object> listeners = new ArrayList<>(interceptors);
        listeners.addAll(metrics.reporters());
        listeners.add(keys);
        listeners.add(values);
        ConsumerMeter meter = new ConsumerMeter(metrics, Clock.SYSTEM.epochMillis());
        PlugIns<K, V> forRuntime = new PlugIns<>(
                keys,
                values,
                new Interceptors<>(interceptors, LoggerFactory.getLogger(Interceptors.class)),
                new ClusterListeners(listeners),
                meter,
                new EventLog(
                        LoggerFactory.getLogger(Loop.class),
                        LoggerFactory.getLogger("dev.surefoot.progress"),
                        settings.clientId()),
                assignors,
                badRecords(handler, meter, settings.clientId()),
                telemetry);
        KafkaTransport transport = new KafkaTransport(
                config,
                metrics,
                meter.fetches(Clock.SYSTEM),
                Clock.SYSTEM,
                settings.fetch(),
                settings.engine().bufferBytes(),
                settings.seed());
        made.add(transport);
        config.logUnused();
        ConflictingKeys.in(config).forEach(LoggerFactory.getLogger(config.getClass())::warn);
        return ConsumerRuntime.start(settings, transport, Clock.SYSTEM, seams, forRuntime);
    }

    private @Nullable UnitHandler handler(HandlerKind<?> kind, @Nullable UnitHandler given) {
        if (given != null || !BadRecordRules.handsOver(config)) {
            return given;
        }
        UnitHandler handler = plugIns.badRecordHandler(kind);
        made.add(handler);
        return handler;
    }

    private BadRecords badRecords(@Nullable UnitHandler handler, ConsumerMeter meter, String clientId) {
        if (!BadRecordRules.passOver(config)) {
            return BadRecords.failing();
        }
        return BadRecords.passing(
                handler,
                config.getInt(OwnKeys.ON_BAD_RECORD_BREAKER),
                Clock.SYSTEM,
                meter,
                LoggerFactory.getLogger(PROGRESS_LOGGER),
                clientId);
    }

    private List<MetricsReporter> reporters(@Nullable KafkaTelemetry telemetry) {
        List<MetricsReporter> reporters =
                new ArrayList<>(plugIns.listed(ConsumerConfig.METRIC_REPORTER_CLASSES_CONFIG, MetricsReporter.class));
        if (telemetry != null) {
            reporters.add(telemetry.reporter());
        }
        return reporters;
    }

    private <T> Deserializer<T> deserializer(String key, @Nullable Deserializer<T> given, boolean isKey) {
        if (given != null) {
            return given;
        }
        Deserializer<T> deserializer = plugIns.deserializer(key, isKey);
        made.add(deserializer);
        return deserializer;
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // the configuration knows interceptors by class only
    private <K, V> List<ConsumerInterceptor<K, V>> interceptors() {
        return (List) plugIns.listed(ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG, ConsumerInterceptor.class);
    }
}

package dev.surefoot.net;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.ClientUtils;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.memory.MemoryPool;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.network.ChannelBuilder;
import org.apache.kafka.common.network.Selector;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Hides what differs between the supported versions of kafka-clients. Methods that take or return a class that has
 * moved are called through handles, resolved once by the names on the class path. All else that Surefoot uses of Kafka
 * is the same in all supported versions, which {@code KafkaClientsVersionsTest} checks. Safe from any thread.
 */
final class KafkaVersion {
    /** The supported versions, for messages. */
    static final String SUPPORTED = "4.0 to 4.4";

    /** The name of {@code LogContext} from 4.4 on; {@link PiecewiseSaslChannels} is compiled against it. */
    static final String LOG_CONTEXT = "org.apache.kafka.common.utils.internals.LogContext";

    private static final String LOG_CONTEXT_BEFORE_4_4 = "org.apache.kafka.common.utils.LogContext";

    private final Class<?> logContextClass;
    private final MethodHandle newLogContext;
    private final MethodHandle newQuietLogContext;
    private final MethodHandle logger;
    private final MethodHandle newSelector;
    private final MethodHandle createChannelBuilder;
    private final MethodHandle newSaslChannels;

    /** Resolved at the first use. An error is kept, so that each consumer that cannot be made gives the reason. */
    private static final class Present {
        private static final @Nullable KafkaVersion VERSION;
        private static final @Nullable KafkaException UNKNOWN;

        static {
            @Nullable KafkaVersion version = null;
            @Nullable KafkaException unknown = null;
            try {
                version = resolve(List.of(LOG_CONTEXT, LOG_CONTEXT_BEFORE_4_4), KafkaVersion.class.getClassLoader());
            } catch (KafkaException e) {
                unknown = e;
            }
            VERSION = version;
            UNKNOWN = unknown;
        }
    }

    private KafkaVersion(Class<?> logContextClass) throws ReflectiveOperationException, IOException {
        Lookup lookup = MethodHandles.lookup();
        this.logContextClass = logContextClass;
        newLogContext = lookup.findConstructor(logContextClass, MethodType.methodType(void.class, String.class));
        logger = lookup.findVirtual(logContextClass, "logger", MethodType.methodType(Logger.class, Class.class));
        newSelector = lookup.findConstructor(
                Selector.class,
                MethodType.methodType(
                        void.class,
                        int.class,
                        long.class,
                        int.class,
                        Metrics.class,
                        Time.class,
                        String.class,
                        Map.class,
                        boolean.class,
                        boolean.class,
                        ChannelBuilder.class,
                        MemoryPool.class,
                        logContextClass));
        createChannelBuilder = lookup.findStatic(
                ClientUtils.class,
                "createChannelBuilder",
                MethodType.methodType(ChannelBuilder.class, AbstractConfig.class, Time.class, logContextClass));
        Lookup quiet = derived(lookup, "QuietLogContext", LogContextStandIn.class.getName(), logContextClass.getName());
        newQuietLogContext = quiet.findConstructor(
                quiet.lookupClass(), MethodType.methodType(void.class, String.class, UnaryOperator.class));
        Lookup sasl = derived(lookup, "PiecewiseSaslChannels", LOG_CONTEXT, logContextClass.getName());
        newSaslChannels = sasl.findConstructor(
                sasl.lookupClass(),
                MethodType.methodType(void.class, Map.class, String.class, PlainSockets.class, logContextClass));
    }

    /**
     * Defines a class of this package with another type name in it. A subclass of a class of Kafka's calls its
     * constructor and overrides its methods by their types' names, so it fits one version only.
     *
     * @param name of a class of this package
     * @param compiled the type's name in its class file
     * @param present the type's name in the kafka-clients on the class path
     */
    private static Lookup derived(Lookup lookup, String name, String compiled, String present)
            throws IllegalAccessException, IOException, ClassNotFoundException {
        if (present.equals(compiled)) {
            return lookup.in(Class.forName(
                    KafkaVersion.class.getPackageName() + "." + name, false, KafkaVersion.class.getClassLoader()));
        }
        try (@Nullable InputStream classFile = KafkaVersion.class.getResourceAsStream(name + ".class")) {
            if (classFile == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] renamed = ConstantPool.rename(
                    classFile.readAllBytes(), compiled.replace('.', '/'), present.replace('.', '/'));
            return lookup.defineHiddenClass(renamed, false);
        }
    }

    /** @throws KafkaException if the version of kafka-clients is not supported */
    static KafkaVersion present() {
        if (Present.VERSION == null) {
            throw new KafkaException(Present.UNKNOWN == null ? "" : Present.UNKNOWN.getMessage(), Present.UNKNOWN);
        }
        return Present.VERSION;
    }

    /**
     * @param logContextNames the names that {@code LogContext} has had, the newest first
     * @throws KafkaException if the loader's kafka-clients has none of them, or does not use it where it should
     */
    static KafkaVersion resolve(List<String> logContextNames, @Nullable ClassLoader loader) {
        for (String name : logContextNames) {
            Class<?> logContext;
            try {
                logContext = Class.forName(name, false, loader);
            } catch (ClassNotFoundException e) {
                continue;
            }
            try {
                return new KafkaVersion(logContext);
            } catch (ReflectiveOperationException | LinkageError | IOException e) {
                throw unknown("what takes a " + name + " has changed: " + e, e);
            }
        }
        throw unknown("it has none of " + logContextNames, null);
    }

    private static KafkaException unknown(String what, @Nullable Throwable cause) {
        return new KafkaException(
                "This version of Surefoot works with kafka-clients " + SUPPORTED + " and cannot work with " + number()
                        + ", which is on the class path (" + what
                        + "). Use a kafka-clients of one of these versions, or a newer Surefoot",
                cause);
    }

    /** Returns the version of kafka-clients, as its {@code AppInfoParser} reads it. */
    static String number() {
        Properties properties = new Properties();
        try (@Nullable InputStream file = Selector.class.getResourceAsStream("/kafka/kafka-version.properties")) {
            if (file != null) {
                properties.load(file);
            }
        } catch (IOException e) {
            return "of unknown version (" + e + ")";
        }
        return properties.getProperty("version", "of unknown version");
    }

    Class<?> logContextClass() {
        return logContextClass;
    }

    KafkaLogContext logContext(String prefix) {
        return new KafkaLogContext(result(() -> newLogContext.invoke(prefix)));
    }

    /** Makes a {@link QuietLogContext}. */
    KafkaLogContext quietLogContext(String prefix, UnaryOperator<Logger> quieted) {
        return new KafkaLogContext(result(() -> newQuietLogContext.invoke(prefix, quieted)));
    }

    Logger logger(KafkaLogContext logContext, Class<?> type) {
        return (Logger) result(() -> logger.invoke(logContext.context(), type));
    }

    /**
     * Makes a selector that closes the channel builder when it is closed. If it cannot be made, the builder is closed
     * at once.
     */
    Selector selector(SelectorSettings settings, ChannelBuilder channels, MemoryPool pool, KafkaLogContext logContext) {
        try {
            return (Selector) result(() -> newSelector.invoke(
                    settings.maxResponseBytes(),
                    settings.maxIdleMs(),
                    Selector.NO_FAILED_AUTHENTICATION_DELAY,
                    settings.metrics(),
                    Time.SYSTEM,
                    settings.metricGroupPrefix(),
                    settings.metricTags(),
                    settings.metricsPerConnection(),
                    settings.timePerConnection(),
                    channels,
                    pool,
                    logContext.context()));
        } catch (RuntimeException | Error e) {
            Closing.after(e, List.of(channels));
            throw e;
        }
    }

    /** Makes the channel builder that Kafka's own clients use for this configuration. */
    ChannelBuilder channelBuilder(AbstractConfig config, KafkaLogContext logContext) {
        return (ChannelBuilder) result(() -> createChannelBuilder.invoke(config, Time.SYSTEM, logContext.context()));
    }

    /** Makes a {@link PiecewiseSaslChannels}, which the caller has to configure. */
    ChannelBuilder saslChannels(
            Map<String, ?> settings, String mechanism, PlainSockets sockets, KafkaLogContext logContext) {
        return (ChannelBuilder)
                result(() -> newSaslChannels.invoke(settings, mechanism, sockets, logContext.context()));
    }

    @FunctionalInterface
    private interface Call {
        Object invoke() throws Throwable;
    }

    /** Calls a handle and throws what the called method's own signature allows, which no handle declares. */
    private static Object result(Call call) {
        try {
            return call.invoke();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new KafkaException(e);
        }
    }
}

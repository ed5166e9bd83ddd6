package dev.surefoot.testkit.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.surefoot.SurefootConsumer;
import dev.surefoot.testkit.consumer.PlugInsThatFail.CannotBeInitialized;
import dev.surefoot.testkit.consumer.PlugInsThatFail.HasNoPublicConstructor;
import dev.surefoot.testkit.consumer.PlugInsThatFail.InterceptorThatThrows;
import dev.surefoot.testkit.consumer.PlugInsThatFail.ProviderThatThrows;
import dev.surefoot.testkit.consumer.PlugInsThatFail.ReporterThatThrows;
import dev.surefoot.testkit.consumer.PlugInsThatFail.SoundDeserializer;
import dev.surefoot.testkit.consumer.PlugInsThatFail.SoundInterceptor;
import dev.surefoot.testkit.consumer.PlugInsThatFail.SoundReporter;
import dev.surefoot.testkit.consumer.PlugInsThatFail.ThrowsInItsConstructor;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.management.ObjectName;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a plug-in throws, the constructor throws a {@link KafkaException}, and nothing that was made stays open. */
class PlugInsContractTest {
    private static final AtomicInteger CLIENTS = new AtomicInteger();

    @BeforeEach
    void forgetWhatKafkaLeftOpen() {
        PlugInsThatFail.OPEN.clear();
    }

    /** A configuration of sound plug-ins; nothing is connected to while a consumer is made. */
    private static Map<String, Object> config(Object... options) {
        Map<String, Object> config = new HashMap<>(Map.of(
                "bootstrap.servers",
                "127.0.0.1:1",
                "client.id",
                "plugged-client-" + CLIENTS.incrementAndGet(),
                "key.deserializer",
                SoundDeserializer.class.getName(),
                "value.deserializer",
                SoundDeserializer.class.getName(),
                "interceptor.classes",
                SoundInterceptor.class.getName(),
                "metric.reporters",
                SoundReporter.class.getName() + ",org.apache.kafka.common.metrics.JmxReporter"));
        for (int i = 0; i < options.length; i += 2) {
            config.put((String) options[i], options[i + 1]);
        }
        return config;
    }

    private static String names(Class<?>... classes) {
        return String.join(",", Stream.of(classes).map(Class::getName).toList());
    }

    /** What to set, and what the message has to name. */
    static Stream<Arguments> bad() {
        String reporters = names(SoundReporter.class, ReporterThatThrows.class, SoundReporter.class);
        return Stream.of(
                arguments(
                        List.of("test.fail", "key"), List.of("key.deserializer", "SoundDeserializer", "fails in key")),
                arguments(List.of("test.fail", "value"), List.of("value.deserializer", "fails in value")),
                arguments(
                        List.of("key.deserializer", ThrowsInItsConstructor.class.getName()),
                        List.of("key.deserializer", "ThrowsInItsConstructor", "fails in the constructor")),
                arguments(
                        List.of("value.deserializer", HasNoPublicConstructor.class),
                        List.of("value.deserializer", "HasNoPublicConstructor", "constructor")),
                arguments(
                        List.of("value.deserializer", SoundInterceptor.class.getName()),
                        List.of("value.deserializer", "SoundInterceptor")),
                arguments(
                        List.of("value.deserializer", "no.such.Class"), List.of("value.deserializer", "no.such.Class")),
                arguments(
                        List.of("interceptor.classes", names(SoundInterceptor.class, InterceptorThatThrows.class)),
                        List.of("interceptor.classes", "InterceptorThatThrows", "fails in configure")),
                arguments(
                        List.of("interceptor.classes", List.of(SoundInterceptor.class, ThrowsInItsConstructor.class)),
                        List.of("interceptor.classes", "ThrowsInItsConstructor")),
                arguments(
                        List.of("interceptor.classes", names(SoundInterceptor.class, SoundReporter.class)),
                        List.of("interceptor.classes", "SoundReporter")),
                arguments(
                        List.of("interceptor.classes", "no.such.Class"),
                        List.of("interceptor.classes", "no.such.Class")),
                arguments(List.of("metric.reporters", "no.such.Class"), List.of("metric.reporters", "no.such.Class")),
                arguments(
                        List.of("metric.reporters", names(SoundReporter.class, SoundInterceptor.class)),
                        List.of("metric.reporters", "SoundInterceptor")),
                arguments(
                        List.of("metric.reporters", reporters, "test.fail", "reporter.configure"),
                        List.of("metric.reporters", "ReporterThatThrows", "fails in reporter.configure")),
                arguments(
                        List.of("metric.reporters", reporters, "test.fail", "reporter.contextChange"),
                        List.of("metric.reporters", "ReporterThatThrows", "fails in reporter.contextChange")),
                arguments(
                        List.of("metric.reporters", reporters, "test.fail", "reporter.init"),
                        List.of("metric.reporters", "ReporterThatThrows", "fails in reporter.init")),
                arguments(List.of("bootstrap.servers", "no-such-host.invalid:9092"), List.of("bootstrap.servers")));
    }

    private static Throwable thrown(Runnable construction) {
        try {
            construction.run();
        } catch (Throwable e) {
            return e;
        }
        throw new AssertionError("the configuration was accepted");
    }

    @ParameterizedTest
    @MethodSource("bad")
    void aPlugInThatFailsIsAKafkaExceptionAndNothingStaysOpen(List<Object> options, List<String> named)
            throws Exception {
        Map<String, Object> config = config(options.toArray());
        Throwable kafkas = thrown(() -> new KafkaConsumer<>(config));
        PlugInsThatFail.OPEN.clear();

        Throwable ours = thrown(() -> new SurefootConsumer<>(config));

        assertThat(kafkas).isInstanceOf(KafkaException.class);
        assertThat(ours).isInstanceOf(KafkaException.class).isInstanceOfAny(kafkas.getClass(), ConfigException.class);
        assertThat(ours.getMessage()).contains(named);
        assertNothingIsOpen((String) config.get("client.id"));
    }

    private static void assertNothingIsOpen(String clientId) throws Exception {
        assertThat(PlugInsThatFail.OPEN).isEmpty();
        assertThat(ManagementFactory.getPlatformMBeanServer()
                        .queryNames(new ObjectName("kafka.consumer:client-id=" + clientId + ",*"), null))
                .isEmpty();
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.contains(clientId));
    }

    @Test
    void aClassThatCannotBeInitializedIsAKafkaException() throws Exception {
        // Kafka's own consumer lets the Error out where the class is loaded by its name.
        for (Object named : List.of(CannotBeInitialized.class.getName(), CannotBeInitialized.class)) {
            Map<String, Object> config = config("value.deserializer", named);
            assertThat(thrown(() -> new SurefootConsumer<>(config)))
                    .isInstanceOf(KafkaException.class)
                    .hasMessageContaining("CannotBeInitialized");
            assertNothingIsOpen((String) config.get("client.id"));
        }
    }

    static Stream<Arguments> badProviders() {
        return Stream.of(
                arguments(List.of("config.providers.p.class", "no.such.Class")),
                arguments(List.of("config.providers.p.class", SoundInterceptor.class.getName())),
                arguments(List.of("config.providers.p.class", ThrowsInItsConstructor.class.getName())),
                arguments(List.of("config.providers.p.class", ProviderThatThrows.class.getName())),
                arguments(List.of(
                        "config.providers.p.class",
                        ProviderThatThrows.class.getName(),
                        "config.providers.p.param.fail",
                        "yes")));
    }

    @ParameterizedTest
    @MethodSource("badProviders")
    void aProviderOfConfigurationThatFailsIsAKafkaException(List<Object> options) {
        Map<String, Object> config = config(options.toArray());
        config.put("config.providers", "p");
        config.put("client.rack", "${p:path:key}");

        assertThat(thrown(() -> new KafkaConsumer<>(config))).isInstanceOf(Exception.class);
        assertThat(thrown(() -> new SurefootConsumer<>(config)))
                .isInstanceOf(KafkaException.class)
                .hasMessageContaining("config.providers");
    }

    @Test
    void deserializersThatWereGivenAreClosedWhenTheOtherOneCannotBeMade() {
        for (boolean keyIsGiven : new boolean[] {true, false}) {
            Map<String, Object> config = config("test.fail", keyIsGiven ? "value" : "key");
            SoundDeserializer given = new SoundDeserializer();
            assertThat(thrown(
                            () -> new SurefootConsumer<>(config, keyIsGiven ? given : null, keyIsGiven ? null : given)))
                    .isInstanceOf(KafkaException.class);
            assertThat(PlugInsThatFail.OPEN).isEmpty();
        }
    }

    @Test
    void noConfigurationAtAllIsSaidInWords() {
        assertThat(thrown(() -> new SurefootConsumer<>((Map<String, Object>) null)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("configuration is null");
    }
}

package dev.surefoot.testkit.consumer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigData;
import org.apache.kafka.common.config.provider.ConfigProvider;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.MetricsContext;
import org.apache.kafka.common.metrics.MetricsReporter;
import org.apache.kafka.common.serialization.Deserializer;

/** Plug-ins that fail where the configuration has them fail, and sound ones that note whether they were closed. */
final class PlugInsThatFail {
    /** The instances that were made and not closed since. */
    static final List<Object> OPEN = new ArrayList<>();

    private PlugInsThatFail() {}

    private static void fail(Map<String, ?> configs, String where) {
        if (where.equals(configs.get("test.fail"))) {
            throw new IllegalStateException("fails in " + where);
        }
    }

    public static class SoundDeserializer implements Deserializer<String> {
        public SoundDeserializer() {
            OPEN.add(this);
        }

        @Override
        public void configure(Map<String, ?> configs, boolean isKey) {
            fail(configs, isKey ? "key" : "value");
        }

        @Override
        public String deserialize(String topic, byte[] data) {
            return "";
        }

        @Override
        public void close() {
            OPEN.remove(this);
        }
    }

    public static class SoundInterceptor implements ConsumerInterceptor<String, String> {
        public SoundInterceptor() {
            OPEN.add(this);
        }

        @Override
        public ConsumerRecords<String, String> onConsume(ConsumerRecords<String, String> records) {
            return records;
        }

        @Override
        public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

        @Override
        public void configure(Map<String, ?> configs) {}

        @Override
        public void close() {
            OPEN.remove(this);
        }
    }

    public static class InterceptorThatThrows extends SoundInterceptor {
        @Override
        public void configure(Map<String, ?> configs) {
            throw new IllegalStateException("fails in configure");
        }
    }

    public static class SoundReporter implements MetricsReporter {
        public SoundReporter() {
            OPEN.add(this);
        }

        @Override
        public void init(List<KafkaMetric> metrics) {}

        @Override
        public void metricChange(KafkaMetric metric) {}

        @Override
        public void metricRemoval(KafkaMetric metric) {}

        @Override
        public void configure(Map<String, ?> configs) {}

        @Override
        public void close() {
            OPEN.remove(this);
        }
    }

    public static class ReporterThatThrows extends SoundReporter {
        private Map<String, ?> configs = Map.of();

        @Override
        public void configure(Map<String, ?> given) {
            configs = given;
            fail(configs, "reporter.configure");
        }

        @Override
        public void contextChange(MetricsContext context) {
            fail(configs, "reporter.contextChange");
        }

        @Override
        public void init(List<KafkaMetric> metrics) {
            fail(configs, "reporter.init");
        }
    }

    public static class ThrowsInItsConstructor extends SoundDeserializer {
        public ThrowsInItsConstructor() {
            OPEN.remove(this);
            throw new IllegalArgumentException("fails in the constructor");
        }
    }

    public static class CannotBeInitialized extends SoundDeserializer {
        private static final int NEVER = Integer.parseInt("no number");

        @Override
        public String deserialize(String topic, byte[] data) {
            return "" + NEVER;
        }
    }

    public static class HasNoPublicConstructor extends SoundDeserializer {
        public HasNoPublicConstructor(int needed) {
            throw new AssertionError("nobody has that number: " + needed);
        }
    }

    public static class ProviderThatThrows implements ConfigProvider {
        @Override
        public ConfigData get(String path) {
            throw new IllegalStateException("fails in get");
        }

        @Override
        public ConfigData get(String path, java.util.Set<String> keys) {
            throw new IllegalStateException("fails in get");
        }

        @Override
        public void close() {}

        @Override
        public void configure(Map<String, ?> configs) {
            if (configs.containsKey("fail")) {
                throw new IllegalStateException("fails in configure");
            }
        }
    }
}

package dev.surefoot;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import javax.management.JMException;
import javax.management.ObjectName;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.metrics.JmxReporter;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.MetricsContext;
import org.apache.kafka.common.metrics.MetricsReporter;
import org.apache.kafka.common.serialization.Deserializer;

/** Plug-ins that know which of them were made and not closed, and that throw where a test wants it. */
final class CountedPlugIns {
    private static final Set<Object> OPEN = Collections.newSetFromMap(new IdentityHashMap<>());
    /** What is thrown at a place; a plug-in that throws in {@code close} counts as closed. */
    private static final Map<String, Throwable> THROWN = new HashMap<>();

    private static final AtomicInteger CLIENTS = new AtomicInteger();

    private CountedPlugIns() {}

    /** Forgets what other tests have left, and lets nothing throw. */
    static void reset() {
        OPEN.clear();
        THROWN.clear();
    }

    /** Lets a place throw from now on: a plug-in's name, a dot, and the method. */
    static void throwAt(String place, Throwable thrown) {
        THROWN.put(place, thrown);
    }

    /** A configuration of counted plug-ins, with JMX beside them; nothing is connected to while a consumer is made. */
    static Map<String, Object> config(Map<String, Object> changes) {
        Map<String, Object> config = new HashMap<>();
        config.put("bootstrap.servers", "127.0.0.1:1");
        config.put("client.id", "counted-" + CLIENTS.incrementAndGet());
        config.put("key.deserializer", Text.class);
        config.put("value.deserializer", Text.class);
        config.put("interceptor.classes", List.of(FirstInterceptor.class, SecondInterceptor.class));
        config.put("metric.reporters", List.of(FirstReporter.class, JmxReporter.class, SecondReporter.class));
        config.putAll(changes);
        return config;
    }

    /** What a consumer of this configuration has left: plug-ins, threads, and names in JMX. */
    static List<String> left(Map<String, Object> config) {
        List<String> left = new ArrayList<>();
        String clientId = (String) config.get("client.id");
        OPEN.forEach(plugIn -> left.add(plugIn.getClass().getSimpleName()));
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().equals("surefoot-" + clientId)
                    || thread.getName().startsWith("surefoot-" + clientId + "-")) {
                left.add("thread " + thread.getName());
            }
        }
        try {
            Set<ObjectName> names = new HashSet<>(ManagementFactory.getPlatformMBeanServer()
                    .queryNames(new ObjectName("kafka.consumer:client-id=" + clientId + ",*"), null));
            names.forEach(name -> left.add(name.toString()));
        } catch (JMException e) {
            throw new IllegalStateException(e);
        }
        return left;
    }

    private static void at(String place) {
        Throwable thrown = THROWN.get(place);
        if (thrown instanceof Error error) {
            throw error;
        } else if (thrown != null) {
            throw (RuntimeException) thrown;
        }
    }

    private static void closed(Object plugIn, String name) {
        OPEN.remove(plugIn);
        at(name + ".close");
    }

    public static final class Text implements Deserializer<String> {
        private String name = "";

        public Text() {
            OPEN.add(this);
        }

        @Override
        public void configure(Map<String, ?> configs, boolean isKey) {
            name = isKey ? "key" : "value";
            at(name + ".configure");
        }

        @Override
        public String deserialize(String topic, byte[] data) {
            return "";
        }

        @Override
        public void close() {
            closed(this, name);
        }
    }

    public static class FirstInterceptor implements ConsumerInterceptor<String, String> {
        public FirstInterceptor() {
            OPEN.add(this);
        }

        String name() {
            return "interceptor1";
        }

        @Override
        public void configure(Map<String, ?> configs) {
            at(name() + ".configure");
        }

        @Override
        public ConsumerRecords<String, String> onConsume(ConsumerRecords<String, String> records) {
            return records;
        }

        @Override
        public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

        @Override
        public void close() {
            closed(this, name());
        }
    }

    public static final class SecondInterceptor extends FirstInterceptor {
        @Override
        String name() {
            return "interceptor2";
        }
    }

    public static class FirstReporter implements MetricsReporter {
        public FirstReporter() {
            OPEN.add(this);
        }

        String name() {
            return "reporter1";
        }

        @Override
        public void configure(Map<String, ?> configs) {
            at(name() + ".configure");
        }

        @Override
        public void contextChange(MetricsContext context) {
            at(name() + ".contextChange");
        }

        @Override
        public void init(List<KafkaMetric> metrics) {
            at(name() + ".init");
        }

        @Override
        public void metricChange(KafkaMetric metric) {
            at(name() + ".metricChange." + metric.metricName().name());
        }

        @Override
        public void metricRemoval(KafkaMetric metric) {}

        @Override
        public void close() {
            closed(this, name());
        }
    }

    public static final class SecondReporter extends FirstReporter {
        @Override
        String name() {
            return "reporter2";
        }
    }
}

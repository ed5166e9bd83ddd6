package dev.surefoot.testkit.consumer;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.MetricName;

/** A metric as the two are compared: the client's id may differ, the other tags are told with their values. */
record Figure(String group, String name, Map<String, String> tags) implements Comparable<Figure> {
    /** The beginnings of names that are about the threads of AsyncKafkaConsumer and the queues between them. */
    private static final List<String> OF_ASYNC_THREADS = List.of(
            "application-event", "background-event-queue", "unsent-requests-queue", "time-between-network-thread-poll");

    static Figure of(MetricName metric) {
        Map<String, String> tags = new TreeMap<>(metric.tags());
        tags.replace("client-id", "");
        return new Figure(metric.group(), metric.name(), tags);
    }

    /** All metrics of a consumer, with their present values. */
    static Map<Figure, Object> of(Consumer<?, ?> consumer) {
        Map<Figure, Object> figures = new TreeMap<>();
        consumer.metrics().forEach((name, metric) -> figures.put(Figure.of(name), metric.metricValue()));
        return figures;
    }

    boolean isOfAsyncThreads() {
        return OF_ASYNC_THREADS.stream().anyMatch(name::startsWith);
    }

    @Override
    public int compareTo(Figure other) {
        return toString().compareTo(other.toString());
    }
}

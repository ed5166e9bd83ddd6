package dev.surefoot.net;

import java.util.Map;
import org.apache.kafka.common.metrics.Metrics;

/**
 * The settings of a selector of Kafka's.
 *
 * @param maxResponseBytes the largest size in bytes of a response; the connection of a larger one is closed
 * @param maxIdleMs after how many milliseconds an unused connection is closed
 * @param metrics where the selector registers its metrics
 * @param metricGroupPrefix the beginning of their group's name
 * @param metricTags the tags of each of them
 * @param metricsPerConnection whether each connection has metrics too
 * @param timePerConnection whether the time that input takes is measured for each connection
 */
record SelectorSettings(
        int maxResponseBytes,
        long maxIdleMs,
        Metrics metrics,
        String metricGroupPrefix,
        Map<String, String> metricTags,
        boolean metricsPerConnection,
        boolean timePerConnection) {}

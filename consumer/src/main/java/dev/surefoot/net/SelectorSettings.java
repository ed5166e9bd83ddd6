package dev.surefoot.net;

import java.util.Map;
import org.apache.kafka.common.metrics.Metrics;

/**
 * What a selector of Kafka is made with.
 *
 * @param maxResponseBytes what claims to be larger is no response, and its connection is closed
 * @param maxIdleMs after how long an unused connection is closed
 * @param metrics where the selector registers its metrics
 * @param metricGroupPrefix what their group begins with
 * @param metricTags the tags of each of them
 * @param metricsPerConnection whether there are metrics of each connection too
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

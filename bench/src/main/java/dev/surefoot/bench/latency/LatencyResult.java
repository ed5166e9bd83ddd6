package dev.surefoot.bench.latency;

/**
 * One round of one consumer.
 *
 * @param ratePerSecond records per second
 * @param round 1 or more; 0 for one that only warms up
 */
public record LatencyResult(int ratePerSecond, ConsumerKind consumer, int round, LatencyFigures figures) {}

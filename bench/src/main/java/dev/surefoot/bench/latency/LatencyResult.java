package dev.surefoot.bench.latency;

/**
 * One round of one consumer.
 *
 * @param ratePerSecond records per second
 * @param round counted from 1; warm-up rounds have lower numbers
 */
public record LatencyResult(int ratePerSecond, ConsumerKind consumer, int round, LatencyFigures figures) {}

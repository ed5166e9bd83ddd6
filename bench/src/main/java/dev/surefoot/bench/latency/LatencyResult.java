package dev.surefoot.bench.latency;

/**
 * One round of one consumer.
 *
 * @param ratePerSecond records per second
 * @param round counted from 1; those that only warm up have numbers below that
 */
public record LatencyResult(int ratePerSecond, ConsumerKind consumer, int round, LatencyFigures figures) {}

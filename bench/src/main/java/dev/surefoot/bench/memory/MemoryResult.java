package dev.surefoot.bench.memory;

/**
 * One trial.
 *
 * @param bufferBytes {@code surefoot.buffer.bytes}
 * @param round counted from 1; those that only warm up have numbers below that
 */
public record MemoryResult(Pace pace, long bufferBytes, int round, MemoryFigures figures) {}

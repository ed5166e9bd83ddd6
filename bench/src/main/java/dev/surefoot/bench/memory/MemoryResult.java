package dev.surefoot.bench.memory;

/**
 * One trial.
 *
 * @param bufferBytes {@code surefoot.buffer.bytes}
 * @param round counted from 1; warm-up rounds have lower numbers
 */
public record MemoryResult(Pace pace, long bufferBytes, int round, MemoryFigures figures) {}

package dev.surefoot.bench.memory;

/**
 * What one trial has shown.
 *
 * @param records how many the application took
 * @param mbPerSecond million bytes of values per second, from the first record on
 * @param peakHeldBytes the most bytes of fetched data that were held at any moment looked at
 * @param peakDirectBytes the most bytes of direct memory of the whole JVM, pooled buffers that are free included
 * @param samples how many moments were looked at
 * @param recoveryMillis from the end of a slow phase to full speed, the median over the phases; 0 without phases
 */
public record MemoryFigures(
        long records,
        double mbPerSecond,
        long peakHeldBytes,
        long peakDirectBytes,
        long samples,
        double recoveryMillis) {}

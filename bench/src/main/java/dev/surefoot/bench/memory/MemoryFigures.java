package dev.surefoot.bench.memory;

/**
 * The figures of one trial.
 *
 * @param records how many records the application read
 * @param mbPerSecond million bytes of values per second, from the first record on
 * @param peakHeldBytes the most bytes of fetched data in any sample
 * @param peakDirectBytes the most bytes of direct memory of the whole JVM in any sample, free pooled buffers included
 * @param samples how many samples there were
 * @param recoveryMillis milliseconds from the end of a slow phase to full speed, the median over the phases; 0 without
 *     phases
 */
public record MemoryFigures(
        long records,
        double mbPerSecond,
        long peakHeldBytes,
        long peakDirectBytes,
        long samples,
        double recoveryMillis) {}

package dev.surefoot.bench.memory;

/**
 * The figures of consumers with little memory.
 *
 * @param finished how many consumers have read the whole topic
 * @param seconds from the first poll of all to the end of the last one
 * @param meanMbPerSecond million bytes of values per second of one consumer, the mean over all
 * @param leastMbPerSecond that of the slowest
 * @param peakDirectBytes the most bytes of direct memory of the whole JVM in any sample, garbage included
 * @param unfinished the failure of the first consumer that did not finish, or an empty text
 */
public record ScarceFigures(
        int finished,
        double seconds,
        double meanMbPerSecond,
        double leastMbPerSecond,
        long peakDirectBytes,
        String unfinished) {}

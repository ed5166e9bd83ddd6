package dev.surefoot.bench.throughput;

import org.jspecify.annotations.Nullable;

/**
 * The figures of one round as a worker measures them; null for one that it cannot measure.
 *
 * @param records how many were read
 * @param seconds from before the client's constructor to the last record, without closing the client
 * @param cpuSeconds processor time of the whole process in the same span
 * @param allocatedBytes bytes of Java objects that all threads of the process allocated in the same span
 * @param gcMillis milliseconds of the collectors in the same span
 * @param peakMemoryBytes the most memory that the process occupied in the same span
 * @param firstRecordMillis from before the client's constructor to the first record
 * @param firstSecondRecords records within a second of the constructor's start; all, if the round was shorter
 */
record RoundResult(
        long records,
        double seconds,
        double cpuSeconds,
        @Nullable Long allocatedBytes,
        @Nullable Long gcMillis,
        @Nullable Long peakMemoryBytes,
        @Nullable Double firstRecordMillis,
        @Nullable Long firstSecondRecords) {}

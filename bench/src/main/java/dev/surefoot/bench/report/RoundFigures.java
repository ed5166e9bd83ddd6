package dev.surefoot.bench.report;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.jspecify.annotations.Nullable;

/**
 * The figures of one round of one client with one workload. What could not be measured is null.
 *
 * <p>Bytes are bytes of values only. A MB is 1e6 of them, a GB 1e9.
 *
 * @param workload the workload's name
 * @param client the client's label
 * @param round from 0; round 0 is the first work of the client's process
 * @param cold whether this is round 0
 * @param valueBytes bytes of each value
 * @param codec the compression of the topic's batches, {@code none} if they are not compressed
 * @param cpuSecondsPerGb processor time of the client's whole process
 * @param allocatedBytesPerRecord bytes of Java objects allocated
 * @param gcMillis milliseconds of the garbage collectors
 * @param peakMemoryBytes the most memory that the client's process occupied
 * @param firstRecordMillis from before the client's constructor to the first record
 * @param firstSecondRecords records in the first second from before the constructor; all, if it took no longer
 */
@JsonPropertyOrder({
    "workload",
    "client",
    "round",
    "records",
    "recordsPerSecond",
    "mbPerSecond",
    "cpuSecondsPerGb",
    "allocatedBytesPerRecord"
})
@JsonIgnoreProperties(ignoreUnknown = true)
public record RoundFigures(
        String workload,
        String client,
        int round,
        boolean cold,
        long records,
        int valueBytes,
        String codec,
        double recordsPerSecond,
        double mbPerSecond,
        double cpuSecondsPerGb,
        @Nullable Double allocatedBytesPerRecord,
        @Nullable Double gcMillis,
        @Nullable Double peakMemoryBytes,
        @Nullable Double firstRecordMillis,
        @Nullable Long firstSecondRecords) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Returns the records a second from the first record on, without what came before it, such as joining a group; null
     * if the time of the first was not measured.
     */
    public @Nullable Double recordsPerSecondFromFirst() {
        return firstRecordMillis == null
                ? null
                : (Double) (records / (records / recordsPerSecond - firstRecordMillis / 1e3));
    }

    /** Returns the object of one line of {@code --json}. */
    public String toJson() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of numbers and names has no JSON form", e);
        }
    }

    /**
     * Reads one line of {@code --json}.
     *
     * @throws IllegalArgumentException if it is no such line
     */
    public static RoundFigures ofJson(String line) {
        try {
            return JSON.readValue(line, RoundFigures.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no line of --json: " + e.getOriginalMessage(), e);
        }
    }
}

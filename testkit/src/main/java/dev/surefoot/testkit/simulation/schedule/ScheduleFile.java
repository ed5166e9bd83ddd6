package dev.surefoot.testkit.simulation.schedule;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads and writes schedules as JSON. A change of the scheduler changes the schedule of a seed; a file stays the same.
 */
public final class ScheduleFile {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private ScheduleFile() {}

    /** Returns the schedule as JSON that {@link #read} understands. */
    public static String write(Schedule schedule) {
        try {
            return JSON.writeValueAsString(schedule);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads a schedule.
     *
     * @throws IllegalArgumentException if the file holds no schedule
     * @throws UncheckedIOException if it cannot be read
     */
    public static Schedule read(Path file) {
        try {
            return JSON.readValue(Files.readString(file), Schedule.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(file + " holds no schedule: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}

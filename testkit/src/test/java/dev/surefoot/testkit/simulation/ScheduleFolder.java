package dev.surefoot.testkit.simulation;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The folders of schedules among the resources of the tests. */
public final class ScheduleFolder {
    private ScheduleFolder() {}

    /** Returns the files of the folder {@code simulation/name}, in the order of their names. */
    public static List<Path> files(String name) throws IOException, URISyntaxException {
        Path folder = Path.of(Objects.requireNonNull(ScheduleFolder.class.getResource("/simulation/" + name))
                .toURI());
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        }
    }
}

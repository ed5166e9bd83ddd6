package dev.surefoot.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.runtime.Seams;
import dev.surefoot.testkit.simulation.schedule.ScheduleFile;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Schedules that once broke something in the shipped consumer, each named after its seed and what it found. */
class RegressionSchedulesTest {

    static List<Path> schedules() throws IOException, URISyntaxException {
        return ScheduleFolder.files("regressions");
    }

    @Test
    void thereAreSome() throws IOException, URISyntaxException {
        assertThat(schedules()).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void whatWasFoundOnceDoesNotComeBack(Path file) {
        Outcome outcome = Simulation.run(ScheduleFile.read(file), Seams.NONE, true);

        assertThat(outcome.violation())
                .as(() -> String.join("\n", outcome.story()))
                .isNull();
    }
}

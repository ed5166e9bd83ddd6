package dev.surefoot.testkit.simulation.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.fixtures.GeneratedText;
import dev.surefoot.progress.Severity;
import dev.surefoot.progress.StallCause;
import dev.surefoot.testkit.simulation.Outcome;
import dev.surefoot.testkit.simulation.Simulation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What goes wrong in the simulated world is named in time (W2) and announced when the patience is over (W5), and
 * docs/simulation.md says how long both take.
 */
class NamingTimesTest {
    private static final double NANOS = 1e9;

    /** From one look of the guard to the next, a turn of the loop, and a look of the watch. */
    private static final double TICK_SECONDS = 2.25;

    private static final Map<Injection, Outcome> OUTCOMES = new EnumMap<>(Injection.class);

    @BeforeAll
    static void run() {
        for (Injection injection : Injection.values()) {
            OUTCOMES.put(injection, Simulation.run(injection.schedule()));
        }
    }

    /** After how many seconds the cause is first named at one of these severities, or -1. */
    private static double after(Injection injection, Severity... severities) {
        long atNanos = (long) (injection.atSecond() * NANOS);
        long firstNanos = Stream.of(severities)
                .mapToLong(
                        severity -> OUTCOMES.get(injection).causes().beganNanos(injection.cause(), severity, atNanos))
                .filter(nanos -> nanos >= 0)
                .min()
                .orElse(-1);
        return firstNanos < 0 ? -1 : (firstNanos - atNanos) / NANOS;
    }

    private static double named(Injection injection) {
        return after(injection, Severity.values());
    }

    private static double announced(Injection injection) {
        return after(injection, Severity.STALLED, Severity.FAILED);
    }

    @ParameterizedTest
    @EnumSource
    void isNamedInTimeAndAnnouncedWhenThePatienceIsOver(Injection injection) {
        Outcome outcome = OUTCOMES.get(injection);
        assertThat(outcome.violation()).isNull();
        assertThat(named(injection)).as("named, of %s", outcome.causes().all()).isBetween(0.0, (double)
                injection.boundSeconds());
        double announced = announced(injection);
        if (announced >= 0) {
            assertThat(announced)
                    .as("announced, of %s", outcome.causes().all())
                    .isLessThan(injection.boundSeconds() + patienceSeconds(injection.cause()) + TICK_SECONDS);
        }
        // What keeps a member from having partitions is shown; listeners hear of stalls of partitions.
        if (announced >= 0 && !outcome.schedule().shape().group().exists()) {
            assertThat(outcome.causes().announced()).as("stalls").containsKey(injection.cause());
        }
    }

    private static double patienceSeconds(StallCause cause) {
        double full = GuardTerms.PATIENCE_NANOS / NANOS;
        return switch (cause.patience()) {
            case HALF -> full / 2;
            case FULL -> full;
            case TRIPLE -> 3 * full;
            case NO_STALL, FAILS_AT_ONCE, STALLS_AT_ONCE, MINUTE, POLL_INTERVAL, TRANSACTION -> 0;
        };
    }

    @Test
    void theDocumentSaysHowLongItTakes() throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("| what happens | cause | named within, s | bound, s | announced within, s |");
        lines.add("| --- | --- | --- | --- | --- |");
        for (Injection injection : Injection.values()) {
            lines.add("| " + injection.words() + " | `" + injection.cause() + "` | " + seconds(named(injection)) + " | "
                    + injection.boundSeconds() + " | " + seconds(announced(injection)) + " |");
        }

        new GeneratedText("docs/simulation.md", "naming").mustBe(lines);
    }

    /** Rounds up to half seconds. */
    private static String seconds(double seconds) {
        return seconds < 0 ? "–" : String.format(Locale.ROOT, "%.1f", Math.ceil(2 * seconds) / 2);
    }
}

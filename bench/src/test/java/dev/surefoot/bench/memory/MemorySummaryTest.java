package dev.surefoot.bench.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MemorySummaryTest {

    @Test
    void speedIsAMedianAndMemoryThePeakOfTheCountedRounds() {
        List<MemorySummary> summaries = MemorySummary.of(List.of(
                result(Pace.FAST, 0, 9, 999),
                result(Pace.FAST, 1, 3, 50),
                result(Pace.FAST, 2, 1, 80),
                result(Pace.FAST, 3, 2, 60)));

        assertThat(summaries).containsExactly(new MemorySummary(Pace.FAST, 100, 3, 2, 80, 81, 0));
        assertThat(summaries.get(0).heldPart()).isEqualTo(0.8);
    }

    @Test
    void pacesAreKeptApart() {
        List<MemorySummary> summaries =
                MemorySummary.of(List.of(result(Pace.FAST, 1, 3, 50), result(Pace.SLOW, 1, 1, 80)));

        assertThat(summaries).extracting(MemorySummary::pace).containsExactly(Pace.FAST, Pace.SLOW);
    }

    private static MemoryResult result(Pace pace, int round, double mbPerSecond, long held) {
        return new MemoryResult(pace, 100, round, new MemoryFigures(10, mbPerSecond, held, held + 1, 5, 0));
    }
}

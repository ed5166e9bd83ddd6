package dev.surefoot.bench.memory;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * All rounds of one pace and buffer: medians, and for the peaks the highest.
 *
 * @param rounds how many there were, without those that warm up
 */
public record MemorySummary(
        Pace pace,
        long bufferBytes,
        int rounds,
        double mbPerSecond,
        long peakHeldBytes,
        long peakDirectBytes,
        double recoveryMillis) {

    /** Summarises all results of a run, in the order in which they first appear. */
    public static List<MemorySummary> of(List<MemoryResult> results) {
        return results.stream()
                .map(result -> new Group(result.pace(), result.bufferBytes()))
                .distinct()
                .map(group -> group.summary(results))
                .toList();
    }

    /** Returns the most bytes held, as a fraction of the bound. */
    public double heldPart() {
        return (double) peakHeldBytes / bufferBytes;
    }

    private record Group(Pace pace, long bufferBytes) {
        MemorySummary summary(List<MemoryResult> results) {
            List<MemoryFigures> all = results.stream()
                    .filter(result -> result.pace() == pace && result.bufferBytes() == bufferBytes)
                    .filter(result -> result.round() > 0)
                    .map(MemoryResult::figures)
                    .toList();
            return new MemorySummary(
                    pace,
                    bufferBytes,
                    all.size(),
                    median(all, MemoryFigures::mbPerSecond),
                    all.stream().mapToLong(MemoryFigures::peakHeldBytes).max().orElse(0),
                    all.stream().mapToLong(MemoryFigures::peakDirectBytes).max().orElse(0),
                    median(all, MemoryFigures::recoveryMillis));
        }
    }

    private static double median(List<MemoryFigures> figures, ToDoubleFunction<MemoryFigures> figure) {
        return Timeline.median(figures.stream().mapToDouble(figure).toArray());
    }
}

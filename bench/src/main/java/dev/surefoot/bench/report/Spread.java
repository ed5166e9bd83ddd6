package dev.surefoot.bench.report;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The middle of some measurements, and how far they lie apart. */
public record Spread(double median, double min, double max) {

    /** The spread of what was measured; empty if any of it was not, or if there is nothing. */
    public static Optional<Spread> of(Collection<? extends @Nullable Double> measured) {
        if (measured.isEmpty() || measured.stream().anyMatch(Objects::isNull)) {
            return Optional.empty();
        }
        List<Double> sorted =
                measured.stream().map(Objects::requireNonNull).sorted().toList();
        int middle = sorted.size() / 2;
        double median = sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
        return Optional.of(new Spread(median, sorted.get(0), sorted.get(sorted.size() - 1)));
    }
}

package dev.surefoot.bench.report;

import dev.surefoot.bench.Median;
import java.util.Collection;
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
        double[] sorted =
                measured.stream().mapToDouble(Objects::requireNonNull).sorted().toArray();
        return Optional.of(new Spread(Median.of(sorted), sorted[0], sorted[sorted.length - 1]));
    }
}

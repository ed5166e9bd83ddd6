package dev.surefoot.bench.report;

import dev.surefoot.bench.Median;
import java.util.Collection;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The median, least and greatest of some measurements. */
public record Spread(double median, double min, double max) {

    /** Returns the spread of measurements; empty if one of them is missing, or if there are none. */
    public static Optional<Spread> of(Collection<? extends @Nullable Double> measured) {
        if (measured.isEmpty() || measured.stream().anyMatch(Objects::isNull)) {
            return Optional.empty();
        }
        double[] sorted =
                measured.stream().mapToDouble(Objects::requireNonNull).sorted().toArray();
        return Optional.of(new Spread(Median.of(sorted), sorted[0], sorted[sorted.length - 1]));
    }
}

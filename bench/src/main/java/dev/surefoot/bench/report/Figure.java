package dev.surefoot.bench.report;

import org.jspecify.annotations.Nullable;

/** One of the figures of a round, such as {@code RoundFigures::mbPerSecond}. */
@FunctionalInterface
public interface Figure {

    /** Returns its value in this round, or null if it was not measured. */
    @Nullable Double of(RoundFigures round);
}

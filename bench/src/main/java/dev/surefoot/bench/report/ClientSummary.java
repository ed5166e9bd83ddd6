package dev.surefoot.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The rounds of one client with one workload.
 *
 * @param cold its first round, if that was measured
 * @param warm the rounds after that
 */
public record ClientSummary(String workload, String client, Optional<RoundFigures> cold, List<RoundFigures> warm) {

    /** Returns the spread of one figure over the warm rounds; empty if it was not measured. */
    public Optional<Spread> spread(Figure figure) {
        List<@Nullable Double> measured = new ArrayList<>();
        for (RoundFigures round : warm) {
            measured.add(figure.of(round));
        }
        return Spread.of(measured);
    }

    /** Returns the median of one figure over the warm rounds; empty if it was not measured. */
    public Optional<Double> median(Figure figure) {
        return spread(figure).map(Spread::median);
    }

    /** Returns the ratio of the records per second to those of the other, by the medians of the warm rounds. */
    public Optional<Double> timesAsFastAs(ClientSummary other) {
        return ratioTo(other, RoundFigures::recordsPerSecond);
    }

    /** Returns the ratio of a figure to that of the other, by the medians of the warm rounds. */
    public Optional<Double> ratioTo(ClientSummary other, Figure figure) {
        return median(figure).flatMap(mine -> other.median(figure).map(theirs -> mine / theirs));
    }
}

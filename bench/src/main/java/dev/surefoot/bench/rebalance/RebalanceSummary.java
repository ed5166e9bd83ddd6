package dev.surefoot.bench.rebalance;

import dev.surefoot.bench.Median;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * The medians of the rounds of one change, of all consumers.
 *
 * @param members how many members the group had besides the one that joined, left or died
 */
public record RebalanceSummary(int members, GroupKind kind, Change change, List<RebalanceResult> results) {

    /** Summarises the counted rounds, in the order in which they were measured first. */
    public static List<RebalanceSummary> of(List<RebalanceResult> results) {
        List<RebalanceResult> counted =
                results.stream().filter(each -> each.round() > 0).toList();
        return counted.stream()
                .map(each -> new Key(each.members(), each.kind(), each.figures().change()))
                .distinct()
                .map(key -> key.summary(counted))
                .toList();
    }

    private record Key(int members, GroupKind kind, Change change) {

        RebalanceSummary summary(List<RebalanceResult> results) {
            return new RebalanceSummary(
                    members,
                    kind,
                    change,
                    results.stream()
                            .filter(each -> each.members() == members
                                    && each.kind() == kind
                                    && each.figures().change() == change)
                            .toList());
        }
    }

    /** Returns the median of a figure of one consumer; empty if it was not measured. */
    public Optional<Double> median(Subject subject, ToDoubleFunction<RebalanceFigures> figure) {
        double[] values = results.stream()
                .filter(each -> each.subject() == subject)
                .mapToDouble(each -> figure.applyAsDouble(each.figures()))
                .toArray();
        return values.length == 0 ? Optional.empty() : Optional.of(Median.of(values));
    }

    /** Returns how many rounds were measured of the consumer with the fewest. */
    public long rounds() {
        return List.of(Subject.values()).stream()
                .mapToLong(subject -> results.stream()
                        .filter(each -> each.subject() == subject)
                        .count())
                .filter(count -> count > 0)
                .min()
                .orElse(0);
    }
}

package dev.surefoot.runtime;

import dev.surefoot.progress.PartitionProgress;
import dev.surefoot.progress.StallCause;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.function.ToDoubleFunction;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.metrics.Measurable;
import org.apache.kafka.common.metrics.Metrics;

/**
 * The metrics of progress and of stalls, which only Surefoot has. Each is computed when it is read. {@link
 * PartitionMeters} adds and removes partitions, in one thread at a time; causes are added by the loop's.
 */
final class ProgressMeter {
    static final String GROUP = "surefoot-progress-metrics";

    private static final double MILLI_NANOS = 1e6;
    private static final double SECOND_NANOS = 1e9;

    /** A figure of all partitions together. */
    private record Figure(String name, String description, ToDoubleFunction<ProgressTotals.Totals> value) {}

    private static final List<Figure> FIGURES = List.of(
            new Figure(
                    "time-lag-max-ms",
                    "The age of the oldest record that is not read yet, as far as it is known",
                    ProgressTotals.Totals::timeLagMaxMs),
            new Figure(
                    "unproven-partitions",
                    "Partitions whose end is not known for certain at present",
                    ProgressTotals.Totals::unproven),
            new Figure(
                    "stale-proof-age-max-ms",
                    "The age of the oldest knowledge of a partition's end that is not certain any more",
                    ProgressTotals.Totals::staleProofMaxMs),
            new Figure(
                    "pinned-offsets-max",
                    "The most offsets of a partition that an open transaction keeps from being read",
                    totals -> (double) totals.pinnedMax()));

    /** A figure of one partition. */
    private record OfPartition(String name, String description, ToDoubleFunction<PartitionProgress> value) {}

    private static final List<OfPartition> OF_PARTITION = List.of(
            new OfPartition("cause", "The number of the cause in the list of StallCause", ProgressMeter::cause),
            new OfPartition(
                    "since-advance-ms",
                    "How long ago the position moved, or was set",
                    each -> ProgressTotals.millis(each.sinceAdvance())),
            new OfPartition(
                    "time-lag-ms",
                    "The age of the oldest record that is not read yet, if it is known",
                    each -> each.timeLag().value().map(ProgressTotals::millis).orElse(Double.NaN)),
            new OfPartition("fetch-lead", "Offsets that were fetched and are not read yet", ProgressMeter::fetchLead),
            new OfPartition(
                    "proof-age-ms",
                    "How long ago a broker told where the partition ends",
                    each -> ProgressTotals.millis(each.proof().age())),
            new OfPartition(
                    "in-per-second",
                    "Offsets per second that the end of the partition moves",
                    each -> each.rates().inPerSecond10s()),
            new OfPartition(
                    "out-per-second",
                    "Offsets per second that the application reads",
                    each -> each.rates().outPerSecond10s()));

    @SuppressWarnings("EnumOrdinal") // metrics are numbers, and this one is documented
    private static double cause(PartitionProgress progress) {
        return progress.why().cause().ordinal();
    }

    private static double fetchLead(PartitionProgress progress) {
        return progress.fetchPosition().isPresent() && progress.position().isPresent()
                ? (double) (progress.fetchPosition().getAsLong()
                        - progress.position().getAsLong())
                : Double.NaN;
    }

    private final Metrics metrics;
    private final Progress progress;
    private final GuardReports reports;
    private final int partitionsMax;
    /** The partitions that are to have metrics. */
    private final Set<TopicPartition> chosen = new HashSet<>();

    private final Map<TopicPartition, MetricScope> partitions = new HashMap<>();
    private final Set<StallCause> causes = EnumSet.noneOf(StallCause.class);

    /** @param partitionsMax {@code surefoot.progress.metrics.partitions.max} */
    ProgressMeter(Metrics metrics, Progress progress, GuardReports reports, int partitionsMax) {
        this.metrics = metrics;
        this.progress = progress;
        this.reports = reports;
        this.partitionsMax = partitionsMax;
        ProgressTotals totals = new ProgressTotals(progress);
        MetricScope client = MetricScope.ofClient(metrics);
        for (Figure figure : FIGURES) {
            add(
                    client,
                    figure.name(),
                    figure.description(),
                    () -> figure.value().applyAsDouble(totals.now()));
        }
        severity("fine", totals, each -> each.summary().fine());
        severity("waiting", totals, each -> each.summary().waiting());
        severity("stalled", totals, each -> each.summary().stalled());
        severity("failed", totals, each -> each.summary().failed());
        add(
                client,
                "stall-age-max-ms",
                "The age of the oldest stall that lasts, or 0",
                () -> reports.counts().oldestNanos(progress.nanos()) / MILLI_NANOS);
        add(
                client,
                "loop-turn-age-ms",
                "By how much the present turn of the consumer's thread is late, or 0",
                () -> progress.lateNanos() / MILLI_NANOS);
        add(
                client,
                "loop-turn-max-ms",
                "The most by which a turn of the consumer's thread was late",
                () -> progress.latestNanos() / MILLI_NANOS);
    }

    private void severity(String name, ProgressTotals totals, ToDoubleFunction<ProgressTotals.Totals> value) {
        MetricScope scope = MetricScope.ofTag(metrics, "severity", name);
        add(scope, "partitions", "Assigned partitions by severity", () -> value.applyAsDouble(totals.now()));
    }

    private static void add(MetricScope scope, String name, String description, DoubleSupplier value) {
        Measurable measurable = (config, nowMs) -> value.getAsDouble();
        scope.add(name, GROUP, description, measurable);
    }

    /** Adds the metrics of a cause when it has its first stall. */
    void stalled(StallCause cause) {
        if (!causes.add(cause)) {
            return;
        }
        MetricScope scope = MetricScope.ofTag(metrics, "cause", cause.name());
        add(scope, "stalls-total", "Stalls of this cause", () ->
                (double) reports.counts().of(cause).stalls());
        add(
                scope,
                "stall-seconds-total",
                "Seconds for which stalls of this cause lasted",
                () -> reports.counts().of(cause).nanos(progress.nanos()) / SECOND_NANOS);
    }

    /**
     * Sets the partitions that are to have metrics: these, or as many of them as may have some.
     *
     * @return those that are to be settled
     */
    Set<TopicPartition> assigned(Collection<TopicPartition> assignment) {
        chosen.retainAll(assignment);
        for (TopicPartition partition : assignment) {
            if (chosen.size() >= partitionsMax) {
                break;
            }
            chosen.add(partition);
        }
        Set<TopicPartition> unsettled = new HashSet<>(chosen);
        unsettled.addAll(partitions.keySet());
        unsettled.removeIf(partition -> chosen.contains(partition) && partitions.containsKey(partition));
        return unsettled;
    }

    /** Registers the metrics of a partition, or removes them if it is to have none. */
    void settle(TopicPartition partition) {
        if (!chosen.contains(partition)) {
            MetricScope scope = partitions.remove(partition);
            if (scope != null) {
                scope.close();
            }
        } else if (!partitions.containsKey(partition)) {
            MetricScope scope = MetricScope.ofPartition(metrics, partition);
            partitions.put(partition, scope);
            OF_PARTITION.forEach(figure -> add(scope, figure, partition));
        }
    }

    private void add(MetricScope scope, OfPartition figure, TopicPartition partition) {
        add(scope, figure.name(), figure.description(), () -> figure.value().applyAsDouble(progress.of(partition)));
    }
}

package dev.surefoot.runtime;

import java.util.function.DoubleUnaryOperator;
import org.apache.kafka.common.metrics.Measurable;
import org.apache.kafka.common.metrics.MetricConfig;

/**
 * The lag and the lead of one partition. Registering a metric costs as much as reading a hundred records, and most
 * partitions of a large assignment may be idle. So the metrics are registered with the first value, those of extremes
 * and averages with the first change. Recorded by the application's thread.
 */
final class PartitionLag {
    private final MetricScope scope;
    private final String group;
    private final Quantity lags;
    private final Quantity leads;
    private boolean known;
    private boolean moving;
    private final DoubleUnaryOperator byProof;
    private volatile double lag = Double.NaN;
    private volatile double lead = Double.NaN;

    /** @param byProof gives the lag as of now, given that of the application's last poll; NaN while it is uncertain */
    PartitionLag(MetricScope scope, MetricConfig config, String group, DoubleUnaryOperator byProof) {
        this.byProof = byProof;
        this.scope = scope;
        this.group = group;
        this.lags = new Quantity(config);
        this.leads = new Quantity(config);
    }

    /** The lag in records, NaN while it is not known. */
    double lag() {
        return byProof.applyAsDouble(lag);
    }

    /** The lead in records, NaN while it is not known. */
    double lead() {
        return lead;
    }

    void record(double newLag, double newLead, boolean read, long nowMs) {
        boolean unchanged = same(lag, newLag) && same(lead, newLead);
        boolean moved = read || (known && !unchanged);
        if (!known && !(Double.isNaN(newLag) && Double.isNaN(newLead))) {
            registerValues();
        }
        if (known && moved && !moving) {
            registerWindows();
        }
        lag = newLag;
        lead = newLead;
        if (!Double.isNaN(newLag)) {
            lags.record(newLag, nowMs);
        }
        if (!Double.isNaN(newLead)) {
            leads.record(newLead, nowMs);
        }
    }

    private static boolean same(double one, double other) {
        return Double.compare(one, other) == 0;
    }

    private void registerValues() {
        known = true;
        Measurable lagNow = (config, nowMs) -> lag();
        Measurable leadNow = (config, nowMs) -> lead;
        scope.add("records-lag", group, "Records between the position and the end of what may be read", lagNow);
        scope.add("records-lead", group, "Records between the start of the log and the position", leadNow);
    }

    private void registerWindows() {
        moving = true;
        scope.add("records-lag-max", group, "The largest lag in this window", StandingStat.max(lags, this::lag));
        scope.add("records-lag-avg", group, "The average lag in this window", StandingStat.avg(lags, this::lag));
        scope.add("records-lead-min", group, "The smallest lead in this window", StandingStat.min(leads, this::lead));
        scope.add("records-lead-avg", group, "The average lead in this window", StandingStat.avg(leads, this::lead));
    }

    void close() {
        scope.close();
    }
}

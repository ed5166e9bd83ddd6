package dev.surefoot.runtime;

import java.util.function.DoubleUnaryOperator;
import java.util.function.IntSupplier;
import org.apache.kafka.common.metrics.Gauge;
import org.apache.kafka.common.metrics.Measurable;
import org.apache.kafka.common.metrics.MetricConfig;
import org.jspecify.annotations.Nullable;

/**
 * The lag and the lead of one partition. Registering a metric costs as much as reading a hundred records, and most
 * partitions of a large assignment may be idle. So the metrics are registered when there is a first value, those of
 * extremes and averages when there is a first change. Recorded by the application's thread. {@link #register} and
 * {@link #close} are for one thread at a time.
 */
final class PartitionLag {
    /** Statistics over a window, which see what is recorded from the time when they are made. */
    private record Windows(Measurable lagMax, Measurable lagAvg, Measurable leadMin, Measurable leadAvg) {}

    private final MetricScope scope;
    private final String group;
    private final Quantity lags;
    private final Quantity leads;
    private final IntSupplier replica;
    private final DoubleUnaryOperator byProof;
    private volatile boolean known;
    private volatile @Nullable Windows windows;
    private volatile double lag = Double.NaN;
    private volatile double lead = Double.NaN;

    private boolean replicaRegistered;
    private boolean valuesRegistered;
    private boolean windowsRegistered;

    /**
     * @param replica the replica that the partition is read from, or -1; called by any thread
     * @param byProof gives the lag as of now, given that of the application's last poll; NaN while it is uncertain
     */
    PartitionLag(
            MetricScope scope, MetricConfig config, String group, IntSupplier replica, DoubleUnaryOperator byProof) {
        this.scope = scope;
        this.group = group;
        this.lags = new Quantity(config);
        this.leads = new Quantity(config);
        this.replica = replica;
        this.byProof = byProof;
    }

    /** The lag in records, NaN while it is not known. */
    double lag() {
        return byProof.applyAsDouble(lag);
    }

    /** The lead in records, NaN while it is not known. */
    double lead() {
        return lead;
    }

    /** Takes the newest values; returns whether there are more metrics to register from now on. */
    boolean record(double newLag, double newLead, boolean read, long nowMs) {
        boolean unchanged = same(lag, newLag) && same(lead, newLead);
        boolean moved = read || (known && !unchanged);
        boolean more = false;
        if (!known && !(Double.isNaN(newLag) && Double.isNaN(newLead))) {
            known = true;
            more = true;
        }
        if (known && moved && windows == null) {
            windows = new Windows(
                    StandingStat.max(lags, this::lag),
                    StandingStat.avg(lags, this::lag),
                    StandingStat.min(leads, this::lead),
                    StandingStat.avg(leads, this::lead));
            more = true;
        }
        lag = newLag;
        lead = newLead;
        if (!Double.isNaN(newLag)) {
            lags.record(newLag, nowMs);
        }
        if (!Double.isNaN(newLead)) {
            leads.record(newLead, nowMs);
        }
        return more;
    }

    private static boolean same(double one, double other) {
        return Double.compare(one, other) == 0;
    }

    /** The partition is given up: what was recorded does not hold any more. */
    void forget() {
        lag = Double.NaN;
        lead = Double.NaN;
    }

    /** Registers the metrics that there are and that are not registered yet. */
    void register() {
        if (!replicaRegistered) {
            replicaRegistered = true;
            Gauge<Integer> preferred = (config, nowMs) -> replica.getAsInt();
            scope.add("preferred-read-replica", group, "The replica that is read from, -1 for the leader", preferred);
        }
        if (known && !valuesRegistered) {
            valuesRegistered = true;
            Measurable lagNow = (config, nowMs) -> lag();
            Measurable leadNow = (config, nowMs) -> lead;
            scope.add("records-lag", group, "Records between the position and the end of what may be read", lagNow);
            scope.add("records-lead", group, "Records between the start of the log and the position", leadNow);
        }
        Windows made = windows;
        if (made != null && !windowsRegistered) {
            windowsRegistered = true;
            scope.add("records-lag-max", group, "The largest lag in this window", made.lagMax());
            scope.add("records-lag-avg", group, "The average lag in this window", made.lagAvg());
            scope.add("records-lead-min", group, "The smallest lead in this window", made.leadMin());
            scope.add("records-lead-avg", group, "The average lead in this window", made.leadAvg());
        }
    }

    void close() {
        scope.close();
    }
}

package dev.surefoot.runtime;

import dev.surefoot.net.Clock;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.metrics.Measurable;
import org.apache.kafka.common.metrics.Metrics;

/**
 * The metrics of how many partitions are assigned in a group, and of how long the listener takes that is told of them.
 * Recorded by the application's thread, read by any.
 */
final class OwnershipMeter {
    private static final double NANOS_PER_MS = TimeUnit.MILLISECONDS.toNanos(1);

    /** What a listener is told. */
    enum Told {
        REVOKED,
        ASSIGNED,
        LOST
    }

    private final Clock clock;
    private final Quantity revoked;
    private final Quantity taken;
    private final Quantity lost;
    private volatile int assigned;

    OwnershipMeter(Metrics metrics, String group, Clock clock) {
        this.clock = clock;
        MetricScope client = MetricScope.ofClient(metrics);
        Measurable partitions = (config, nowMs) -> assigned;
        client.add("assigned-partitions", group, "Partitions that are assigned to this consumer", partitions);
        revoked = latency(metrics, group, "revoked");
        taken = latency(metrics, group, "assigned");
        lost = latency(metrics, group, "lost");
    }

    private static Quantity latency(Metrics metrics, String group, String told) {
        MetricScope client = MetricScope.ofClient(metrics);
        Quantity latency = new Quantity(metrics.config());
        String name = "partition-" + told + "-latency-";
        String of = " milliseconds that the listener takes for partitions that are " + told;
        client.add(name + "avg", group, "Average" + of, latency.avg());
        client.add(name + "max", group, "Most" + of, latency.max());
        return latency;
    }

    void assigned(int partitions) {
        assigned = partitions;
    }

    /** Calls the listener, and records how long that takes, also if it throws. */
    void time(Told told, Runnable listenerCall) {
        long startNanos = clock.nanos();
        try {
            listenerCall.run();
        } finally {
            quantity(told).record((clock.nanos() - startNanos) / NANOS_PER_MS, clock.epochMillis());
        }
    }

    private Quantity quantity(Told told) {
        return switch (told) {
            case REVOKED -> revoked;
            case ASSIGNED -> taken;
            case LOST -> lost;
        };
    }
}

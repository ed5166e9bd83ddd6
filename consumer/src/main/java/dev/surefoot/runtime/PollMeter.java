package dev.surefoot.runtime;

import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.metrics.Measurable;
import org.apache.kafka.common.metrics.Metrics;

/**
 * The metrics of how often the application polls, and of the fraction of its time that this takes. Recorded by the
 * application's thread.
 */
final class PollMeter {
    private static final double NANOS_PER_MS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final double NEVER_POLLED = -1;

    private final Quantity betweenPolls;
    private final Quantity idleRatio;
    private boolean polled;
    private long startNanos;
    private long endNanos;
    /** Milliseconds since the epoch, 0 before the first poll. Read by any thread. */
    private volatile long lastPollMs;

    PollMeter(Metrics metrics, String group) {
        MetricScope client = MetricScope.ofClient(metrics);
        betweenPolls = new Quantity(metrics.config());
        idleRatio = new Quantity(metrics.config());
        Measurable secondsAgo = (config, nowMs) -> secondsSinceLastPoll(nowMs);
        client.add(
                "last-poll-seconds-ago",
                group,
                "Seconds since poll was last called, -1 before the first call",
                secondsAgo);
        client.add(
                "time-between-poll-avg",
                group,
                "Average milliseconds from one call of poll to the next",
                betweenPolls.avg());
        client.add(
                "time-between-poll-max",
                group,
                "Most milliseconds from one call of poll to the next",
                betweenPolls.max());
        client.add(
                "poll-idle-ratio-avg",
                group,
                "Average fraction of the time between two returns of poll that was spent within poll",
                idleRatio.avg());
    }

    private double secondsSinceLastPoll(long nowMs) {
        long last = lastPollMs;
        return last == 0 ? NEVER_POLLED : TimeUnit.MILLISECONDS.toSeconds(Math.max(0, nowMs - last));
    }

    /** For how long the application has been out of poll, in nanoseconds; 0 before its first poll. */
    long outsideNanos(long nowNanos) {
        return polled ? nowNanos - endNanos : 0;
    }

    void started(long nowNanos, long nowMs) {
        if (polled) {
            betweenPolls.record((nowNanos - startNanos) / NANOS_PER_MS, nowMs);
        }
        startNanos = nowNanos;
        lastPollMs = nowMs;
    }

    void ended(long nowNanos, long nowMs) {
        long within = nowNanos - startNanos;
        long all = polled ? nowNanos - endNanos : within;
        if (all > 0) {
            idleRatio.record((double) within / all, nowMs);
        }
        endNanos = nowNanos;
        polled = true;
    }
}

package dev.surefoot.runtime;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Which partitions have metrics. To register a metric costs as much as to read a hundred records, as JMX registers a
 * bean anew for each; a rebalance that waited for 333 partitions would be 70 ms later ({@code bench rebalance}, eager).
 * So metrics follow the assignment: some with each poll, and the others while the application's thread has nothing to
 * do. Those of a partition that is given up and assigned again meanwhile stay. Partitions are assigned by the
 * application's thread; all else is safe from any thread.
 */
final class PartitionMeters implements Waiting.Upkeep {
    /** How many partitions are settled before the application's thread looks for records again. */
    private static final int PORTION = 16;

    private static final int WITH_EACH_POLL = 4;
    /** What a partition takes is about a fifth of this; so that is the part of the application's time that it costs. */
    private static final long OUTSIDE_NANOS_PER_PARTITION = TimeUnit.MILLISECONDS.toNanos(1);

    private final LagMeter lags;
    private @Nullable ProgressMeter progress;
    private Set<TopicPartition> assignment = Set.of();
    private final Set<TopicPartition> unsettled = new LinkedHashSet<>();
    private volatile boolean due;

    PartitionMeters(LagMeter lags) {
        this.lags = lags;
        lags.tellUnsettled(this::unsettle);
    }

    /** Adds the metrics of progress. Called before partitions are assigned. */
    synchronized void watch(ProgressMeter meter) {
        progress = meter;
    }

    /** Sets the partitions that are to have metrics. */
    synchronized void assigned(Set<TopicPartition> partitions) {
        assignment.stream().filter(each -> !partitions.contains(each)).forEach(unsettled::add);
        partitions.stream().filter(each -> !assignment.contains(each)).forEach(unsettled::add);
        assignment = new HashSet<>(partitions);
        lags.assigned(assignment);
        if (progress != null) {
            unsettled.addAll(progress.assigned(assignment));
        }
        due = !unsettled.isEmpty();
    }

    private synchronized void unsettle(TopicPartition partition) {
        unsettled.add(partition);
        due = true;
    }

    @Override
    public boolean isDue() {
        return due;
    }

    @Override
    public void doSome() {
        settle(PORTION);
    }

    /**
     * Settles some partitions with a poll.
     *
     * @param outsideNanos how long the application was out of poll
     */
    void settleWithPoll(long outsideNanos) {
        if (due) {
            settle((int)
                    Math.min(Integer.MAX_VALUE, Math.max(WITH_EACH_POLL, outsideNanos / OUTSIDE_NANOS_PER_PARTITION)));
        }
    }

    /** Settles all partitions, so that a reader sees the metrics of what is assigned now. */
    void settleAll() {
        while (due) {
            settle(PORTION);
        }
    }

    private synchronized void settle(int most) {
        for (int i = 0; i < most && !unsettled.isEmpty(); i++) {
            // A reporter that is told of a metric may ask for all of them, which settles some within this.
            TopicPartition partition = unsettled.iterator().next();
            unsettled.remove(partition);
            lags.settle(partition, assignment.contains(partition));
            if (progress != null) {
                progress.settle(partition);
            }
        }
        due = !unsettled.isEmpty();
    }
}

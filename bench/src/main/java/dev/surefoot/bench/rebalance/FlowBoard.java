package dev.surefoot.bench.rebalance;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;

/**
 * Which member owns which partition, and when each partition delivered records. The members write to it, and who
 * measures reads it. Safe from any thread.
 */
final class FlowBoard {
    private static final int NOBODY = -1;
    private static final int FIRST_CAPACITY = 1 << 16;

    private final LongSupplier nanoClock;
    private final int[] owner;
    private final long[] assignedNanos;
    /** Whether the partition has delivered a record since it was assigned. */
    private final boolean[] flowing;
    /** When it did for the first time. */
    private final long[] flowingNanos;

    private final long[] lastDeliveryNanos;
    private long lastCallbackNanos;

    private int[] ownerBefore;
    private long[] lastDeliveryBefore;

    /** The deliveries since {@link #mark}: of which partition, when, and how many records. */
    private int[] partitions = new int[FIRST_CAPACITY];

    private long[] times = new long[FIRST_CAPACITY];
    private int[] counts = new int[FIRST_CAPACITY];
    private int deliveries;

    /** @param nanoClock {@link System#nanoTime} except in tests */
    FlowBoard(int partitionCount, LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        owner = new int[partitionCount];
        Arrays.fill(owner, NOBODY);
        assignedNanos = new long[partitionCount];
        flowing = new boolean[partitionCount];
        flowingNanos = new long[partitionCount];
        lastDeliveryNanos = new long[partitionCount];
        ownerBefore = owner.clone();
        lastDeliveryBefore = lastDeliveryNanos.clone();
    }

    /** A member owns these partitions from now on. */
    synchronized void assigned(int member, Collection<TopicPartition> gained) {
        lastCallbackNanos = nanoClock.getAsLong();
        for (TopicPartition each : gained) {
            int partition = each.partition();
            owner[partition] = member;
            assignedNanos[partition] = lastCallbackNanos;
            flowing[partition] = false;
        }
    }

    /** A member does not own these partitions any more. */
    synchronized void revoked(int member, Collection<TopicPartition> revoked) {
        lastCallbackNanos = nanoClock.getAsLong();
        for (TopicPartition each : revoked) {
            if (owner[each.partition()] == member) {
                owner[each.partition()] = NOBODY;
            }
        }
    }

    /** A partition has delivered records. */
    synchronized void delivered(int partition, int records) {
        long now = nanoClock.getAsLong();
        if (!flowing[partition]) {
            flowing[partition] = true;
            flowingNanos[partition] = now;
        }
        lastDeliveryNanos[partition] = now;
        if (deliveries == times.length) {
            int capacity = 2 * deliveries;
            partitions = Arrays.copyOf(partitions, capacity);
            times = Arrays.copyOf(times, capacity);
            counts = Arrays.copyOf(counts, capacity);
        }
        partitions[deliveries] = partition;
        times[deliveries] = now;
        counts[deliveries] = records;
        deliveries++;
    }

    /** Begins a measurement: the owners of this moment are those before the change. */
    synchronized void mark() {
        ownerBefore = owner.clone();
        lastDeliveryBefore = lastDeliveryNanos.clone();
        deliveries = 0;
    }

    /**
     * Returns whether so many members own all partitions, each partition has delivered since it was assigned, and no
     * listener was called for so long.
     */
    synchronized boolean isSettled(int members, long quietNanos) {
        return isSettled(members, 0, 0, quietNanos);
    }

    /** Returns the same of a group in which one member, and only that, does not write to this board. */
    synchronized boolean isSettledWithOther(int members, long quietNanos) {
        int share = owner.length / (members + 1);
        return isSettled(members, Math.max(1, share), share + 1, quietNanos);
    }

    private boolean isSettled(int members, int unownedMin, int unownedMax, long quietNanos) {
        Set<Integer> owners = new HashSet<>();
        int unowned = 0;
        for (int partition = 0; partition < owner.length; partition++) {
            if (owner[partition] == NOBODY) {
                unowned++;
            } else if (flowing[partition]) {
                owners.add(owner[partition]);
            } else {
                return false;
            }
        }
        return unowned >= unownedMin
                && unowned <= unownedMax
                && owners.size() == Math.min(members, owner.length)
                && nanoClock.getAsLong() - lastCallbackNanos > quietNanos;
    }

    /** Returns whether any partition has an owner that writes to this board. */
    synchronized boolean isAnyOwned() {
        return Arrays.stream(owner).anyMatch(each -> each != NOBODY);
    }

    /** Returns in words why {@link #isSettled} is false. */
    synchronized String describe() {
        int unowned = 0;
        int silent = 0;
        Set<Integer> owners = new HashSet<>();
        for (int partition = 0; partition < owner.length; partition++) {
            unowned += owner[partition] == NOBODY ? 1 : 0;
            silent += flowing[partition] ? 0 : 1;
            owners.add(owner[partition]);
        }
        return unowned + " partitions without an owner, " + silent + " that deliver nothing, owners " + owners;
    }

    /** Returns the longest time between two deliveries of a partition since the mark, in nanoseconds. */
    synchronized long longestPauseNanos() {
        return longestPauseNanos(owner, Long.MAX_VALUE);
    }

    /**
     * Returns the figures of a change. Called when the group has settled.
     *
     * @param sinceNanos when the change happened, after the mark
     * @param pulseNanos the time between two records written to a partition
     * @param usualPauseNanos the longest pause while nothing happened
     */
    synchronized RebalanceFigures figures(Change change, long sinceNanos, long pulseNanos, long usualPauseNanos) {
        long endNanos = sinceNanos;
        int assigned = 0;
        int kept = 0;
        for (int partition = 0; partition < owner.length; partition++) {
            if (assignedNanos[partition] - sinceNanos > 0) {
                assigned++;
                endNanos = Math.max(endNanos, flowingNanos[partition]);
            }
            kept += owner[partition] == ownerBefore[partition] ? 1 : 0;
        }
        long records = 0;
        for (int i = 0; i < deliveries; i++) {
            if (owner[partitions[i]] == ownerBefore[partitions[i]] && times[i] >= sinceNanos && times[i] <= endNanos) {
                records += counts[i];
            }
        }
        double written = kept * (double) (endNanos - sinceNanos) / pulseNanos;
        return new RebalanceFigures(
                change,
                millis(endNanos - sinceNanos),
                assigned,
                kept,
                records,
                written == 0 ? 1 : Math.round(1e3 * records / written) / 1e3,
                millis(longestPauseNanos(ownerBefore, endNanos)),
                millis(usualPauseNanos));
    }

    /** Returns the longest pause of the partitions that have these owners still, of those that began before the end. */
    private long longestPauseNanos(int[] ownersThen, long endNanos) {
        long longest = 0;
        long[] last = lastDeliveryBefore.clone();
        for (int i = 0; i < deliveries; i++) {
            int partition = partitions[i];
            if (owner[partition] == ownersThen[partition] && last[partition] < endNanos) {
                longest = Math.max(longest, times[i] - last[partition]);
            }
            last[partition] = times[i];
        }
        return longest;
    }

    private static double millis(long nanos) {
        return Math.round(nanos / 1e5) / 10.0;
    }
}

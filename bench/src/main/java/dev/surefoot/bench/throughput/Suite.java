package dev.surefoot.bench.throughput;

import java.util.ArrayList;
import java.util.List;

/** The named lists of workloads. */
public enum Suite {
    /** The three most important workloads, in a minute or two. */
    QUICK,
    /** The workloads for which docs/performance.md has goals. */
    GOALS,
    /** The goals, and every other workload that changes how fast a topic is read. */
    ALL;

    private static final int SMALL = 100;
    private static final int MIDDLE = 1024;
    private static final int LARGE = 10_240;

    /** Records of 1 KB where each costs more than a plain one. */
    private static final long COSTLY_RECORDS = 1_000_000;

    /** Returns the workloads of this suite, in the order in which they are run. */
    public List<Workload> workloads() {
        return switch (this) {
            case QUICK ->
                List.of(
                        Workload.ofValues(SMALL).withRecords(3_000_000),
                        Workload.ofValues(MIDDLE).withRecords(600_000),
                        Workload.ofValues(MIDDLE).withRecords(300_000).withCompression(Compression.LZ4));
            case GOALS -> goals();
            case ALL -> all();
        };
    }

    private static List<Workload> goals() {
        Workload middle = Workload.ofValues(MIDDLE);
        List<Workload> workloads = new ArrayList<>(List.of(Workload.ofValues(SMALL), middle, Workload.ofValues(LARGE)));
        for (Compression codec : Compression.values()) {
            if (codec != Compression.NONE) {
                workloads.add(middle.withCompression(codec).withRecords(COSTLY_RECORDS));
            }
        }
        return List.copyOf(workloads);
    }

    private static List<Workload> all() {
        Workload middle = Workload.ofValues(MIDDLE);
        List<Workload> workloads = new ArrayList<>(goals());
        workloads.add(Workload.ofValues(SMALL).asStrings());
        workloads.add(middle.asStrings());
        workloads.add(middle.withPartitions(1));
        workloads.add(middle.withPartitions(100));
        workloads.add(middle.withPartitions(1000).withRecords(COSTLY_RECORDS));
        workloads.add(middle.withHeaders(3).withRecords(COSTLY_RECORDS));
        workloads.add(middle.committed().withRecords(COSTLY_RECORDS));
        workloads.add(Workload.ofValues(SMALL).committed().withRecords(5 * COSTLY_RECORDS));
        return List.copyOf(workloads);
    }
}

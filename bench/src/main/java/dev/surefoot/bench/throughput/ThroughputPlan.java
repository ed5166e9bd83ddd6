package dev.surefoot.bench.throughput;

import java.util.List;

/**
 * What to measure.
 *
 * @param workloads one after the other, each with a topic of its own
 * @param clients each in a process of its own
 * @param warmRounds rounds after the cold one, at least 1
 * @param jvmFlags the options of every client's JVM
 */
public record ThroughputPlan(List<Workload> workloads, List<Client> clients, int warmRounds, List<String> jvmFlags) {

    /** A heap that is fixed, so that no round pays for its growth; all else is the JVM's choice. */
    public static final List<String> DEFAULT_JVM_FLAGS = List.of("-Xms1g", "-Xmx1g");

    public ThroughputPlan {
        workloads = List.copyOf(workloads);
        clients = List.copyOf(clients);
        jvmFlags = List.copyOf(jvmFlags);
        if (warmRounds < 1) {
            throw new IllegalArgumentException("warm rounds must be at least 1, got " + warmRounds);
        }
    }
}

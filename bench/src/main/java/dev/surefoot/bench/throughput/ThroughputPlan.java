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

    public ThroughputPlan {
        workloads = List.copyOf(workloads);
        clients = clients.stream().distinct().toList();
        jvmFlags = List.copyOf(jvmFlags);
        if (warmRounds < 1) {
            throw new IllegalArgumentException("warm rounds must be at least 1, got " + warmRounds);
        }
    }
}

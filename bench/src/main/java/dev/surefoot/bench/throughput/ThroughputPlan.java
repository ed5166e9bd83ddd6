package dev.surefoot.bench.throughput;

import java.util.List;

/**
 * What to measure.
 *
 * @param workloads one after the other, each with a topic of its own
 * @param clients each in a process of its own
 * @param warmUps rounds after the cold one that are not reported, 0 or more: a JVM continues to compile for some
 *     seconds
 * @param warmRounds rounds after those, at least 1
 * @param jvmFlags the options of every client's JVM
 */
public record ThroughputPlan(
        List<Workload> workloads, List<Client> clients, int warmUps, int warmRounds, List<String> jvmFlags) {

    public ThroughputPlan {
        workloads = List.copyOf(workloads);
        clients = clients.stream().distinct().toList();
        jvmFlags = List.copyOf(jvmFlags);
        if (warmUps < 0) {
            throw new IllegalArgumentException("warm-ups must be at least 0, got " + warmUps);
        }
        if (warmRounds < 1) {
            throw new IllegalArgumentException("warm rounds must be at least 1, got " + warmRounds);
        }
    }
}

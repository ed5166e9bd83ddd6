package dev.surefoot.testkit.chaos;

import dev.surefoot.testkit.cluster.KafkaCluster;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;

/** What happens to the brokers and to the connections to them, all at once. */
final class ChaosFaults {
    private final List<Future<Map<GateFaults.Fault, Integer>>> gates;
    private final Future<Integer> outages;

    /** Starts them on threads of their own; they end when they may not go on. */
    ChaosFaults(KafkaCluster cluster, ExecutorService threads, SplittableRandom random, BooleanSupplier goOn) {
        gates = cluster.brokerIds().stream()
                .map(broker -> threads.submit(new GateFaults(cluster.gate(broker), random.split(), goOn)))
                .toList();
        outages = threads.submit(new BrokerOutages(cluster, random.split(), goOn));
    }

    /** Waits for their end and returns what they were, in words. All brokers run then, and all gates are open. */
    String ended() throws ExecutionException, InterruptedException {
        StringBuilder caused = new StringBuilder(outages.get() + " outages, faults");
        for (Future<Map<GateFaults.Fault, Integer>> atOneGate : gates) {
            caused.append(' ').append(atOneGate.get());
        }
        return caused.toString();
    }
}

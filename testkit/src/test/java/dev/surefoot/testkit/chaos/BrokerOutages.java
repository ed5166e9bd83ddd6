package dev.surefoot.testkit.chaos;

import dev.surefoot.testkit.cluster.KafkaCluster;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Ends brokers one after another, some by a kill and some in an orderly way, and starts each again. Leaves all running.
 */
final class BrokerOutages implements Callable<Integer> {
    private final KafkaCluster cluster;
    private final SplittableRandom random;
    private final BooleanSupplier goOn;

    BrokerOutages(KafkaCluster cluster, SplittableRandom random, BooleanSupplier goOn) {
        this.cluster = cluster;
        this.random = random;
        this.goOn = goOn;
    }

    /** Returns how many outages there were. */
    @Override
    public Integer call() {
        int outages = 0;
        List<Integer> brokers = List.copyOf(cluster.brokerIds());
        while (goOn.getAsBoolean()) {
            int broker = brokers.get(outages % brokers.size());
            if (random.nextInt(3) == 0) {
                cluster.stop(broker);
            } else {
                cluster.kill(broker);
            }
            LockSupport.parkNanos(Duration.ofMillis(random.nextInt(4_000)).toNanos());
            cluster.start(broker);
            // Only then is it safe to take the next one: every acknowledged record is on two brokers at least.
            cluster.awaitAllInSync();
            cluster.electPreferredLeaders();
            outages++;
        }
        return outages;
    }
}

package dev.surefoot.bench.latency;

import dev.surefoot.bench.worker.Orders;

/** The JVM in which a consumer is measured. */
final class LatencyWorker {
    private LatencyWorker() {}

    /** Serves orders until standard input ends. */
    public static void main(String[] args) throws InterruptedException {
        Orders.serve(LatencyOrder.class, order -> new LatencyRound(order).run());
    }
}

package dev.surefoot.bench.latency;

import dev.surefoot.bench.worker.Orders;

/** The JVM that a consumer is measured in. */
final class LatencyWorker {
    private LatencyWorker() {}

    public static void main(String[] args) throws InterruptedException {
        Orders.serve(LatencyOrder.class, order -> new LatencyRound(order).run());
    }
}

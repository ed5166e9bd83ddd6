package dev.surefoot.bench.rebalance;

import dev.surefoot.bench.worker.Orders;

/** The JVM in which the members of a group live. */
final class RebalanceWorker {
    private RebalanceWorker() {}

    /** Serves orders until standard input ends. */
    public static void main(String[] args) throws InterruptedException {
        Orders.serve(RebalanceOrder.class, order -> {
            try (RebalanceRound round = new RebalanceRound(order)) {
                return round.run();
            }
        });
    }
}

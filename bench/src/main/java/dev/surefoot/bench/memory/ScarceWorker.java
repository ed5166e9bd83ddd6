package dev.surefoot.bench.memory;

import dev.surefoot.bench.worker.Orders;

/** A JVM with little memory. */
final class ScarceWorker {
    private ScarceWorker() {}

    /** Serves orders until standard input ends. */
    public static void main(String[] args) throws InterruptedException {
        Orders.serve(ScarceOrder.class, order -> new ScarceTrial(order).run());
    }
}

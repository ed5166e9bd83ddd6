package dev.surefoot.bench.memory;

import dev.surefoot.bench.worker.Orders;

/** A JVM that has little memory. */
final class ScarceWorker {
    private ScarceWorker() {}

    public static void main(String[] args) throws InterruptedException {
        Orders.serve(ScarceOrder.class, order -> new ScarceTrial(order).run());
    }
}

package dev.surefoot.bench.memory;

import dev.surefoot.bench.worker.Orders;

/** The JVM whose memory is measured. */
final class MemoryWorker {
    private MemoryWorker() {}

    /** Serves orders until standard input ends. */
    public static void main(String[] args) throws InterruptedException {
        Orders.serve(MemoryOrder.class, order -> new MemoryTrial(order).run());
    }
}

package dev.surefoot.core.delivery;

import dev.surefoot.core.handover.Delivery;
import dev.surefoot.core.records.BatchesAhead;

/** Decompresses batches on other threads before the application reads them. Called on the application's thread. */
@FunctionalInterface
public interface ReadAhead {

    /** Decompresses nothing ahead; the application's thread decompresses each batch when it reads it. */
    ReadAhead NONE = records -> BatchesAhead.NONE;

    /**
     * Begins with the batches of a delivery. Each thread that reads its bytes keeps a hold on its lease.
     *
     * @return the source of the decompressed batches, which the caller must release
     */
    BatchesAhead begin(Delivery.Records records);
}

package dev.surefoot.core.delivery;

import dev.surefoot.core.handover.Delivery;
import dev.surefoot.core.records.BatchesAhead;

/** Whoever decompresses batches before the application gets to them. Called on the application's thread. */
@FunctionalInterface
public interface ReadAhead {

    /** The application's thread decompresses all when it comes to it. */
    ReadAhead NONE = records -> BatchesAhead.NONE;

    /**
     * Begins with what has arrived. As long as its bytes are read by another thread, their lease is held.
     *
     * @return what the application takes the batches from; it is always dropped in the end
     */
    BatchesAhead begin(Delivery.Records records);
}

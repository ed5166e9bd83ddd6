package dev.surefoot.progress;

import java.time.Duration;

/**
 * Is told what keeps partitions from advancing, within a second. All methods but {@link #passedOver} are called on the
 * consumer's own thread, in order. They must return soon, as nothing is fetched meanwhile. Of the consumer they may
 * call what is safe from any thread. What they throw is logged once and changes nothing.
 */
public interface ProgressListener {
    /** Called when a partition has another cause than before, stall or not. A busy consumer has several a second. */
    default void changed(Change change) {}

    /**
     * Called when a stall has begun: its cause has outlasted the patience with it. Not called for {@link
     * StallCause#LOOP_STUCK} and {@link StallCause#LOOP_DEAD}, as the thread that would call it is the one that stands
     * still: the thread that polls logs the first and is thrown the second.
     */
    default void stalled(Stall stall) {}

    /**
     * Called when a stall has been over for five seconds.
     *
     * @param lasted how long the partitions stood still
     */
    default void ended(Stall stall, Duration lasted) {}

    /** Called when an attempt of the consumer to mend what keeps partitions from advancing has ended. */
    default void recovering(RecoveryStep step) {}

    /**
     * Called when a bad record or batch is passed over, before the position moves past it. Called on the application's
     * thread, within {@code poll} or {@code visit}, maybe while another method is called on the consumer's own thread.
     */
    default void passedOver(PassedOver unit) {}
}

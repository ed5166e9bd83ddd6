package dev.surefoot.core.group;

import dev.surefoot.core.handover.MemberIdentity;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * A consumer's part in its group at one moment, to explain what it does not read. Times are nanoseconds of the loop's
 * clock. Immutable.
 *
 * @param phaseNanos since when it is in the phase
 * @param owned how many partitions it owns
 * @param rebalances how many have ended within the last ten minutes
 * @param failure what the application was last thrown about the membership, or null if a rebalance has succeeded since
 * @param evicted whether the last membership ended because the application was not in poll for too long
 */
public record GroupView(
        MemberIdentity identity,
        MemberPhase phase,
        long phaseNanos,
        CoordinatorStanding coordinator,
        int owned,
        int rebalances,
        @Nullable KafkaException failure,
        boolean evicted,
        Committing committing) {

    /**
     * How commits fare.
     *
     * @param failures how many have failed since the last that succeeded
     * @param failingNanos when the first of these failed, in nanoseconds of the loop's clock
     * @param failure why the last one failed, or null if it has not
     */
    public record Committing(
            int failures, long failingNanos, @Nullable KafkaException failure) {}
}

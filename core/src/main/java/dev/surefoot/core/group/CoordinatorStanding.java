package dev.surefoot.core.group;

import dev.surefoot.core.error.BrokerError;
import org.jspecify.annotations.Nullable;

/**
 * How far the look-up of a group's coordinator is, to explain why nothing comes from it. Immutable.
 *
 * @param nodeId the coordinator that was found last, or -1
 * @param known whether it is taken for the coordinator still
 * @param wanted whether it is being looked for
 * @param findings how many coordinators in a row were found that have answered nothing yet
 * @param refusal with what brokers refuse, for the time being, to name a coordinator or to be it; or null
 * @param refusals how many times in a row they have
 * @param refusedNanos since when they do, in nanoseconds of the loop's clock
 */
public record CoordinatorStanding(
        int nodeId,
        boolean known,
        boolean wanted,
        int findings,
        @Nullable BrokerError refusal,
        int refusals,
        long refusedNanos) {}

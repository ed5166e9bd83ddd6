package dev.surefoot.testkit.museum.group;

import dev.surefoot.core.handover.GroupNotice;
import dev.surefoot.testkit.simulation.group.SmallApplication;
import dev.surefoot.testkit.simulation.group.SmallMember;

/**
 * Exhibit GF6, after spring-kafka: everything is paused while the group rebalances, and only what is newly assigned is
 * resumed. What the member keeps stays paused.
 */
final class KeptPartitionsPaused extends SmallApplication {
    KeptPartitionsPaused(SmallMember member) {
        super(member);
    }

    @Override
    protected void revoking(GroupNotice.Revoked notice) {
        pause(owned());
    }
}

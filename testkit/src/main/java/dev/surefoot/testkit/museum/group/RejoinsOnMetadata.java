package dev.surefoot.testkit.museum.group;

import dev.surefoot.core.group.Coordinator;
import dev.surefoot.core.group.GroupEffect;
import java.util.function.Consumer;

/**
 * Exhibit GF33, after confluent-kafka-python and aiokafka: each answer with metadata is taken for a change of the
 * topics, so the group rebalances again and again.
 */
final class RejoinsOnMetadata extends FlawedMembership {
    RejoinsOnMetadata(Coordinator coordinator, Consumer<GroupEffect> effects) {
        super(coordinator, effects);
    }

    @Override
    public void clusterChanged(long nowNanos) {
        super.clusterChanged(nowNanos);
        if (!isRebalancing()) {
            enforceRebalance("metadata has changed");
        }
    }
}

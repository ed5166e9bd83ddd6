package dev.surefoot.testkit.museum.group;

import dev.surefoot.core.group.Coordinator;
import dev.surefoot.core.group.GroupEffect;
import dev.surefoot.core.handover.GroupNotice;
import java.util.function.Consumer;

/**
 * Exhibit GF5, after kafka-python: before a cooperative rebalance all partitions are marked as about to be revoked, so
 * that they are not fetched, and the mark is taken from none of those that the member keeps. Heartbeats go on, and the
 * partitions are never read again.
 */
final class KeptPartitionsHeld extends FlawedMembership {
    KeptPartitionsHeld(Coordinator coordinator, Consumer<GroupEffect> effects) {
        super(coordinator, effects);
    }

    @Override
    void effect(GroupEffect effect) {
        if (effect instanceof GroupEffect.Notify told && told.notice() instanceof GroupNotice.Revoked) {
            pass(new GroupEffect.Hold(owned()));
        }
        pass(effect);
    }
}

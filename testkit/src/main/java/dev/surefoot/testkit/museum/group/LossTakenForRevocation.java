package dev.surefoot.testkit.museum.group;

import dev.surefoot.core.group.Coordinator;
import dev.surefoot.core.group.GroupEffect;
import dev.surefoot.core.handover.GroupNotice;
import dev.surefoot.core.handover.GroupNotice.Loss;
import java.util.function.Consumer;

/**
 * Exhibit GF17, after librdkafka: the word that membership is lost is dropped on the way to the application, which
 * commits offsets of partitions that others may own by now.
 */
final class LossTakenForRevocation extends FlawedMembership {
    LossTakenForRevocation(Coordinator coordinator, Consumer<GroupEffect> effects) {
        super(coordinator, effects);
    }

    @Override
    void effect(GroupEffect effect) {
        if (effect instanceof GroupEffect.Notify told && told.notice() instanceof GroupNotice.Revoked revoked) {
            pass(new GroupEffect.Notify(inOrder(revoked)));
        } else if (effect instanceof GroupEffect.Supersede told) {
            pass(new GroupEffect.Supersede(inOrder(told.notice())));
        } else {
            pass(effect);
        }
    }

    private static GroupNotice.Revoked inOrder(GroupNotice.Revoked revoked) {
        return new GroupNotice.Revoked(
                revoked.token(), revoked.partitions(), Loss.REVOKED, revoked.tellsEmpty(), revoked.joinFollows());
    }
}

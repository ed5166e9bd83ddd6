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
        effect.accept(new Passing());
    }

    private final class Passing implements GroupEffect.Visitor {
        @Override
        public void notify(GroupEffect.Notify effect) {
            pass(
                    effect.notice() instanceof GroupNotice.Revoked revoked
                            ? new GroupEffect.Notify(inOrder(revoked))
                            : effect);
        }

        @Override
        public void supersede(GroupEffect.Supersede effect) {
            pass(new GroupEffect.Supersede(inOrder(effect.notice())));
        }

        @Override
        public void hold(GroupEffect.Hold effect) {
            pass(effect);
        }

        @Override
        public void refreshMetadata(GroupEffect.RefreshMetadata effect) {
            pass(effect);
        }

        @Override
        public void raise(GroupEffect.Raise effect) {
            pass(effect);
        }

        @Override
        public void report(GroupEffect.Report effect) {
            pass(effect);
        }
    }

    private static GroupNotice.Revoked inOrder(GroupNotice.Revoked revoked) {
        return new GroupNotice.Revoked(
                revoked.token(), revoked.partitions(), Loss.REVOKED, revoked.tellsEmpty(), revoked.joinFollows());
    }
}

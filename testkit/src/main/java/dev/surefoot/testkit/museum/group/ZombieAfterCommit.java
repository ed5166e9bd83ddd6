package dev.surefoot.testkit.museum.group;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.group.Coordinator;
import dev.surefoot.core.group.GroupEffect;
import dev.surefoot.core.handover.MemberIdentity;
import java.util.function.Consumer;

/**
 * Exhibit GF11, after franz-go up to 1.21.2: a commit that was refused as the member is none any more is told to the
 * application only. The member goes on as if nothing had been said.
 */
final class ZombieAfterCommit extends FlawedMembership {
    ZombieAfterCommit(Coordinator coordinator, Consumer<GroupEffect> effects) {
        super(coordinator, effects);
    }

    @Override
    public void commitRefused(BrokerError error, MemberIdentity sentWith, long nowNanos) {
        // The application has the exception.
    }
}

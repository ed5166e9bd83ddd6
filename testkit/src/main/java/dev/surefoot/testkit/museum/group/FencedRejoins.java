package dev.surefoot.testkit.museum.group;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Outbox;
import dev.surefoot.core.group.Coordinator;
import dev.surefoot.core.group.GroupEffect;
import java.util.function.Consumer;

/**
 * Exhibit GF26, after brod and aiokafka: FENCED_INSTANCE_ID is taken for a reason to join anew. Two static members of
 * one {@code group.instance.id} fence each other without end.
 */
final class FencedRejoins extends FlawedMembership {
    FencedRejoins(Coordinator coordinator, Consumer<GroupEffect> effects) {
        super(coordinator, effects);
    }

    @Override
    Outbox outbox(Outbox real) {
        return new AlteredOutbox(real) {
            @Override
            Answer altered(Answer answer) {
                return AlteredErrors.of(answer, BrokerError.FENCED_INSTANCE_ID, BrokerError.UNKNOWN_MEMBER_ID);
            }
        };
    }
}

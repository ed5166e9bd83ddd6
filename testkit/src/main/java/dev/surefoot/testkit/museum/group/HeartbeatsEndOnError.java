package dev.surefoot.testkit.museum.group;

import dev.surefoot.core.exchange.Outbox;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.group.Coordinator;
import dev.surefoot.core.group.GroupEffect;
import java.util.function.Consumer;

/**
 * Exhibit GF21, after platformatic/kafka: the loop that sends heartbeats ends when one of them fails in a way that it
 * does not expect. Nobody notices before the session is over.
 */
final class HeartbeatsEndOnError extends FlawedMembership {
    private boolean ended;

    HeartbeatsEndOnError(Coordinator coordinator, Consumer<GroupEffect> effects) {
        super(coordinator, effects);
    }

    @Override
    Outbox outbox(Outbox real) {
        return new AlteredOutbox(real) {
            @Override
            boolean sends(Request<?> request) {
                return !ended || !isHeartbeat(request);
            }

            @Override
            void failed(Request<?> request) {
                ended |= isHeartbeat(request);
            }
        };
    }
}

package dev.surefoot.testkit.museum.group;

import dev.surefoot.core.exchange.Deadlines;
import dev.surefoot.core.group.Coordinator;
import dev.surefoot.core.group.GroupEffect;
import java.util.function.Consumer;

/**
 * Exhibit GF29, after Apache Kafka (KAFKA-20426): while the coordinator is not known the heartbeat counts as due, so
 * the loop does not wait although there is nothing that it could send.
 */
final class NoDelayWithoutCoordinator extends FlawedMembership {
    private enum Due implements Deadlines.Name {
        HEARTBEAT
    }

    NoDelayWithoutCoordinator(Coordinator coordinator, Consumer<GroupEffect> effects) {
        super(coordinator, effects);
    }

    @Override
    public void enterDeadlines(Deadlines deadlines, long nowNanos) {
        super.enterDeadlines(deadlines, nowNanos);
        if (isMember() && coordinator.instance() == null) {
            deadlines.enter(Due.HEARTBEAT, nowNanos);
        }
    }
}

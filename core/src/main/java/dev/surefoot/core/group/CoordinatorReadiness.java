package dev.surefoot.core.group;

import dev.surefoot.core.exchange.Outbox;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Readiness;
import dev.surefoot.core.exchange.RequestFailure;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * Whether the group's coordinator takes a request now.
 *
 * @param coordinator the coordinator if it does, or null
 * @param refusal why it refuses the client's credentials, or null
 */
record CoordinatorReadiness(
        Coordinator.@Nullable Instance coordinator,
        @Nullable KafkaException refusal) {
    private static final CoordinatorReadiness NOT_YET = new CoordinatorReadiness(null, null);

    /** Asks for it; has it looked for if it is not known or cannot be reached. */
    static CoordinatorReadiness of(Coordinator coordinator, Outbox outbox) {
        Coordinator.Instance known = coordinator.instance();
        if (known == null) {
            coordinator.need();
            return NOT_YET;
        }
        Readiness readiness = outbox.readiness(known.node().id(), Purpose.COORDINATOR);
        RequestFailure failure = readiness.failure();
        if (failure == null) {
            return readiness.isReady() ? new CoordinatorReadiness(known, null) : NOT_YET;
        }
        if (failure.isRefusal()) {
            return new CoordinatorReadiness(null, failure.cause());
        }
        coordinator.forget(known, "it cannot be reached: " + failure.cause().getMessage());
        coordinator.need();
        return NOT_YET;
    }
}

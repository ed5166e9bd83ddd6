package dev.surefoot;

import dev.surefoot.core.group.Membership;
import org.apache.kafka.clients.consumer.CloseOptions;

/** Reads what Kafka's options to close say about the group. Apart, as kafka-clients 4.0 lacks the class. */
final class Departures {
    private Departures() {}

    static Membership.Departure of(CloseOptions options) {
        return switch (options.groupMembershipOperation()) {
            case DEFAULT -> Membership.Departure.DEFAULT;
            case LEAVE_GROUP -> Membership.Departure.LEAVE;
            case REMAIN_IN_GROUP -> Membership.Departure.REMAIN;
        };
    }
}

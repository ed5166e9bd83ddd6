package dev.surefoot.testkit.museum.group;

import dev.surefoot.core.exchange.Outbox;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.group.Coordinator;
import dev.surefoot.core.group.GroupEffect;
import dev.surefoot.core.group.JoinGroup.JoinGroupRequest;
import java.util.function.Consumer;

/**
 * Exhibit GF24, after kafka_ex: MEMBER_ID_REQUIRED is retried as other errors are, without the id that it brings. Each
 * attempt gets another id, and the group waits for a member that never comes.
 */
final class GivenIdIgnored extends FlawedMembership {
    GivenIdIgnored(Coordinator coordinator, Consumer<GroupEffect> effects) {
        super(coordinator, effects);
    }

    @Override
    Outbox outbox(Outbox real) {
        return new AlteredOutbox(real) {
            @Override
            Request<?> altered(Request<?> request) {
                return request instanceof JoinGroupRequest join && !isMember() ? withoutId(join) : request;
            }
        };
    }

    private static JoinGroupRequest withoutId(JoinGroupRequest join) {
        return new JoinGroupRequest(
                join.nodeId(),
                join.groupId(),
                "",
                join.instanceId(),
                join.sessionTimeoutMs(),
                join.rebalanceTimeoutMs(),
                join.protocols(),
                join.reason(),
                join.timeoutNanos());
    }
}

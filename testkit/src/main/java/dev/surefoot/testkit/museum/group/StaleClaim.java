package dev.surefoot.testkit.museum.group;

import dev.surefoot.core.exchange.Outbox;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.group.Coordinator;
import dev.surefoot.core.group.GroupEffect;
import dev.surefoot.core.group.JoinGroup.JoinGroupRequest;
import dev.surefoot.core.handover.MemberSubscription;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Exhibit GF4, after Apache Kafka (KAFKA-12984, KAFKA-13891): a member that has joined a generation and missed its plan
 * claims its old partitions as if they were of that generation. The leader believes it, although another may own them.
 */
final class StaleClaim extends FlawedMembership {
    StaleClaim(Coordinator coordinator, Consumer<GroupEffect> effects) {
        super(coordinator, effects);
    }

    @Override
    Outbox outbox(Outbox real) {
        return new AlteredOutbox(real) {
            @Override
            Request<?> altered(Request<?> request) {
                return request instanceof JoinGroupRequest join ? claimedNow(join) : request;
            }
        };
    }

    private JoinGroupRequest claimedNow(JoinGroupRequest join) {
        Map<String, MemberSubscription> protocols = new LinkedHashMap<>();
        join.protocols()
                .forEach((assignor, said) -> protocols.put(
                        assignor,
                        new MemberSubscription(
                                said.topics(),
                                said.userData(),
                                said.owned(),
                                isMember() ? identity().epoch() : said.generation(),
                                said.rackId(),
                                said.instanceId())));
        return new JoinGroupRequest(
                join.nodeId(),
                join.groupId(),
                join.memberId(),
                join.instanceId(),
                join.sessionTimeoutMs(),
                join.rebalanceTimeoutMs(),
                protocols,
                join.reason(),
                join.timeoutNanos());
    }
}

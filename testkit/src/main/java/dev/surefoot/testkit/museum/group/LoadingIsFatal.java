package dev.surefoot.testkit.museum.group;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Outbox;
import dev.surefoot.core.group.Coordinator;
import dev.surefoot.core.group.GroupEffect;
import dev.surefoot.core.group.SyncGroup.SyncGroupResponse;
import java.util.function.Consumer;

/**
 * Exhibit GF36, after kafkajs and Apache Kafka: the coordinator moves between JoinGroup and SyncGroup, and the new one
 * is still loading. Its COORDINATOR_LOAD_IN_PROGRESS, in the answer to SyncGroup alone, is an error that the
 * application gets.
 */
final class LoadingIsFatal extends FlawedMembership {
    LoadingIsFatal(Coordinator coordinator, Consumer<GroupEffect> effects) {
        super(coordinator, effects);
    }

    @Override
    Outbox outbox(Outbox real) {
        return new AlteredOutbox(real) {
            @Override
            Answer altered(Answer answer) {
                return answer instanceof SyncGroupResponse
                        ? AlteredErrors.of(
                                answer, BrokerError.COORDINATOR_LOAD_IN_PROGRESS, BrokerError.UNKNOWN_SERVER_ERROR)
                        : answer;
            }
        };
    }
}

package dev.surefoot.core.group;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.group.OffsetFetch.Found;
import dev.surefoot.core.group.OffsetFetch.OffsetFetchResponse;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicAuthorizationException;

/**
 * What a coordinator has answered to an OffsetFetch, partition by partition. An error of the whole group counts for
 * each of them.
 */
record OffsetFetchAnswer(String groupId, OffsetFetchResponse response) {
    private static final BrokerError MISSING = BrokerError.UNKNOWN_SERVER_ERROR;

    /** What was said about this partition; one that the answer lacks has failed. */
    Found about(TopicPartition partition) {
        if (response.error() != BrokerError.NONE) {
            return new Found(response.error(), response.errorCode(), -1, -1, null);
        }
        Found found = response.partitions().get(partition);
        return found == null ? new Found(MISSING, MISSING.code(), -1, -1, null) : found;
    }

    /** The exception for the error of this partition, which it must have. */
    KafkaException exception(TopicPartition partition) {
        Found said = about(partition);
        String asking = "Asking for the committed offset of " + partition;
        return switch (said.error()) {
            case GROUP_AUTHORIZATION_FAILED -> GroupErrors.unauthorized(groupId);
            case TOPIC_AUTHORIZATION_FAILED ->
                new TopicAuthorizationException(asking + ": not authorized", Set.of(partition.topic()));
            default -> said.error().exception(asking, said.errorCode());
        };
    }
}

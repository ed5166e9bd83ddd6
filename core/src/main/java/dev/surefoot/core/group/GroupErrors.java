package dev.surefoot.core.group;

import dev.surefoot.core.error.BrokerError;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.GroupAuthorizationException;

/** The exceptions of group errors that say more than the error's name. */
final class GroupErrors {
    private GroupErrors() {}

    static KafkaException unauthorized(String groupId) {
        return GroupAuthorizationException.forGroupId(groupId);
    }

    /**
     * The exception for an answer of the coordinator.
     *
     * @param doing what was asked for, as the beginning of a sentence
     * @param code the code that the broker gave
     */
    static KafkaException of(String doing, String groupId, BrokerError error, short code) {
        return error == BrokerError.GROUP_AUTHORIZATION_FAILED
                ? unauthorized(groupId)
                : error.exception(doing + " in group '" + groupId + "'", code);
    }
}

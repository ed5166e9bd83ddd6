package dev.surefoot.core.group;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.GroupAuthorizationException;

/** The exceptions of group errors that say more than the error's name. */
final class GroupErrors {
    private GroupErrors() {}

    static KafkaException unauthorized(String groupId) {
        return GroupAuthorizationException.forGroupId(groupId);
    }
}

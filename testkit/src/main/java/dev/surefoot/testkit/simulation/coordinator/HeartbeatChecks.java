package dev.surefoot.testkit.simulation.coordinator;

import java.util.Set;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** What is wrong with a ConsumerGroupHeartbeat by itself, before any group is looked at. */
final class HeartbeatChecks {
    private static final int LEAVE = -1;
    private static final int MEMBER_ID_REQUIRED_VERSION = 1;

    private HeartbeatChecks() {}

    /**
     * Refuses a request that no group could serve.
     *
     * @throws ApiException with 29, 42 or 112
     */
    static void check(ConsumerGroupHeartbeatRequestData request, int version, GroupContext context) {
        if (request.subscribedTopicNames() != null
                && request.subscribedTopicNames().stream().anyMatch(context.topics()::isHidden)) {
            throw Errors.TOPIC_AUTHORIZATION_FAILED.exception("no right to describe a topic");
        }
        Set<String> assignors = context.consumerGroups().assignorNames();
        if (version >= MEMBER_ID_REQUIRED_VERSION || request.memberEpoch() > 0 || request.memberEpoch() == LEAVE) {
            refuseBlank("member id", request.memberId());
        }
        refuseBlank("group id", request.groupId());
        refuseBlank("instance id", request.instanceId());
        refuseBlank("rack id", request.rackId());
        if (request.memberEpoch() == 0) {
            checkJoin(request);
        }
        if (request.memberEpoch() == CurrentAssignment.LEFT_TO_RETURN && request.instanceId() == null) {
            throw invalid("a member that is not static cannot leave to return");
        }
        if (request.memberEpoch() < CurrentAssignment.LEFT_TO_RETURN) {
            throw invalid("no member epoch: " + request.memberEpoch());
        }
        if (request.serverAssignor() != null && !assignors.contains(request.serverAssignor())) {
            throw Errors.UNSUPPORTED_ASSIGNOR.exception(request.serverAssignor() + " is none of " + assignors);
        }
    }

    private static void checkJoin(ConsumerGroupHeartbeatRequestData request) {
        if (request.rebalanceTimeoutMs() == -1) {
            throw invalid("a join without a rebalance timeout");
        }
        if (request.topicPartitions() == null || !request.topicPartitions().isEmpty()) {
            throw invalid("a join that does not say that it owns nothing");
        }
        if (request.subscribedTopicNames() == null && request.subscribedTopicRegex() == null) {
            throw invalid("a join without a subscription");
        }
    }

    private static void refuseBlank(String what, @Nullable String value) {
        if (value != null && value.isBlank()) {
            throw invalid("an empty " + what);
        }
    }

    private static ApiException invalid(String why) {
        return Errors.INVALID_REQUEST.exception(why);
    }
}

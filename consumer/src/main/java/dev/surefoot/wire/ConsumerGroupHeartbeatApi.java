package dev.surefoot.wire;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.group.ConsumerGroupHeartbeat.ConsumerGroupHeartbeatRequest;
import dev.surefoot.core.group.ConsumerGroupHeartbeat.ConsumerGroupHeartbeatResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData.TopicPartitions;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/** ConsumerGroupHeartbeat (KIP-848). */
final class ConsumerGroupHeartbeatApi
        implements BrokerApi<ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse> {
    /** The first version in which the coordinator matches patterns. */
    private static final short FIRST_WITH_REGEX = 1;

    @Override
    public ApiKeys key() {
        return ApiKeys.CONSUMER_GROUP_HEARTBEAT;
    }

    @Override
    public short version(ConsumerGroupHeartbeatRequest request, NegotiatedVersions versions) {
        return versions.highest(ApiKeys.CONSUMER_GROUP_HEARTBEAT);
    }

    @Override
    public RequestBody body(ConsumerGroupHeartbeatRequest request, WireSettings settings, short version) {
        String regex = request.regex();
        if (regex != null && !regex.isEmpty() && version < FIRST_WITH_REGEX) {
            throw new UnsupportedVersionException("The cluster does not support resolution of SubscriptionPattern on"
                    + " the broker. It must be upgraded to version >= 4.0 to allow to use a SubscriptionPattern.");
        }
        Set<String> topics = request.topics();
        ConsumerGroupHeartbeatRequestData data = new ConsumerGroupHeartbeatRequestData()
                .setGroupId(request.groupId())
                .setMemberId(request.memberId())
                .setMemberEpoch(request.epoch())
                .setInstanceId(request.instanceId())
                .setRackId(request.rackId())
                .setRebalanceTimeoutMs(request.rebalanceTimeoutMs())
                .setSubscribedTopicNames(topics == null ? null : List.copyOf(new TreeSet<>(topics)))
                .setServerAssignor(request.assignor())
                .setTopicPartitions(partitions(request.owned()));
        if (version >= FIRST_WITH_REGEX) {
            data.setSubscribedTopicRegex(regex);
        }
        return RequestBody.of(data, version);
    }

    private static @Nullable List<TopicPartitions> partitions(@Nullable Map<Uuid, Set<Integer>> owned) {
        if (owned == null) {
            return null;
        }
        List<TopicPartitions> partitions = new ArrayList<>();
        owned.forEach((topicId, numbers) -> partitions.add(
                new TopicPartitions().setTopicId(topicId).setPartitions(List.copyOf(new TreeSet<>(numbers)))));
        return partitions;
    }

    @Override
    public ConsumerGroupHeartbeatResponse read(ConsumerGroupHeartbeatRequest request, Response response) {
        ConsumerGroupHeartbeatResponseData data =
                new ConsumerGroupHeartbeatResponseData(response.readable(), response.version());
        return new ConsumerGroupHeartbeatResponse(
                data.throttleTimeMs(),
                BrokerError.forCode(data.errorCode()),
                data.errorCode(),
                data.errorMessage(),
                data.memberId(),
                data.memberEpoch(),
                data.heartbeatIntervalMs(),
                assignment(data.assignment()));
    }

    private static @Nullable Map<Uuid, Set<Integer>> assignment(
            ConsumerGroupHeartbeatResponseData.@Nullable Assignment assignment) {
        if (assignment == null) {
            return null;
        }
        Map<Uuid, Set<Integer>> partitions = new LinkedHashMap<>();
        assignment
                .topicPartitions()
                .forEach(topic -> partitions
                        .computeIfAbsent(topic.topicId(), id -> new TreeSet<>())
                        .addAll(topic.partitions()));
        return partitions;
    }
}

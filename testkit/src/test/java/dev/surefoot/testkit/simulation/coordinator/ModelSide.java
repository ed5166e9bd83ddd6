package dev.surefoot.testkit.simulation.coordinator;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.Errors;

/** The model's KIP-848 groups and nothing else. */
final class ModelSide {
    final ConsumerGroupSettings settings;
    final ClusterTopics topics;
    final Map<String, ConsumerGroup> groups = new TreeMap<>();

    ModelSide(ConsumerGroupSettings settings, ClusterTopics topics) {
        this.settings = settings;
        this.topics = topics;
    }

    ConsumerGroupHeartbeatResponseData heartbeat(ConsumerGroupHeartbeatRequestData request, int version, long nowMs) {
        try {
            HeartbeatChecks.check(request, version, topics, settings.assignorNames());
            ConsumerGroup group = groups.get(request.groupId());
            if (group == null && request.memberEpoch() != 0) {
                throw Errors.GROUP_ID_NOT_FOUND.exception("no group " + request.groupId());
            }
            ConsumerGroup served = group == null ? new ConsumerGroup(request.groupId(), settings, topics) : group;
            ConsumerGroupHeartbeatResponseData answer = served.heartbeat(request, nowMs);
            groups.put(served.id(), served);
            return answer;
        } catch (ApiException e) {
            return new ConsumerGroupHeartbeatResponseData()
                    .setErrorCode(Errors.forException(e).code());
        }
    }

    /** A group that does not exist is none of KIP-848, and is not asked. */
    Errors commit(String groupId, String memberId, int memberEpoch, GroupPartition partition, int version) {
        ConsumerGroup group = groups.get(groupId);
        return group == null
                ? Errors.GROUP_ID_NOT_FOUND
                : ConsumerGroupClaims.commitRefusal(
                        group, memberId, null, memberEpoch, version, false, Set.of(partition));
    }

    Errors fetchOffset(String groupId, String memberId, int memberEpoch) {
        ConsumerGroup group = groups.get(groupId);
        return group == null ? Errors.NONE : ConsumerGroupClaims.fetchRefusal(group, memberId, memberEpoch);
    }

    long nextDeadlineMs() {
        return groups.values().stream()
                .mapToLong(ConsumerGroup::nextDeadlineMs)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    void turn(long nowMs) {
        groups.values().forEach(group -> group.turn(nowMs));
    }

    void reload(long nowMs) {
        groups.replaceAll((id, group) -> {
            ConsumerGroup loaded = group.copyOfBooks();
            loaded.startTimers(nowMs);
            return loaded;
        });
    }
}

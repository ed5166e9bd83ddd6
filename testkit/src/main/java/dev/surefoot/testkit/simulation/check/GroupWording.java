package dev.surefoot.testkit.simulation.check;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.group.ConsumerGroupHeartbeat.ConsumerGroupHeartbeatRequest;
import dev.surefoot.core.group.ConsumerGroupHeartbeat.ConsumerGroupHeartbeatResponse;
import dev.surefoot.core.group.DescribeGroup.DescribeGroupResponse;
import dev.surefoot.core.group.FindCoordinator.FindCoordinatorResponse;
import dev.surefoot.core.group.JoinGroup.JoinGroupRequest;
import dev.surefoot.core.group.JoinGroup.JoinGroupResponse;
import dev.surefoot.core.group.OffsetCommit.OffsetCommitRequest;
import dev.surefoot.core.group.OffsetCommit.OffsetCommitResponse;
import dev.surefoot.core.group.OffsetFetch.OffsetFetchRequest;
import dev.surefoot.core.group.OffsetFetch.OffsetFetchResponse;
import dev.surefoot.core.group.SyncGroup.SyncGroupRequest;
import dev.surefoot.core.group.SyncGroup.SyncGroupResponse;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** Words requests of groups and their answers for stories. Everything without an order of its own is sorted. */
final class GroupWording {
    private GroupWording() {}

    static String error(BrokerError error) {
        return error == BrokerError.NONE ? "" : " " + error;
    }

    static String found(FindCoordinatorResponse answer) {
        return "coordinator" + error(answer.error())
                + (answer.coordinator() == null
                        ? ""
                        : " " + answer.coordinator().id());
    }

    static String join(JoinGroupRequest join) {
        StringBuilder said = new StringBuilder("join as '" + join.memberId() + "'");
        if (join.instanceId() != null) {
            said.append(" (").append(join.instanceId()).append(')');
        }
        join.protocols()
                .forEach((assignor, member) -> said.append(", ")
                        .append(assignor)
                        .append(' ')
                        .append(member.topics())
                        .append(" owns ")
                        .append(partitions(member.owned()))
                        .append(" of generation ")
                        .append(member.generation()));
        return said.append(" since ").append(join.reason()).toString();
    }

    static String joined(JoinGroupResponse answer) {
        return "joined" + error(answer.error()) + " '" + answer.memberId() + "' in generation " + answer.generation()
                + " by " + answer.assignor() + (answer.members().isEmpty() ? "" : " as leader")
                + (answer.skipAssignment() ? ", assigns nothing" : "");
    }

    static String sync(SyncGroupRequest sync) {
        Map<String, String> plan = new TreeMap<>();
        sync.assignments().forEach((member, given) -> plan.put(member, partitions(given.partitions())));
        return "sync '" + sync.memberId() + "' in generation " + sync.generation() + (plan.isEmpty() ? "" : " " + plan);
    }

    static String synced(SyncGroupResponse answer) {
        return "synced" + error(answer.error())
                + (answer.assignment() == null
                        ? ""
                        : " " + partitions(answer.assignment().partitions()));
    }

    static String described(DescribeGroupResponse answer) {
        return "assigned" + error(answer.error()) + " " + partitions(answer.assigned())
                + (answer.stable() ? "" : ", not stable");
    }

    static String heartbeat(ConsumerGroupHeartbeatRequest heartbeat) {
        return "heartbeat of '" + heartbeat.memberId() + "' at epoch " + heartbeat.epoch()
                + (heartbeat.instanceId() == null ? "" : " (" + heartbeat.instanceId() + ")")
                + (heartbeat.topics() == null ? "" : ", topics " + new TreeSet<>(heartbeat.topics()))
                + (heartbeat.regex() == null ? "" : ", pattern '" + heartbeat.regex() + "'")
                + (heartbeat.owned() == null ? "" : ", owns " + byId(heartbeat.owned()))
                + (heartbeat.rebalanceTimeoutMs() < 0 ? "" : ", full");
    }

    static String heard(ConsumerGroupHeartbeatResponse answer) {
        return "heartbeat" + error(answer.error()) + " epoch " + answer.epoch()
                + (answer.assignment() == null ? "" : " assigned " + byId(answer.assignment()));
    }

    private static String byId(Map<Uuid, Set<Integer>> partitions) {
        StringBuilder said = new StringBuilder("{");
        new TreeMap<>(partitions)
                .forEach((topic, numbers) ->
                        said.append('#').append(topic.getLeastSignificantBits()).append(new TreeSet<>(numbers)));
        return said.append('}').toString();
    }

    static String commit(OffsetCommitRequest commit) {
        Map<String, String> offsets = new TreeMap<>();
        commit.offsets().forEach((partition, offset) -> offsets.put(partition.toString(), "" + offset.offset()));
        return "commit " + offsets + " as '" + commit.identity().memberId() + "' at "
                + commit.identity().epoch();
    }

    static String committed(OffsetCommitResponse answer) {
        Map<String, BrokerError> errors = new TreeMap<>();
        answer.partitions().forEach((partition, stored) -> errors.put(partition.toString(), stored.error()));
        return "committed " + errors;
    }

    static String fetch(OffsetFetchRequest fetch) {
        return "committed offsets of " + partitions(fetch.partitions()) + " as '"
                + fetch.identity().memberId() + "' at " + fetch.identity().epoch();
    }

    static String fetched(OffsetFetchResponse answer) {
        Map<String, String> offsets = new TreeMap<>();
        answer.partitions()
                .forEach(
                        (partition, found) -> offsets.put(partition.toString(), found.offset() + error(found.error())));
        return "committed offsets" + error(answer.error()) + " " + offsets;
    }

    static String partitions(@Nullable Collection<TopicPartition> partitions) {
        TreeSet<String> names = new TreeSet<>();
        if (partitions != null) {
            partitions.forEach(partition -> names.add(partition.toString()));
        }
        return names.toString();
    }
}

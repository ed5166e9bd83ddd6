package dev.surefoot.testkit.simulation.coordinator;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData.DescribedGroup;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.Errors;

/** Requests, answers and books in words that are equal if they mean the same, whatever the order in lists is. */
final class HeartbeatText {
    private HeartbeatText() {}

    static String of(ConsumerGroupHeartbeatRequestData request) {
        List<String> words = new ArrayList<>();
        words.add(request.groupId() + " " + request.memberId() + " at " + request.memberEpoch());
        add(words, "instance", request.instanceId());
        add(words, "timeout", request.rebalanceTimeoutMs() == -1 ? null : request.rebalanceTimeoutMs());
        add(words, "names", request.subscribedTopicNames());
        add(words, "regex", request.subscribedTopicRegex());
        add(words, "assignor", request.serverAssignor());
        if (request.topicPartitions() != null) {
            SortedSet<GroupPartition> owned = new TreeSet<>();
            request.topicPartitions()
                    .forEach(topic -> topic.partitions()
                            .forEach(number -> owned.add(new GroupPartition(topic.topicId(), number))));
            words.add("owns " + owned);
        }
        return String.join(", ", words);
    }

    private static void add(List<String> words, String name, Object value) {
        if (value != null) {
            words.add(name + " " + value);
        }
    }

    static String of(ConsumerGroupHeartbeatResponseData answer) {
        if (answer.errorCode() != 0) {
            return Errors.forCode(answer.errorCode()) + " (" + answer.memberId() + ", " + answer.memberEpoch() + ")";
        }
        String given = answer.assignment() == null
                ? "nothing said"
                : partitions(answer.assignment()).toString();
        return answer.memberId() + " at " + answer.memberEpoch() + ", every " + answer.heartbeatIntervalMs() + " ms, "
                + given;
    }

    static SortedSet<GroupPartition> partitions(ConsumerGroupHeartbeatResponseData.Assignment assignment) {
        SortedSet<GroupPartition> partitions = new TreeSet<>();
        assignment
                .topicPartitions()
                .forEach(topic -> topic.partitions()
                        .forEach(number -> partitions.add(new GroupPartition(topic.topicId(), number))));
        return partitions;
    }

    static String of(DescribedGroup group) {
        if (group.errorCode() != 0) {
            return "no group";
        }
        TreeMap<String, String> members = new TreeMap<>();
        group.members().forEach(member -> {
            SortedSet<String> holds = new TreeSet<>();
            member.assignment()
                    .topicPartitions()
                    .forEach(topic -> topic.partitions().forEach(number -> holds.add(name(topic.topicId(), number))));
            SortedSet<String> target = new TreeSet<>();
            member.targetAssignment()
                    .topicPartitions()
                    .forEach(topic -> topic.partitions().forEach(number -> target.add(name(topic.topicId(), number))));
            members.put(member.memberId(), member.memberEpoch() + " holds " + holds + " of " + target);
        });
        return "epochs " + group.groupEpoch() + "/" + group.assignmentEpoch() + " " + members;
    }

    /** What a model's group comes to in the same words; a description leaves out topics that are gone. */
    static String of(ConsumerGroupBooks group, TopicCatalog topics) {
        TreeMap<String, String> members = new TreeMap<>();
        group.byId().forEach((id, member) -> {
            SortedSet<GroupPartition> held =
                    new TreeSet<>(member.current().assigned().keySet());
            held.addAll(member.current().pendingRevocation().keySet());
            members.put(
                    id,
                    member.current().epoch() + " holds " + names(held, topics) + " of "
                            + names(group.targetOf(id), topics));
        });
        return "epochs " + group.epoch() + "/" + group.assignmentEpoch() + " " + members;
    }

    private static SortedSet<String> names(SortedSet<GroupPartition> partitions, TopicCatalog topics) {
        SortedSet<String> names = new TreeSet<>();
        partitions.stream()
                .filter(partition -> topics.topic(partition.topicId()) != null)
                .forEach(partition -> names.add(name(partition.topicId(), partition.partition())));
        return names;
    }

    private static String name(Uuid topic, int number) {
        return topic + "-" + number;
    }
}

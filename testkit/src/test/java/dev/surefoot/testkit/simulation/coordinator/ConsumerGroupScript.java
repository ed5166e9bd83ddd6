package dev.surefoot.testkit.simulation.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData.TopicPartitions;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.Errors;

/** Requests of one group in a script, in few words. What both sides answer is compared on the way. */
final class ConsumerGroupScript {
    static final int TIMEOUT_MS = 60_000;

    private final GroupTwins twins;
    private final String groupId;

    ConsumerGroupScript(GroupTwins twins, String groupId) {
        this.twins = twins;
        this.groupId = groupId;
    }

    ConsumerGroupHeartbeatRequestData request(String memberId, int epoch) {
        return new ConsumerGroupHeartbeatRequestData()
                .setGroupId(groupId)
                .setMemberId(memberId)
                .setMemberEpoch(epoch);
    }

    ConsumerGroupHeartbeatRequestData joining(String memberId, String... topics) {
        return request(memberId, 0)
                .setRebalanceTimeoutMs(TIMEOUT_MS)
                .setTopicPartitions(List.of())
                .setSubscribedTopicNames(List.of(topics));
    }

    Said join(String memberId, String... topics) {
        return send(joining(memberId, topics));
    }

    /** A heartbeat that says no more than that the member lives. */
    Said live(String memberId, int epoch) {
        return send(request(memberId, epoch));
    }

    /** A heartbeat that says what the member owns. */
    Said own(String memberId, int epoch, SortedSet<GroupPartition> owned) {
        return send(request(memberId, epoch).setTopicPartitions(said(owned)));
    }

    Said send(ConsumerGroupHeartbeatRequestData request) {
        return new Said(twins.heartbeat(request));
    }

    static List<TopicPartitions> said(SortedSet<GroupPartition> partitions) {
        List<TopicPartitions> topics = new ArrayList<>();
        for (GroupPartition partition : partitions) {
            topics.add(new TopicPartitions()
                    .setTopicId(partition.topicId())
                    .setPartitions(List.of(partition.partition())));
        }
        return topics;
    }

    /** What both sides answered. */
    record Said(ConsumerGroupHeartbeatResponseData answer) {
        int epoch() {
            assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.NONE);
            return answer.memberEpoch();
        }

        /** The assignment, which the answer has to bring. */
        SortedSet<GroupPartition> assignment() {
            assertThat(answer.assignment()).as("assignment").isNotNull();
            return HeartbeatText.partitions(answer.assignment());
        }

        Said expect(Errors error) {
            assertThat(Errors.forCode(answer.errorCode())).isEqualTo(error);
            return this;
        }

        Said expectEpoch(int epoch) {
            assertThat(epoch()).as("member epoch").isEqualTo(epoch);
            return this;
        }

        Said expectPartitions(int count) {
            assertThat(assignment()).hasSize(count);
            return this;
        }

        Said expectNothingSaid() {
            assertThat(answer.assignment()).as("assignment").isNull();
            return this;
        }
    }

    static SortedSet<GroupPartition> nothing() {
        return new TreeSet<>();
    }

    /** The first partitions of a set. */
    static SortedSet<GroupPartition> first(SortedSet<GroupPartition> partitions, int count) {
        return new TreeSet<>(partitions.stream().limit(count).toList());
    }

    static SortedSet<GroupPartition> without(SortedSet<GroupPartition> partitions, SortedSet<GroupPartition> removed) {
        SortedSet<GroupPartition> rest = new TreeSet<>(partitions);
        rest.removeAll(removed);
        return rest;
    }
}

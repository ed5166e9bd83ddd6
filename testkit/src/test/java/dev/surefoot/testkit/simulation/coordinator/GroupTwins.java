package dev.surefoot.testkit.simulation.coordinator;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.protocol.Errors;

/** Kafka's coordinator and the model of it: both are told the same, and have to say the same. */
final class GroupTwins {
    static final ConsumerGroupSettings SETTINGS = ConsumerGroupSettings.defaults()
            .withTimes(20_000, 2_000, 1_000)
            .withSizeMax(5)
            .withRegexDelayMs(700)
            .withAssignors(
                    List.of(new UniformTargetAssignor(), new RangeTargetAssignor(), new SwappingTargetAssignor()));

    private static final long BEGIN_MS = 1_000_000;

    private final CoordinatorSide kafka;
    private final TopicCatalog topics = new TopicCatalog(new SplittableRandom(1));
    private final ModelSide model;
    private final SortedSet<String> groupIds = new TreeSet<>();
    private long nowMs = BEGIN_MS;

    GroupTwins(CoordinatorSide kafka, ConsumerGroupSettings settings) {
        this.kafka = kafka;
        this.model = new ModelSide(settings, topics);
    }

    /** Both under one virtual clock. */
    static GroupTwins inVirtualTime(ConsumerGroupSettings settings) {
        return new GroupTwins(new KafkaShard(config(settings), BEGIN_MS, settings.regexDelayMs()), settings);
    }

    /** The same settings for a broker. */
    static Map<String, String> config(ConsumerGroupSettings settings) {
        Map<String, String> config = new HashMap<>();
        config.put("group.consumer.min.session.timeout.ms", "1");
        config.put("group.consumer.max.session.timeout.ms", "" + Integer.MAX_VALUE);
        config.put("group.consumer.session.timeout.ms", "" + settings.sessionTimeoutMs());
        config.put("group.consumer.min.heartbeat.interval.ms", "1");
        config.put("group.consumer.heartbeat.interval.ms", "" + settings.heartbeatIntervalMs());
        config.put("group.consumer.min.assignment.interval.ms", "0");
        config.put("group.consumer.assignment.interval.ms", "" + settings.assignmentIntervalMs());
        config.put("group.consumer.max.size", "" + settings.sizeMax());
        String uniform = PluggedAssignor.Uniform.class.getName();
        String swapping = PluggedAssignor.Swapping.class.getName();
        config.put("group.consumer.assignors", uniform + ",range," + swapping);
        return config;
    }

    // What both are told.

    ConsumerGroupHeartbeatResponseData heartbeat(ConsumerGroupHeartbeatRequestData request) {
        return heartbeat(request, 1);
    }

    ConsumerGroupHeartbeatResponseData heartbeat(ConsumerGroupHeartbeatRequestData request, int version) {
        ConsumerGroupHeartbeatResponseData expected =
                model.ask(request, version, nowMs, ConsumerGroupHeartbeatResponseData.class);
        ConsumerGroupHeartbeatResponseData actual = kafka.heartbeat(request.duplicate(), version);
        requireSame("the answer", HeartbeatText.of(actual), HeartbeatText.of(expected));
        groupIds.add(request.groupId());
        requireSameBooks(request.groupId());
        return expected;
    }

    /**
     * Commits an offset of one partition.
     *
     * @param version 10 to name the topic by its id
     */
    Errors commit(String groupId, String memberId, int memberEpoch, GroupPartition partition, int version) {
        TopicCatalog.Topic topic = Objects.requireNonNull(topics.topic(partition.topicId()), "no such topic");
        OffsetCommitRequestPartition offset = new OffsetCommitRequestPartition()
                .setPartitionIndex(partition.partition())
                .setCommittedOffset(5);
        OffsetCommitRequestTopic named = new OffsetCommitRequestTopic()
                .setName(topic.name())
                .setTopicId(topic.id())
                .setPartitions(List.of(offset));
        OffsetCommitRequestData request = new OffsetCommitRequestData()
                .setGroupId(groupId)
                .setMemberId(memberId)
                .setGenerationIdOrMemberEpoch(memberEpoch)
                .setTopics(List.of(named));
        Errors actual = kafka.commit(request, version);
        if (version < 10) {
            named.setTopicId(Uuid.ZERO_UUID);
        }
        OffsetCommitResponseData answer = model.ask(request, version, nowMs, OffsetCommitResponseData.class);
        Errors expected =
                Errors.forCode(answer.topics().get(0).partitions().get(0).errorCode());
        requireSame("the commit", actual.toString(), expected.toString());
        return expected;
    }

    /** Asks for the committed offset of one partition. */
    Errors fetchOffset(String groupId, String memberId, int memberEpoch, GroupPartition partition) {
        TopicCatalog.Topic topic = Objects.requireNonNull(topics.topic(partition.topicId()), "no such topic");
        OffsetFetchRequestGroup request = new OffsetFetchRequestGroup()
                .setGroupId(groupId)
                .setMemberId(memberId)
                .setMemberEpoch(memberEpoch)
                .setTopics(List.of(new OffsetFetchRequestTopics()
                        .setName(topic.name())
                        .setPartitionIndexes(List.of(partition.partition()))));
        OffsetFetchResponseData answer = model.ask(
                new OffsetFetchRequestData().setGroups(List.of(request)), 9, nowMs, OffsetFetchResponseData.class);
        Errors expected = Errors.forCode(answer.groups().get(0).errorCode());
        requireSame("the fetch of an offset", kafka.fetchOffsets(request).toString(), expected.toString());
        return expected;
    }

    /** Lets time pass, with everything that happens meanwhile at its own moment. */
    void advance(long ms) {
        long end = nowMs + ms;
        while (nowMs < end) {
            nowMs = Math.min(
                    end,
                    Math.max(
                            nowMs,
                            Math.min(kafka.nextDeadlineMs(), model.model().nextDeadlineMs())));
            kafka.turn(nowMs);
            model.model().turn(nowMs);
            groupIds.forEach(this::requireSameBooks);
        }
    }

    void reload() {
        kafka.reload();
        model.reload(nowMs);
        groupIds.forEach(this::requireSameBooks);
    }

    Uuid create(String topic, int partitions) {
        Uuid id = kafka.create(topic, partitions);
        topics.create(topic, id, partitions);
        kafka.awaitTopics(topics);
        return id;
    }

    void delete(String topic) {
        kafka.delete(topic);
        topics.delete(topic);
        kafka.awaitTopics(topics);
    }

    void addPartitions(String topic, int total) {
        kafka.addPartitions(topic, total);
        topics.addPartitions(topic, total);
        kafka.awaitTopics(topics);
    }

    private void requireSameBooks(String groupId) {
        ConsumerGroupBooks group = group(groupId);
        String expected = group == null ? "no group" : HeartbeatText.of(group, topics);
        requireSame("the group", HeartbeatText.of(kafka.describe(groupId)), expected);
    }

    private static void requireSame(String what, String actual, String expected) {
        if (!actual.equals(expected)) {
            throw new AssertionError(what + " is\n" + actual + "\nand in the model\n" + expected);
        }
    }

    // Queries.

    ConsumerGroupBooks group(String id) {
        return model.model().consumerGroup(id);
    }

    TopicCatalog topics() {
        return topics;
    }

    long nowMs() {
        return nowMs;
    }
}

package dev.surefoot.testkit.simulation.coordinator;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.coordinator.group.GroupCoordinatorConfig;

/** Kafka's own coordinator and the model of it under one virtual clock: both are told the same. */
final class ShardTwins {
    static final ConsumerGroupSettings SETTINGS = ConsumerGroupSettings.defaults()
            .withTimes(20_000, 2_000, 1_000)
            .withSizeMax(5)
            .withRegexDelayMs(700)
            .withAssignors(
                    List.of(new UniformTargetAssignor(), new RangeTargetAssignor(), new SwappingTargetAssignor()));

    private final ClusterTopics topics = new ClusterTopics();
    private final ModelSide model;
    private final ShardClock clock;
    private final KafkaShard kafka;
    private long topicsEver;
    private long nowMs = 1_000_000;

    ShardTwins(ConsumerGroupSettings settings) {
        this.model = new ModelSide(settings, topics);
        this.clock = new ShardClock(nowMs, settings.regexDelayMs());
        this.kafka = new KafkaShard(config(settings), clock, GivenImage.of(topics));
    }

    private static Map<String, Object> config(ConsumerGroupSettings settings) {
        Map<String, Object> config = new HashMap<>();
        config.put(
                GroupCoordinatorConfig.CONSUMER_GROUP_SESSION_TIMEOUT_MS_CONFIG, settings.sessionTimeoutMs());
        config.put(
                GroupCoordinatorConfig.CONSUMER_GROUP_HEARTBEAT_INTERVAL_MS_CONFIG, settings.heartbeatIntervalMs());
        config.put(GroupCoordinatorConfig.CONSUMER_GROUP_MIN_SESSION_TIMEOUT_MS_CONFIG, 1);
        config.put(GroupCoordinatorConfig.CONSUMER_GROUP_MIN_HEARTBEAT_INTERVAL_MS_CONFIG, 1);
        config.put(GroupCoordinatorConfig.CONSUMER_GROUP_MIN_ASSIGNMENT_INTERVAL_MS_CONFIG, 0);
        config.put(
                GroupCoordinatorConfig.CONSUMER_GROUP_ASSIGNMENT_INTERVAL_MS_CONFIG, settings.assignmentIntervalMs());
        config.put(GroupCoordinatorConfig.CONSUMER_GROUP_MAX_SIZE_CONFIG, settings.sizeMax());
        config.put(
                GroupCoordinatorConfig.CONSUMER_GROUP_ASSIGNORS_CONFIG,
                List.of(PluggedAssignor.Uniform.class.getName(), "range", PluggedAssignor.Swapping.class.getName()));
        return config;
    }

    // What both are told.

    ConsumerGroupHeartbeatResponseData heartbeat(ConsumerGroupHeartbeatRequestData request) {
        ConsumerGroupHeartbeatResponseData expected = model.heartbeat(request.duplicate(), 1, nowMs);
        ConsumerGroupHeartbeatResponseData actual = kafka.heartbeat(request.duplicate(), 1);
        requireSame("the answer", HeartbeatText.of(actual), HeartbeatText.of(expected));
        requireSameBooks(request.groupId());
        return expected;
    }

    /** Lets time pass, with everything that happens meanwhile at its own moment. */
    void advance(long ms) {
        long end = nowMs + ms;
        while (nowMs < end) {
            nowMs = Math.min(end, Math.max(nowMs, Math.min(clock.nextDeadlineMs(), model.nextDeadlineMs())));
            clock.turn(nowMs);
            model.turn(nowMs);
            model.groups.keySet().forEach(this::requireSameBooks);
        }
    }

    void reload() {
        kafka.reload();
        model.reload(nowMs);
        model.groups.keySet().forEach(this::requireSameBooks);
    }

    Uuid create(String topic, int partitions) {
        Uuid id = new Uuid(7, ++topicsEver);
        topics.create(topic, id, partitions);
        kafka.topicsChanged(GivenImage.of(topics));
        return id;
    }

    void delete(String topic) {
        topics.delete(topic);
        kafka.topicsChanged(GivenImage.of(topics));
    }

    void addPartitions(String topic, int total) {
        topics.addPartitions(topic, total);
        kafka.topicsChanged(GivenImage.of(topics));
    }

    private void requireSameBooks(String groupId) {
        ConsumerGroup group = model.groups.get(groupId);
        String expected = group == null ? "no group" : HeartbeatText.of(group, topics);
        requireSame("the group", HeartbeatText.of(kafka.describe(groupId)), expected);
    }

    private static void requireSame(String what, String actual, String expected) {
        if (!actual.equals(expected)) {
            throw new AssertionError(what + " is\n" + actual + "\nand in the model\n" + expected);
        }
    }

    // Queries.

    ConsumerGroup group(String id) {
        return model.groups.get(id);
    }

    ClusterTopics topics() {
        return topics;
    }

    long nowMs() {
        return nowMs;
    }
}

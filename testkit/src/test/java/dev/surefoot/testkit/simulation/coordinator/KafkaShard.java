package dev.surefoot.testkit.simulation.coordinator;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData.DescribedGroup;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.LogContext;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.apache.kafka.coordinator.common.runtime.CoordinatorResult;
import org.apache.kafka.coordinator.group.GroupConfigManager;
import org.apache.kafka.coordinator.group.GroupCoordinatorConfig;
import org.apache.kafka.coordinator.group.GroupCoordinatorShard;
import org.apache.kafka.coordinator.group.metrics.GroupCoordinatorMetrics;
import org.apache.kafka.coordinator.group.modern.share.ShareGroupConfig;
import org.apache.kafka.timeline.SnapshotRegistry;

/**
 * The coordinator of a real broker, of one partition of {@code __consumer_offsets}, without the broker: its clock and
 * timers are virtual, and what it writes is kept in a list and loaded from there.
 */
final class KafkaShard implements CoordinatorSide {
    private static final TopicPartition LOG = new TopicPartition("__consumer_offsets", 0);
    private static final long NEWEST = Long.MAX_VALUE;

    private final GroupCoordinatorConfig config;
    private final GroupConfigManager groupConfigs;
    private final ShardClock clock;
    private final List<CoordinatorRecord> log = new ArrayList<>();
    private GivenImage image;
    private long topicsEver;
    private GroupCoordinatorShard shard;

    KafkaShard(Map<String, String> settings, long nowMs, int workMs) {
        ConfigDef definition = new ConfigDef(GroupCoordinatorConfig.CONFIG_DEF);
        ShareGroupConfig.CONFIG_DEF.configKeys().values().forEach(definition::define);
        Map<String, Object> given = new HashMap<>(settings);
        // Nothing is to happen in the background that a script does not ask for.
        given.put(
                GroupCoordinatorConfig.OFFSETS_RETENTION_CHECK_INTERVAL_MS_CONFIG,
                Long.toString(Long.MAX_VALUE / 1_000));
        AbstractConfig all = new AbstractConfig(definition, given, false);
        this.config = new GroupCoordinatorConfig(all);
        this.groupConfigs = new GroupConfigManager(Map.of(), config, new ShareGroupConfig(all));
        this.clock = new ShardClock(nowMs, workMs);
        this.image = GivenImage.of(new TopicCatalog(new SplittableRandom(1)));
        this.shard = load();
    }

    /** Unloads the coordinator and loads it from what it has written. */
    @Override
    public boolean resolvesMeanwhile() {
        return false;
    }

    @Override
    public void reload() {
        clock.cancelAll();
        shard = load();
    }

    private GroupCoordinatorShard load() {
        GroupCoordinatorShard.Builder builder = new GroupCoordinatorShard.Builder(config, groupConfigs);
        builder.withAuthorizerPlugin(Optional.empty());
        GroupCoordinatorShard loaded = builder.withLogContext(new LogContext())
                .withSnapshotRegistry(new SnapshotRegistry(new LogContext()))
                .withTime(clock)
                .withTimer(clock.timer(this::write))
                .withExecutor(clock.executor(this::write))
                .withCoordinatorMetrics(
                        new GroupCoordinatorMetrics(new com.yammer.metrics.core.MetricsRegistry(), new Metrics()))
                .withTopicPartition(LOG)
                .build();
        for (int offset = 0; offset < log.size(); offset++) {
            loaded.replay(offset, -1, (short) -1, log.get(offset));
        }
        loaded.onLoaded(image);
        return loaded;
    }

    private <T> T write(CoordinatorResult<T, CoordinatorRecord> result) {
        for (CoordinatorRecord record : result.records()) {
            if (result.replayRecords()) {
                shard.replay(log.size(), -1, (short) -1, record);
            }
            log.add(record);
        }
        return result.response();
    }

    @Override
    public Uuid create(String topic, int partitions) {
        return new Uuid(7, ++topicsEver);
    }

    @Override
    public void delete(String topic) {
        // It hears of it by awaitTopics.
    }

    @Override
    public void addPartitions(String topic, int total) {
        // It hears of it by awaitTopics.
    }

    @Override
    public void awaitTopics(TopicCatalog topics) {
        GivenImage changed = GivenImage.of(topics);
        shard.onMetadataUpdate(changed.since(image), changed);
        image = changed;
    }

    @Override
    public long nextDeadlineMs() {
        return clock.nextDeadlineMs();
    }

    @Override
    public void turn(long nowMs) {
        clock.turn(nowMs);
    }

    @Override
    public ConsumerGroupHeartbeatResponseData heartbeat(ConsumerGroupHeartbeatRequestData request, int version) {
        return orError(
                () -> write(shard.consumerGroupHeartbeat(new ShardCaller((short) version, "twin"), request)),
                error -> new ConsumerGroupHeartbeatResponseData().setErrorCode(error.code()));
    }

    @Override
    public Errors commit(OffsetCommitRequestData request, int version) {
        return errorOf(() -> {
            OffsetCommitResponseData answer =
                    write(shard.commitOffset(new ShardCaller((short) version, "twin"), request));
            return answer.topics().isEmpty();
        });
    }

    @Override
    public Errors fetchOffsets(OffsetFetchRequestGroup request) {
        return errorOf(() -> shard.fetchOffsets(request, NEWEST));
    }

    @Override
    public DescribedGroup describe(String groupId) {
        return shard.consumerGroupDescribe(List.of(groupId), NEWEST).get(0);
    }

    private static Errors errorOf(Supplier<?> question) {
        try {
            question.get();
            return Errors.NONE;
        } catch (ApiException e) {
            return Errors.forException(e);
        }
    }

    private static <T> T orError(Supplier<T> question, Function<Errors, T> error) {
        try {
            return question.get();
        } catch (ApiException e) {
            return error.apply(Errors.forException(e));
        }
    }
}

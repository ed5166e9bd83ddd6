package dev.surefoot.testkit.simulation.coordinator;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupResponseData.MemberResponse;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.TransactionResult;
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
 * The coordinator of a real broker without the broker: its clock and timers are virtual, and what it writes is kept in
 * a list and loaded from there. Versions of requests that the broker translates first have to be left to a real wire.
 */
final class ClassicShard implements RealSide {
    private static final long NO_PRODUCER = -1;
    private static final short EPOCH = 0;

    private final GroupSettings settings;
    private final TopicCatalog topics;
    private final GroupCoordinatorConfig config;
    private final GroupConfigManager groupConfigs;
    private final ShardClock clock;
    /** What was written, each entry as it is read again. */
    private final List<Replayed> log = new ArrayList<>();

    private GroupCoordinatorShard shard;
    private boolean failing;

    private interface Replayed {
        void into(GroupCoordinatorShard loaded, long offset);
    }

    ClassicShard(GroupSettings settings, TopicCatalog topics) {
        this.settings = settings;
        this.topics = topics;
        ConfigDef definition = new ConfigDef(GroupCoordinatorConfig.CONFIG_DEF);
        ShareGroupConfig.CONFIG_DEF.configKeys().values().forEach(definition::define);
        Map<String, Object> given = new HashMap<>();
        given.put(
                GroupCoordinatorConfig.OFFSETS_RETENTION_CHECK_INTERVAL_MS_CONFIG,
                Long.toString(Long.MAX_VALUE / 1_000));
        given.put("group.initial.rebalance.delay.ms", Integer.toString(settings.initialRebalanceDelayMs()));
        given.put("group.min.session.timeout.ms", Integer.toString(settings.minSessionTimeoutMs()));
        given.put("group.max.session.timeout.ms", Integer.toString(settings.maxSessionTimeoutMs()));
        given.put("group.max.size", Integer.toString(settings.maxSize()));
        given.put("offset.metadata.max.bytes", Integer.toString(settings.maxMetadataChars()));
        AbstractConfig all = new AbstractConfig(definition, given, false);
        this.config = new GroupCoordinatorConfig(all);
        this.groupConfigs = new GroupConfigManager(Map.of(), config, new ShareGroupConfig(all));
        this.clock = new ShardClock(0, 0);
        this.shard = load();
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
                .withTopicPartition(new TopicPartition("__consumer_offsets", 0))
                .build();
        for (int offset = 0; offset < log.size(); offset++) {
            log.get(offset).into(loaded, offset);
        }
        loaded.onLoaded(GivenImage.of(topics));
        return loaded;
    }

    /** Moves the coordinator to another broker and back, which finds the newest writes gone. */
    void reload(int lostWrites) {
        failing = false;
        shard.onUnloaded();
        clock.cancelAll();
        for (int i = 0; i < lostWrites && !log.isEmpty(); i++) {
            log.remove(log.size() - 1);
        }
        shard = load();
    }

    @Override
    public void turn(long nowMs) {
        clock.turn(nowMs);
    }

    long nextDeadlineMs() {
        return clock.nextDeadlineMs();
    }

    /** Has the next write fail for want of replicas. */
    void failNextWrite() {
        failing = true;
    }

    void endTransaction(long producerId, boolean commit) {
        TransactionResult result = commit ? TransactionResult.COMMIT : TransactionResult.ABORT;
        shard.replayEndTransactionMarker(producerId, EPOCH, result);
        log.add((loaded, offset) -> loaded.replayEndTransactionMarker(producerId, EPOCH, result));
    }

    private <T> T write(CoordinatorResult<T, CoordinatorRecord> result) {
        return write(NO_PRODUCER, result);
    }

    private <T> T write(long producerId, CoordinatorResult<T, CoordinatorRecord> result) {
        boolean fails = failing && !result.records().isEmpty();
        failing &= !fails;
        if (fails && result.appendFuture() == null) {
            // As the broker tells clients of it.
            throw new CoordinatorNotAvailableException("not enough replicas");
        }
        if (!fails) {
            for (CoordinatorRecord record : result.records()) {
                Replayed replayed = (loaded, offset) ->
                        loaded.replay(offset, producerId, producerId == NO_PRODUCER ? (short) -1 : EPOCH, record);
                if (result.replayRecords()) {
                    replayed.into(shard, log.size());
                }
                log.add(replayed);
            }
        }
        if (result.appendFuture() != null) {
            if (fails) {
                result.appendFuture().completeExceptionally(new NotEnoughReplicasException("none"));
            } else {
                result.appendFuture().complete(null);
            }
        }
        return result.response();
    }

    @Override
    public GroupSettings settings() {
        return settings;
    }

    @Override
    public TopicCatalog topics() {
        return topics;
    }

    @Override
    public Pending send(String connection, ApiMessage request, int version, long nowMs) {
        clock.turn(nowMs);
        CompletableFuture<ApiMessage> answer = new CompletableFuture<>();
        send(request, new ShardCaller((short) version, RawConnection.CLIENT_ID), answer);
        return new Pending() {
            @Override
            public boolean isAnswered() {
                return answer.isDone();
            }

            @Override
            public ApiMessage await() {
                if (!answer.isDone()) {
                    throw new IllegalStateException("the coordinator has not answered " + request);
                }
                // A broker fills in what old versions of an answer cannot leave out.
                return AnswerText.overTheWire(GroupAnswers.forVersion(answer.join(), version), version);
            }
        };
    }

    private void send(ApiMessage request, ShardCaller asked, CompletableFuture<ApiMessage> answer) {
        switch (ApiKeys.forId(request.apiKey())) {
            case JOIN_GROUP -> {
                CompletableFuture<JoinGroupResponseData> joined = new CompletableFuture<>();
                joined.thenAccept(answer::complete);
                try {
                    write(shard.classicGroupJoin(asked, (JoinGroupRequestData) request, joined));
                } catch (RuntimeException e) {
                    joined.complete(new JoinGroupResponseData()
                            .setErrorCode(Errors.forException(e).code()));
                }
            }
            case SYNC_GROUP -> {
                CompletableFuture<SyncGroupResponseData> synced = new CompletableFuture<>();
                synced.thenAccept(answer::complete);
                write(shard.classicGroupSync(asked, (SyncGroupRequestData) request, synced));
            }
            case HEARTBEAT ->
                answer.complete(orError(
                        () -> write(shard.classicGroupHeartbeat(asked, (HeartbeatRequestData) request)),
                        error -> new HeartbeatResponseData().setErrorCode(error.code())));
            case LEAVE_GROUP ->
                answer.complete(orError(
                        () -> write(shard.classicGroupLeave(asked, (LeaveGroupRequestData) request)),
                        error -> refusedLeave((LeaveGroupRequestData) request, error)));
            case OFFSET_COMMIT ->
                answer.complete(orError(
                        () -> write(shard.commitOffset(asked, withTopicIds((OffsetCommitRequestData) request))),
                        error -> GroupAnswers.refusal(request, asked.version(), error)));
            case TXN_OFFSET_COMMIT -> {
                TxnOffsetCommitRequestData commit = (TxnOffsetCommitRequestData) request;
                answer.complete(orError(
                        () -> write(commit.producerId(), shard.commitTransactionalOffset(asked, commit)),
                        error -> GroupAnswers.refusal(request, asked.version(), error)));
            }
            case OFFSET_FETCH ->
                answer.complete(new OffsetFetchResponseData()
                        .setGroups(List.of(shard.fetchOffsets(
                                withTopicIds(((OffsetFetchRequestData) request)
                                        .groups()
                                        .get(0)),
                                Long.MAX_VALUE))));
            default -> throw new IllegalArgumentException("not for this coordinator: " + request);
        }
    }

    /** A broker looks up the ids of topics before the coordinator sees a request. */
    private OffsetCommitRequestData withTopicIds(OffsetCommitRequestData request) {
        OffsetCommitRequestData copy = request.duplicate();
        copy.topics().forEach(topic -> topic.setTopicId(idOf(topic.name())));
        return copy;
    }

    private OffsetFetchRequestData.OffsetFetchRequestGroup withTopicIds(
            OffsetFetchRequestData.OffsetFetchRequestGroup group) {
        OffsetFetchRequestData.OffsetFetchRequestGroup copy = group.duplicate();
        copy.topics().forEach(topic -> topic.setTopicId(idOf(topic.name())));
        return copy;
    }

    private Uuid idOf(String topic) {
        TopicCatalog.Topic known = topics.topic(topic);
        if (known == null) {
            throw new IllegalArgumentException("topics that do not exist are the wire's: " + topic);
        }
        return known.id();
    }

    /** A broker tells each member that it is not known if the group is not. */
    private static LeaveGroupResponseData refusedLeave(LeaveGroupRequestData request, Errors error) {
        if (error != Errors.UNKNOWN_MEMBER_ID) {
            return new LeaveGroupResponseData().setErrorCode(error.code());
        }
        return new LeaveGroupResponseData()
                .setMembers(request.members().stream()
                        .map(member -> new MemberResponse()
                                .setMemberId(member.memberId())
                                .setGroupInstanceId(member.groupInstanceId())
                                .setErrorCode(error.code()))
                        .toList());
    }

    private static ApiMessage orError(Supplier<ApiMessage> question, Function<Errors, ApiMessage> error) {
        try {
            return question.get();
        } catch (ApiException e) {
            return error.apply(Errors.forException(e));
        }
    }

    @Override
    public void awaitAllTakenIn() {
        // Requests are carried out at once.
    }

    @Override
    public void awaitEmpty(String groupId) {
        // Timers run when the time is set.
    }

    @Override
    public void close() {
        clock.cancelAll();
    }
}

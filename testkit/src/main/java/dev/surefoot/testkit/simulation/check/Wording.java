package dev.surefoot.testkit.simulation.check;

import dev.surefoot.core.cluster.MetadataAnswer;
import dev.surefoot.core.cluster.MetadataAnswer.TopicMetadata;
import dev.surefoot.core.engine.EpochValidationExchange.OffsetForLeaderEpochRequest;
import dev.surefoot.core.engine.EpochValidationExchange.OffsetForLeaderEpochResponse;
import dev.surefoot.core.engine.FetchExchange.FetchRequest;
import dev.surefoot.core.engine.FetchExchange.FetchResponse;
import dev.surefoot.core.engine.MetadataExchange.MetadataRequest;
import dev.surefoot.core.engine.MetadataExchange.MetadataResponse;
import dev.surefoot.core.engine.OffsetLookupExchange.ListOffsetsRequest;
import dev.surefoot.core.engine.OffsetLookupExchange.ListOffsetsResponse;
import dev.surefoot.core.engine.RemainingRecordsExchange.RemainingRecordsRequest;
import dev.surefoot.core.engine.RemainingRecordsExchange.RemainingRecordsResponse;
import dev.surefoot.core.engine.TelemetryExchange.TelemetryPushRequest;
import dev.surefoot.core.engine.TelemetryExchange.TelemetryPushResponse;
import dev.surefoot.core.engine.TelemetryExchange.TelemetrySubscriptionRequest;
import dev.surefoot.core.engine.TelemetryExchange.TelemetrySubscriptionResponse;
import dev.surefoot.core.engine.TopicIdExchange.TopicIdsRequest;
import dev.surefoot.core.engine.TopicIdExchange.TopicIdsResponse;
import dev.surefoot.core.engine.TransactionExchange.ClusterRightsRequest;
import dev.surefoot.core.engine.TransactionExchange.ClusterRightsResponse;
import dev.surefoot.core.engine.TransactionExchange.DescribeProducersRequest;
import dev.surefoot.core.engine.TransactionExchange.DescribeProducersResponse;
import dev.surefoot.core.engine.TransactionExchange.ListTransactionsRequest;
import dev.surefoot.core.engine.TransactionExchange.ListTransactionsResponse;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.group.ConsumerGroupHeartbeat.ConsumerGroupHeartbeatRequest;
import dev.surefoot.core.group.ConsumerGroupHeartbeat.ConsumerGroupHeartbeatResponse;
import dev.surefoot.core.group.DescribeGroup.DescribeGroupRequest;
import dev.surefoot.core.group.DescribeGroup.DescribeGroupResponse;
import dev.surefoot.core.group.FindCoordinator.FindCoordinatorRequest;
import dev.surefoot.core.group.FindCoordinator.FindCoordinatorResponse;
import dev.surefoot.core.group.Heartbeat.HeartbeatRequest;
import dev.surefoot.core.group.Heartbeat.HeartbeatResponse;
import dev.surefoot.core.group.JoinGroup.JoinGroupRequest;
import dev.surefoot.core.group.JoinGroup.JoinGroupResponse;
import dev.surefoot.core.group.LeaveGroup.LeaveGroupRequest;
import dev.surefoot.core.group.LeaveGroup.LeaveGroupResponse;
import dev.surefoot.core.group.OffsetCommit.OffsetCommitRequest;
import dev.surefoot.core.group.OffsetCommit.OffsetCommitResponse;
import dev.surefoot.core.group.OffsetFetch.OffsetFetchRequest;
import dev.surefoot.core.group.OffsetFetch.OffsetFetchResponse;
import dev.surefoot.core.group.SyncGroup.SyncGroupRequest;
import dev.surefoot.core.group.SyncGroup.SyncGroupResponse;
import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchTarget;
import dev.surefoot.core.session.PartitionAnswer;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;

/** Words requests and answers for stories. */
public final class Wording {
    private static final int LAST_OFFSET_DELTA_AT = 23;
    private static final int LENGTH_AT = 8;

    private static final Map<Class<?>, Words<?, ?>> WORDS = Map.ofEntries(
            api(
                    FetchRequest.class,
                    FetchResponse.class,
                    fetch -> plan(fetch.plan()) + ", at most " + fetch.maxBytes() + " bytes",
                    fetched -> fetch(fetched.answer())),
            api(
                    RemainingRecordsRequest.class,
                    RemainingRecordsResponse.class,
                    asked -> "whether there are records: " + plan(asked.plan()),
                    told -> "no records up to " + told.emptyTo() + (told.atRecord() ? ", where there is one" : "")),
            api(
                    MetadataRequest.class,
                    MetadataResponse.class,
                    metadata -> "metadata of " + metadata.query().topics(),
                    described -> metadata(described.answer())),
            api(
                    TopicIdsRequest.class,
                    TopicIdsResponse.class,
                    named -> "metadata of " + named.topicIds(),
                    described -> metadata(described.answer())),
            api(
                    ListOffsetsRequest.class,
                    ListOffsetsResponse.class,
                    offsets -> "offsets " + offsets.query().partitions(),
                    found -> "offsets " + found.answer().partitions()),
            api(
                    OffsetForLeaderEpochRequest.class,
                    OffsetForLeaderEpochResponse.class,
                    epochs -> "epochs " + epochs.query().partitions(),
                    ends -> "epochs " + ends.answer().partitions()),
            api(
                    TelemetrySubscriptionRequest.class,
                    TelemetrySubscriptionResponse.class,
                    asked -> "telemetry of " + asked.clientInstanceId(),
                    wanted -> "telemetry of " + wanted.clientInstanceId() + ": " + wanted.metrics()),
            api(
                    TelemetryPushRequest.class,
                    TelemetryPushResponse.class,
                    pushed -> "push of " + pushed.push().clientInstanceId(),
                    taken -> "push, error " + taken.errorCode()),
            api(
                    FindCoordinatorRequest.class,
                    FindCoordinatorResponse.class,
                    find -> "coordinator of " + find.groupId(),
                    GroupWording::found),
            api(JoinGroupRequest.class, JoinGroupResponse.class, GroupWording::join, GroupWording::joined),
            api(SyncGroupRequest.class, SyncGroupResponse.class, GroupWording::sync, GroupWording::synced),
            api(
                    HeartbeatRequest.class,
                    HeartbeatResponse.class,
                    beat -> "heartbeat of '" + beat.memberId() + "' in generation " + beat.generation(),
                    heard -> "heartbeat" + GroupWording.error(heard.error())),
            api(
                    LeaveGroupRequest.class,
                    LeaveGroupResponse.class,
                    leave -> "leave of '" + leave.memberId() + "' since " + leave.reason(),
                    left -> "left" + GroupWording.error(left.error())),
            api(
                    DescribeGroupRequest.class,
                    DescribeGroupResponse.class,
                    asked -> "what is assigned in " + asked.groupId(),
                    GroupWording::described),
            api(
                    ConsumerGroupHeartbeatRequest.class,
                    ConsumerGroupHeartbeatResponse.class,
                    GroupWording::heartbeat,
                    GroupWording::heard),
            api(OffsetCommitRequest.class, OffsetCommitResponse.class, GroupWording::commit, GroupWording::committed),
            api(OffsetFetchRequest.class, OffsetFetchResponse.class, GroupWording::fetch, GroupWording::fetched),
            api(
                    DescribeProducersRequest.class,
                    DescribeProducersResponse.class,
                    asked -> "producers of " + asked.partitions(),
                    told -> "producers " + told.holders()),
            api(
                    ListTransactionsRequest.class,
                    ListTransactionsResponse.class,
                    asked -> "transactions of producers " + asked.producerIds(),
                    told -> "transactions " + told.transactionalIds()),
            api(
                    ClusterRightsRequest.class,
                    ClusterRightsResponse.class,
                    asked -> "rights on the cluster",
                    told -> "all rights: " + told.all()));

    /** How requests of one API and their answers are told. */
    private record Words<R, A>(
            Class<R> request, Class<A> answer, Function<R, String> asked, Function<A, String> answered) {
        String asked(Request<?> sent) {
            return asked.apply(request.cast(sent));
        }

        String answered(Answer received) {
            return answered.apply(answer.cast(received));
        }
    }

    private Wording() {}

    private static <R extends Request<A>, A extends Answer> Map.Entry<Class<?>, Words<?, ?>> api(
            Class<R> request, Class<A> answer, Function<R, String> asked, Function<A, String> answered) {
        return Map.entry(request, new Words<>(request, answer, asked, answered));
    }

    public static String request(Request<?> request) {
        return "broker " + request.nodeId() + ": " + words(request).asked(request);
    }

    /** Returns a plan as a line. */
    public static String plan(FetchPlan plan) {
        return plan.kind() + " fetch (S=" + plan.sessionId() + ", E=" + plan.epoch() + ") lists "
                + targets(plan.partitions())
                + (plan.forgotten().isEmpty() ? "" : ", forgets " + keys(plan.forgotten()))
                + (plan.immediate() ? ", at once" : "");
    }

    /** Returns the targets of partitions as a line. */
    public static String targets(Map<TopicIdPartition, FetchTarget> targets) {
        return targets.entrySet().stream()
                .map(entry -> key(entry.getKey()) + target(entry.getValue()))
                .collect(Collectors.joining(" ", "{", "}"));
    }

    static String target(FetchTarget target) {
        return "@" + target.fetchOffset()
                + (target.currentLeaderEpoch() < 0 ? "" : "/e" + target.currentLeaderEpoch())
                + (target.lastFetchedEpoch() < 0 ? "" : "/l" + target.lastFetchedEpoch());
    }

    static String keys(Collection<TopicIdPartition> keys) {
        return keys.stream().map(Wording::key).collect(Collectors.joining(" ", "{", "}"));
    }

    static String key(TopicIdPartition key) {
        return key.topicPartition() + id(key.topicId());
    }

    private static String id(Uuid topicId) {
        return topicId.equals(Uuid.ZERO_UUID) ? "" : "#" + topicId.getLeastSignificantBits();
    }

    /**
     * Returns an answer as a line.
     *
     * @param request the request that it answers
     */
    public static String answer(Request<?> request, Answer answer) {
        return words(request).answered(answer);
    }

    private static Words<?, ?> words(Request<?> request) {
        Words<?, ?> words = WORDS.get(request.getClass());
        if (words == null) {
            throw new IllegalStateException(
                    "no words for a " + request.getClass().getSimpleName() + ": enter it in Wording");
        }
        return words;
    }

    private static String metadata(MetadataAnswer answer) {
        return "metadata: brokers "
                + answer.brokers().stream()
                        .map(node -> Integer.toString(node.id()))
                        .toList()
                + ", "
                + answer.topics().stream().map(Wording::topic).toList();
    }

    private static String topic(TopicMetadata topic) {
        return topic.name()
                + id(topic.topicId())
                + (topic.error() == BrokerError.NONE ? "" : " " + topic.error())
                + topic.partitions().stream()
                        .map(partition ->
                                partition.partition() + ":" + partition.leaderId() + "/e" + partition.leaderEpoch())
                        .toList();
    }

    /** Returns the answer to a fetch as a line. */
    public static String fetch(FetchAnswer answer) {
        return "answer (S=" + answer.sessionId() + ")"
                + (answer.error() == BrokerError.NONE ? "" : " " + answer.error())
                + (answer.throttleTimeMs() == 0 ? "" : " throttled for " + answer.throttleTimeMs() + " ms")
                + answer.partitions().stream().map(Wording::partition).collect(Collectors.joining(" ", " {", "}"));
    }

    private static String partition(PartitionAnswer answer) {
        String name = (answer.topic() == null ? id(answer.topicId()) : answer.topic()) + "-" + answer.partition();
        if (answer.error() != BrokerError.NONE) {
            return name + " " + answer.error() + (answer.currentLeader() == null ? "" : " " + answer.currentLeader());
        }
        if (answer.divergingEpoch() != null) {
            return name + " " + answer.divergingEpoch();
        }
        return name + " hw" + answer.highWatermark()
                + (answer.preferredReadReplica() < 0 ? "" : " go to " + answer.preferredReadReplica())
                + offsets(answer.records());
    }

    private static String offsets(ByteBuffer records) {
        StringBuilder offsets = new StringBuilder();
        int at = records.position();
        while (at + LAST_OFFSET_DELTA_AT + 4 <= records.limit()) {
            long base = records.getLong(at);
            offsets.append(offsets.isEmpty() ? " " : ",")
                    .append(base)
                    .append("..")
                    .append(base + records.getInt(at + LAST_OFFSET_DELTA_AT));
            at += 12 + Math.max(0, records.getInt(at + LENGTH_AT));
        }
        return offsets.toString();
    }
}

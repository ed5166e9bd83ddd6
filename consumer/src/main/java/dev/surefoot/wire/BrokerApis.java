package dev.surefoot.wire;

import dev.surefoot.core.engine.EpochValidationExchange.OffsetForLeaderEpochRequest;
import dev.surefoot.core.engine.FetchExchange.FetchRequest;
import dev.surefoot.core.engine.MetadataExchange.MetadataRequest;
import dev.surefoot.core.engine.OffsetLookupExchange.ListOffsetsRequest;
import dev.surefoot.core.engine.RemainingRecordsExchange.RemainingRecordsRequest;
import dev.surefoot.core.engine.TelemetryExchange.TelemetryPushRequest;
import dev.surefoot.core.engine.TelemetryExchange.TelemetrySubscriptionRequest;
import dev.surefoot.core.engine.TopicIdExchange.TopicIdsRequest;
import dev.surefoot.core.engine.TransactionExchange.ClusterRightsRequest;
import dev.surefoot.core.engine.TransactionExchange.DescribeProducersRequest;
import dev.surefoot.core.engine.TransactionExchange.ListTransactionsRequest;
import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.group.ConsumerGroupHeartbeat.ConsumerGroupHeartbeatRequest;
import dev.surefoot.core.group.DescribeGroup.DescribeGroupRequest;
import dev.surefoot.core.group.FindCoordinator.FindCoordinatorRequest;
import dev.surefoot.core.group.Heartbeat.HeartbeatRequest;
import dev.surefoot.core.group.JoinGroup.JoinGroupRequest;
import dev.surefoot.core.group.LeaveGroup.LeaveGroupRequest;
import dev.surefoot.core.group.OffsetCommit.OffsetCommitRequest;
import dev.surefoot.core.group.OffsetFetch.OffsetFetchRequest;
import dev.surefoot.core.group.SyncGroup.SyncGroupRequest;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the API that a request belongs to, by the request's class. A test holds that each class has its line here. */
final class BrokerApis {
    private static final Map<Class<?>, BrokerApi<?, ?>> BY_REQUEST = Map.ofEntries(
            api(FetchRequest.class, new FetchApi()),
            api(RemainingRecordsRequest.class, new RemainingRecordsApi()),
            api(MetadataRequest.class, new MetadataApi()),
            api(TopicIdsRequest.class, new TopicIdsApi()),
            api(ListOffsetsRequest.class, new ListOffsetsApi()),
            api(OffsetForLeaderEpochRequest.class, new OffsetForLeaderEpochApi()),
            api(TelemetrySubscriptionRequest.class, new TelemetrySubscriptionApi()),
            api(TelemetryPushRequest.class, new TelemetryPushApi()),
            api(FindCoordinatorRequest.class, new FindCoordinatorApi()),
            api(JoinGroupRequest.class, new JoinGroupApi()),
            api(SyncGroupRequest.class, new SyncGroupApi()),
            api(HeartbeatRequest.class, new HeartbeatApi()),
            api(LeaveGroupRequest.class, new LeaveGroupApi()),
            api(DescribeGroupRequest.class, new DescribeGroupApi()),
            api(ConsumerGroupHeartbeatRequest.class, new ConsumerGroupHeartbeatApi()),
            api(OffsetCommitRequest.class, new OffsetCommitApi()),
            api(OffsetFetchRequest.class, new OffsetFetchApi()),
            api(DescribeProducersRequest.class, new DescribeProducersApi()),
            api(ListTransactionsRequest.class, new ListTransactionsApi()),
            api(ClusterRightsRequest.class, new ClusterRightsApi()));

    private BrokerApis() {}

    private static <R extends Request<A>, A extends Answer> Map.Entry<Class<?>, BrokerApi<?, ?>> api(
            Class<R> request, BrokerApi<R, A> api) {
        return Map.entry(request, api);
    }

    /** A request with the API that it belongs to. */
    record Message<R extends Request<A>, A extends Answer>(BrokerApi<R, A> api, R request) {
        short version(NegotiatedVersions versions) {
            return api.version(request, versions);
        }

        RequestBody body(WireSettings settings, short version) {
            return api.body(request, settings, version);
        }

        A read(Response response) {
            return api.read(request, response);
        }
    }

    /** @throws IllegalStateException if no API is known for requests of this class */
    static Message<?, ?> of(Request<?> request) {
        @Nullable BrokerApi<?, ?> api = BY_REQUEST.get(request.getClass());
        if (api == null) {
            throw new IllegalStateException(
                    "no API for a " + request.getClass().getName() + ": enter it in BrokerApis");
        }
        return message(request, api);
    }

    @SuppressWarnings("unchecked") // an entry is made of an API and the class of its own requests
    private static <R extends Request<A>, A extends Answer> Message<R, A> message(
            Request<?> request, BrokerApi<R, A> api) {
        return new Message<>(api, (R) request);
    }

    /** All APIs, each by the class of its requests. */
    static Map<Class<?>, BrokerApi<?, ?>> byRequest() {
        return BY_REQUEST;
    }
}

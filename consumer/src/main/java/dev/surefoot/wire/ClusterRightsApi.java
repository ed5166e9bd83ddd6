package dev.surefoot.wire;

import dev.surefoot.core.engine.TransactionExchange.ClusterRightsRequest;
import dev.surefoot.core.engine.TransactionExchange.ClusterRightsResponse;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/** DescribeCluster, for the rights that this client has on the cluster. */
final class ClusterRightsApi implements BrokerApi<ClusterRightsRequest, ClusterRightsResponse> {
    /** Who has these on the cluster is a super user, or there is no authorizer. */
    private static final int ALL = 1 << AclOperation.ALTER.code() | 1 << AclOperation.CLUSTER_ACTION.code();

    @Override
    public ApiKeys key() {
        return ApiKeys.DESCRIBE_CLUSTER;
    }

    @Override
    public short version(ClusterRightsRequest request, NegotiatedVersions versions) {
        return versions.highest(ApiKeys.DESCRIBE_CLUSTER);
    }

    @Override
    public RequestBody body(ClusterRightsRequest request, WireSettings settings, short version) {
        return RequestBody.of(new DescribeClusterRequestData().setIncludeClusterAuthorizedOperations(true), version);
    }

    @Override
    public ClusterRightsResponse read(ClusterRightsRequest request, Response response) {
        DescribeClusterResponseData data = new DescribeClusterResponseData(response.readable(), response.version());
        int rights = data.errorCode() == 0 ? data.clusterAuthorizedOperations() : 0;
        return new ClusterRightsResponse(data.throttleTimeMs(), rights > 0 && (rights & ALL) == ALL);
    }
}

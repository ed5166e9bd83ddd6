package dev.surefoot.wire;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.group.FindCoordinator.FindCoordinatorRequest;
import dev.surefoot.core.group.FindCoordinator.FindCoordinatorResponse;
import java.util.List;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.FindCoordinatorResponseData.Coordinator;
import org.apache.kafka.common.protocol.ApiKeys;

/** FindCoordinator, for groups. */
final class FindCoordinatorApi implements BrokerApi<FindCoordinatorRequest, FindCoordinatorResponse> {
    /** The first version that asks for several coordinators at once, and has errors for each of them (KIP-699). */
    private static final short FIRST_WITH_LIST = 4;

    private static final byte GROUP = 0;

    @Override
    public ApiKeys key() {
        return ApiKeys.FIND_COORDINATOR;
    }

    @Override
    public short version(FindCoordinatorRequest request, NegotiatedVersions versions) {
        return versions.highest(ApiKeys.FIND_COORDINATOR);
    }

    @Override
    public RequestBody body(FindCoordinatorRequest request, WireSettings settings, short version) {
        FindCoordinatorRequestData data = new FindCoordinatorRequestData().setKeyType(GROUP);
        if (version >= FIRST_WITH_LIST) {
            data.setCoordinatorKeys(List.of(request.groupId()));
        } else {
            data.setKey(request.groupId());
        }
        return RequestBody.of(data, version);
    }

    @Override
    public FindCoordinatorResponse read(FindCoordinatorRequest request, Response response) {
        FindCoordinatorResponseData data = new FindCoordinatorResponseData(response.readable(), response.version());
        if (response.version() < FIRST_WITH_LIST) {
            return response(data.throttleTimeMs(), data.errorCode(), new Node(data.nodeId(), data.host(), data.port()));
        }
        if (data.coordinators().isEmpty()) {
            throw new MalformedResponseException("an answer about no coordinator");
        }
        Coordinator found = data.coordinators().get(0);
        return response(data.throttleTimeMs(), found.errorCode(), new Node(found.nodeId(), found.host(), found.port()));
    }

    private static FindCoordinatorResponse response(int throttleTimeMs, short errorCode, Node node) {
        BrokerError error = BrokerError.forCode(errorCode);
        return new FindCoordinatorResponse(throttleTimeMs, error, errorCode, error == BrokerError.NONE ? node : null);
    }
}

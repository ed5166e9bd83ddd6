package dev.surefoot.testkit.simulation.coordinator;

import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.FindCoordinatorResponseData.Coordinator;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** Answers that depend on nothing but the request. */
public final class GroupAnswers {
    /** Since this version FindCoordinator asks for several groups. */
    private static final int SEVERAL_KEYS = 4;
    /** Since this version LeaveGroup names several members. */
    private static final int SEVERAL_MEMBERS = 3;
    /** Since this version the protocol's name may be null in the answer to JoinGroup. */
    private static final int NO_PROTOCOL_NAME = 7;

    private GroupAnswers() {}

    /**
     * Answers a request for a group with an error, and does nothing else.
     *
     * @throws IllegalArgumentException if the request is not one that goes to a group coordinator
     */
    public static ApiMessage refusal(ApiMessage request, int version, Errors error) {
        short code = error.code();
        return switch (ApiKeys.forId(request.apiKey())) {
            case FIND_COORDINATOR -> coordinators((FindCoordinatorRequestData) request, version, error, -1, "", -1);
            case JOIN_GROUP -> forVersion(new JoinGroupResponseData().setErrorCode(code), version);
            case SYNC_GROUP -> new SyncGroupResponseData().setErrorCode(code);
            case HEARTBEAT -> new HeartbeatResponseData().setErrorCode(code);
            case LEAVE_GROUP -> new LeaveGroupResponseData().setErrorCode(code);
            case DESCRIBE_GROUPS ->
                new DescribeGroupsResponseData()
                        .setGroups(((DescribeGroupsRequestData) request)
                                .groups().stream()
                                        .map(id -> new DescribedGroup()
                                                .setGroupId(id)
                                                .setErrorCode(code))
                                        .toList());
            case CONSUMER_GROUP_HEARTBEAT ->
                new ConsumerGroupHeartbeatResponseData().setErrorCode(code).setErrorMessage(error.message());
            case OFFSET_COMMIT ->
                OffsetMessages.commitAnswer(
                        OffsetMessages.refused(OffsetMessages.offsets((OffsetCommitRequestData) request), error));
            case TXN_OFFSET_COMMIT ->
                OffsetMessages.transactionalCommitAnswer(
                        OffsetMessages.refused(OffsetMessages.offsets((TxnOffsetCommitRequestData) request), error));
            case OFFSET_FETCH ->
                OffsetMessages.fetchAnswer(
                        OffsetMessages.groups((OffsetFetchRequestData) request, version).stream()
                                .map(group -> OffsetMessages.fetchRefused(group, error, version))
                                .toList(),
                        version);
            default -> throw new IllegalArgumentException("not for a group coordinator: " + request);
        };
    }

    /** The same coordinator, or the same error, for every key. */
    static FindCoordinatorResponseData coordinators(
            FindCoordinatorRequestData request, int version, Errors error, int nodeId, String host, int port) {
        FindCoordinatorResponseData answer = new FindCoordinatorResponseData();
        if (version < SEVERAL_KEYS) {
            return answer.setErrorCode(error.code())
                    .setErrorMessage(error.message())
                    .setNodeId(nodeId)
                    .setHost(host)
                    .setPort(port);
        }
        return answer.setCoordinators(request.coordinatorKeys().stream()
                .map(key -> new Coordinator()
                        .setKey(key)
                        .setErrorCode(error.code())
                        .setErrorMessage("")
                        .setNodeId(nodeId)
                        .setHost(host)
                        .setPort(port))
                .toList());
    }

    /** An answer of the newest form in the form of the version that was asked with. */
    static ApiMessage forVersion(ApiMessage answer, int version) {
        if (answer instanceof JoinGroupResponseData join) {
            boolean named = join.protocolName() != null && !join.protocolName().isEmpty();
            return join.setProtocolName(named ? join.protocolName() : version < NO_PROTOCOL_NAME ? "" : null);
        }
        if (answer instanceof LeaveGroupResponseData leave && version < SEVERAL_MEMBERS) {
            boolean whole = leave.errorCode() != Errors.NONE.code();
            return new LeaveGroupResponseData()
                    .setErrorCode(
                            whole ? leave.errorCode() : leave.members().get(0).errorCode());
        }
        return answer;
    }
}

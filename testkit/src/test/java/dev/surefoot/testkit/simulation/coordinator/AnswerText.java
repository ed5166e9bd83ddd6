package dev.surefoot.testkit.simulation.coordinator;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.ObjectSerializationCache;

/** Writes answers down so that two of them are equal as text if a client cannot tell them apart. */
final class AnswerText {
    private AnswerText() {}

    /** An answer as it comes out of the wire. */
    static ApiMessage overTheWire(ApiMessage answer, int version) {
        ObjectSerializationCache cache = new ObjectSerializationCache();
        ByteBuffer bytes = ByteBuffer.allocate(answer.size(cache, (short) version));
        answer.write(new ByteBufferAccessor(bytes), cache, (short) version);
        ApiMessage read = ApiKeys.forId(answer.apiKey()).messageType.newResponse();
        read.read(new ByteBufferAccessor(bytes.flip()), (short) version);
        return read;
    }

    /** The error of an answer, of its first part if it has several. */
    static String errorOf(ApiMessage answer) {
        return switch (ApiKeys.forId(answer.apiKey())) {
            case JOIN_GROUP -> error(((JoinGroupResponseData) answer).errorCode());
            case SYNC_GROUP -> error(((SyncGroupResponseData) answer).errorCode());
            case HEARTBEAT -> error(((HeartbeatResponseData) answer).errorCode());
            case LEAVE_GROUP -> {
                LeaveGroupResponseData leave = (LeaveGroupResponseData) answer;
                yield error(
                        leave.members().isEmpty()
                                ? leave.errorCode()
                                : leave.members().get(0).errorCode());
            }
            case OFFSET_COMMIT ->
                error(((OffsetCommitResponseData) answer)
                        .topics()
                        .get(0)
                        .partitions()
                        .get(0)
                        .errorCode());
            case TXN_OFFSET_COMMIT ->
                error(((TxnOffsetCommitResponseData) answer)
                        .topics()
                        .get(0)
                        .partitions()
                        .get(0)
                        .errorCode());
            case OFFSET_FETCH -> "answered";
            default -> throw new IllegalArgumentException("no error in " + answer);
        };
    }

    /** @param name gives a member id a name that is the same on either side */
    static String of(ApiMessage answer, UnaryOperator<String> name) {
        return switch (ApiKeys.forId(answer.apiKey())) {
            case JOIN_GROUP -> join((JoinGroupResponseData) answer, name);
            case SYNC_GROUP -> sync((SyncGroupResponseData) answer);
            case HEARTBEAT -> "heartbeat " + error(((HeartbeatResponseData) answer).errorCode());
            case LEAVE_GROUP -> leave((LeaveGroupResponseData) answer, name);
            case OFFSET_COMMIT -> commit((OffsetCommitResponseData) answer);
            case TXN_OFFSET_COMMIT -> commit((TxnOffsetCommitResponseData) answer);
            case OFFSET_FETCH -> fetch((OffsetFetchResponseData) answer);
            default -> throw new IllegalArgumentException("no text for " + answer);
        };
    }

    private static String error(short code) {
        return Errors.forCode(code).name();
    }

    private static String join(JoinGroupResponseData answer, UnaryOperator<String> name) {
        List<String> members = answer.members().stream()
                .map(member -> name.apply(member.memberId()) + " instance " + member.groupInstanceId() + " offers "
                        + hex(member.metadata()))
                .sorted()
                .toList();
        return "join " + error(answer.errorCode()) + " generation " + answer.generationId() + " type "
                + answer.protocolType() + " protocol '" + answer.protocolName() + "' leader "
                + name.apply(answer.leader()) + " member " + name.apply(answer.memberId()) + " skip "
                + answer.skipAssignment() + " members " + members;
    }

    private static String sync(SyncGroupResponseData answer) {
        return "sync " + error(answer.errorCode()) + " type " + answer.protocolType() + " protocol "
                + answer.protocolName() + " assignment " + hex(answer.assignment());
    }

    private static String leave(LeaveGroupResponseData answer, UnaryOperator<String> name) {
        List<String> members = answer.members().stream()
                .map(member -> name.apply(member.memberId()) + " instance " + member.groupInstanceId() + " "
                        + error(member.errorCode()))
                .toList();
        return "leave " + error(answer.errorCode()) + " " + members;
    }

    private static String topic(String name, Uuid id) {
        return id.equals(Uuid.ZERO_UUID) ? name : id.toString();
    }

    private static String commit(OffsetCommitResponseData answer) {
        TreeMap<String, String> errors = new TreeMap<>();
        answer.topics()
                .forEach(topic -> topic.partitions()
                        .forEach(partition -> errors.put(
                                topic(topic.name(), topic.topicId()) + "-" + partition.partitionIndex(),
                                error(partition.errorCode()))));
        return "commit " + errors;
    }

    private static String commit(TxnOffsetCommitResponseData answer) {
        TreeMap<String, String> errors = new TreeMap<>();
        answer.topics()
                .forEach(topic -> topic.partitions()
                        .forEach(partition -> errors.put(
                                topic.name() + "-" + partition.partitionIndex(), error(partition.errorCode()))));
        return "transactional commit " + errors;
    }

    private static String fetch(OffsetFetchResponseData answer) {
        TreeMap<String, String> offsets = new TreeMap<>();
        answer.topics()
                .forEach(topic -> topic.partitions()
                        .forEach(partition -> offsets.put(
                                topic.name() + "-" + partition.partitionIndex(),
                                error(partition.errorCode()) + " " + partition.committedOffset() + " of epoch "
                                        + partition.committedLeaderEpoch() + " '" + partition.metadata() + "'")));
        answer.groups().forEach(group -> {
            offsets.put(group.groupId(), error(group.errorCode()));
            group.topics()
                    .forEach(topic -> topic.partitions()
                            .forEach(partition -> offsets.put(
                                    group.groupId() + " " + topic(topic.name(), topic.topicId()) + "-"
                                            + partition.partitionIndex(),
                                    error(partition.errorCode()) + " " + partition.committedOffset() + " of epoch "
                                            + partition.committedLeaderEpoch() + " '" + partition.metadata() + "'")));
        });
        return "fetch " + error(answer.errorCode()) + " " + offsets;
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}

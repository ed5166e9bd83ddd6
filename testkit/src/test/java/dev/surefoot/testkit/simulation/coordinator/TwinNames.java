package dev.surefoot.testkit.simulation.coordinator;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * Names for member ids, which either side draws for itself. The n-th id that member A was given is An; A alone means
 * the newest. What has no name stands for itself.
 */
final class TwinNames {
    private final Map<String, String> real = new HashMap<>();
    private final Map<String, String> model = new HashMap<>();
    private final Map<String, String> byReal = new HashMap<>();
    private final Map<String, String> byModel = new HashMap<>();
    private final Map<String, Integer> counts = new HashMap<>();

    /** Notes that both sides have given this member an id. */
    void learn(String member, String realId, String modelId) {
        if (realId.isEmpty() || modelId.isEmpty() || byReal.containsKey(realId) || byModel.containsKey(modelId)) {
            return;
        }
        String name = member + counts.merge(member, 1, Integer::sum);
        byReal.put(realId, name);
        byModel.put(modelId, name);
        real.put(name, realId);
        real.put(member, realId);
        model.put(name, modelId);
        model.put(member, modelId);
    }

    boolean isKnown(String name) {
        return real.containsKey(name);
    }

    String ofReal(String id) {
        return byReal.getOrDefault(id, id);
    }

    String ofModel(String id) {
        return byModel.getOrDefault(id, id);
    }

    String modelId(String name) {
        return model.getOrDefault(name, name);
    }

    ApiMessage forReal(ApiMessage request) {
        return translate(request, real);
    }

    ApiMessage forModel(ApiMessage request) {
        return translate(request, model);
    }

    private static ApiMessage translate(ApiMessage request, Map<String, String> ids) {
        ApiMessage copy = (ApiMessage) request.duplicate();
        switch (ApiKeys.forId(copy.apiKey())) {
            case JOIN_GROUP -> {
                JoinGroupRequestData join = (JoinGroupRequestData) copy;
                join.setMemberId(of(join.memberId(), ids));
            }
            case SYNC_GROUP -> {
                SyncGroupRequestData sync = (SyncGroupRequestData) copy;
                sync.setMemberId(of(sync.memberId(), ids));
                sync.assignments().forEach(each -> each.setMemberId(of(each.memberId(), ids)));
            }
            case HEARTBEAT -> {
                HeartbeatRequestData heartbeat = (HeartbeatRequestData) copy;
                heartbeat.setMemberId(of(heartbeat.memberId(), ids));
            }
            case LEAVE_GROUP -> {
                LeaveGroupRequestData leave = (LeaveGroupRequestData) copy;
                leave.setMemberId(of(leave.memberId(), ids));
                leave.members().forEach(each -> each.setMemberId(of(each.memberId(), ids)));
            }
            case OFFSET_COMMIT -> {
                OffsetCommitRequestData commit = (OffsetCommitRequestData) copy;
                commit.setMemberId(of(commit.memberId(), ids));
            }
            case TXN_OFFSET_COMMIT -> {
                TxnOffsetCommitRequestData commit = (TxnOffsetCommitRequestData) copy;
                commit.setMemberId(of(commit.memberId(), ids));
            }
            case OFFSET_FETCH -> {}
            default -> throw new IllegalArgumentException("no names in " + request);
        }
        return copy;
    }

    private static String of(String name, Map<String, String> ids) {
        return ids.getOrDefault(name, name);
    }
}

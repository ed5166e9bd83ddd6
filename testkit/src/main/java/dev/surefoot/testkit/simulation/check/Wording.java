package dev.surefoot.testkit.simulation.check;

import dev.surefoot.core.cluster.MetadataAnswer;
import dev.surefoot.core.cluster.MetadataAnswer.TopicMetadata;
import dev.surefoot.core.engine.Answer;
import dev.surefoot.core.engine.Request;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchTarget;
import dev.surefoot.core.session.PartitionAnswer;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;

/** Words requests and answers for stories. */
public final class Wording {
    private static final int LAST_OFFSET_DELTA_AT = 23;
    private static final int LENGTH_AT = 8;

    private Wording() {}

    /** Returns a request as a line. */
    public static String request(Request<?> request) {
        String what = request.accept(new Request.Visitor<>() {
            @Override
            public String fetch(Request.Fetch fetch) {
                return plan(fetch.plan()) + ", at most " + fetch.maxBytes() + " bytes";
            }

            @Override
            public String metadata(Request.Metadata metadata) {
                return "metadata of " + metadata.query().topics();
            }

            @Override
            public String listOffsets(Request.ListOffsets offsets) {
                return "offsets " + offsets.query().partitions();
            }

            @Override
            public String offsetForLeaderEpoch(Request.OffsetForLeaderEpoch epochs) {
                return "epochs " + epochs.query().partitions();
            }
        });
        return "broker " + request.nodeId() + ": " + what;
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
        return request.accept(new Request.Visitor<>() {
            @Override
            public String fetch(Request.Fetch fetch) {
                return Wording.fetch(fetch.answerType().cast(answer).answer());
            }

            @Override
            public String metadata(Request.Metadata metadata) {
                return Wording.metadata(metadata.answerType().cast(answer).answer());
            }

            @Override
            public String listOffsets(Request.ListOffsets offsets) {
                return "offsets " + offsets.answerType().cast(answer).answer().partitions();
            }

            @Override
            public String offsetForLeaderEpoch(Request.OffsetForLeaderEpoch epochs) {
                return "epochs " + epochs.answerType().cast(answer).answer().partitions();
            }
        });
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

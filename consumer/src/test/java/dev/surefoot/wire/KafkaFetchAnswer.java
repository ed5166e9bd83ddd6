package dev.surefoot.wire;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.records.AbortedTransaction;
import dev.surefoot.core.records.Lease;
import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.core.session.PartitionAnswer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.record.internal.MemoryRecords;

/** The oracle: a Fetch response as Kafka's generated message reads it, in our terms. */
final class KafkaFetchAnswer {
    private KafkaFetchAnswer() {}

    static FetchAnswer read(ByteBuffer body, short version, Lease lease) {
        FetchResponseData data = new FetchResponseData(new ByteBufferAccessor(body.duplicate()), version);
        List<PartitionAnswer> partitions = new ArrayList<>();
        for (FetchableTopicResponse topic : data.responses()) {
            for (PartitionData partition : topic.partitions()) {
                partitions.add(partition(topic, partition, version));
            }
        }
        List<Node> nodes = data.nodeEndpoints().stream()
                .map(node -> new Node(node.nodeId(), node.host(), node.port(), node.rack()))
                .toList();
        return new FetchAnswer(
                BrokerError.forCode(data.errorCode()),
                data.throttleTimeMs(),
                data.sessionId(),
                partitions,
                nodes,
                lease,
                data.errorCode());
    }

    private static PartitionAnswer partition(FetchableTopicResponse topic, PartitionData data, short version) {
        List<AbortedTransaction> aborted = data.abortedTransactions() == null
                ? List.of()
                : data.abortedTransactions().stream()
                        .map(transaction -> new AbortedTransaction(transaction.producerId(), transaction.firstOffset()))
                        .toList();
        boolean diverging =
                data.divergingEpoch().epoch() != -1 || data.divergingEpoch().endOffset() != -1;
        boolean leader =
                data.currentLeader().leaderId() != -1 || data.currentLeader().leaderEpoch() != -1;
        return new PartitionAnswer(
                topic.topicId(),
                version >= 13 ? null : topic.topic(),
                data.partitionIndex(),
                BrokerError.forCode(data.errorCode()),
                data.highWatermark(),
                data.lastStableOffset(),
                data.logStartOffset(),
                data.preferredReadReplica(),
                aborted,
                diverging
                        ? new PartitionAnswer.EpochEndOffset(
                                data.divergingEpoch().epoch(),
                                data.divergingEpoch().endOffset())
                        : null,
                leader
                        ? new PartitionAnswer.LeaderHint(
                                data.currentLeader().leaderId(),
                                data.currentLeader().leaderEpoch())
                        : null,
                data.records() == null ? ByteBuffer.allocate(0) : ((MemoryRecords) data.records()).buffer(),
                data.errorCode());
    }
}

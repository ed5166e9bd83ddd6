package dev.surefoot.wire;

import dev.surefoot.core.error.BrokerError;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.AbortedTransaction;
import org.apache.kafka.common.message.FetchResponseData.EpochEndOffset;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.LeaderIdAndEpoch;
import org.apache.kafka.common.message.FetchResponseData.NodeEndpoint;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.message.FetchResponseData.SnapshotId;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.protocol.types.RawTaggedField;
import org.apache.kafka.common.record.internal.MemoryRecords;

/** Draws Fetch responses as Kafka's generated messages, with fields and tagged fields that a version can carry. */
final class RandomFetchResponse {
    private static final int FIRST_UNKNOWN_TAG = 3;

    private final SplittableRandom random;
    private final short version;

    RandomFetchResponse(SplittableRandom random, short version) {
        this.random = random;
        this.version = version;
    }

    ByteBuffer bytes() {
        return MessageUtil.toByteBufferAccessor(response(), version).buffer();
    }

    private FetchResponseData response() {
        FetchResponseData response = new FetchResponseData().setThrottleTimeMs(random.nextInt());
        if (version >= 7) {
            response.setErrorCode(errorCode()).setSessionId(random.nextInt());
        }
        int topics = random.nextInt(4);
        for (int i = 0; i < topics; i++) {
            response.responses().add(topic());
        }
        int nodes = version >= 16 ? random.nextInt(3) : 0;
        for (int i = 0; i < nodes; i++) {
            response.nodeEndpoints()
                    .add(withUnknownTags(new NodeEndpoint()
                            .setNodeId(i)
                            .setHost("broker-" + i + ".example")
                            .setPort(random.nextInt(65_536))
                            .setRack(random.nextBoolean() ? "rack-ä" : null)));
        }
        return withUnknownTags(response);
    }

    private FetchableTopicResponse topic() {
        FetchableTopicResponse topic = new FetchableTopicResponse();
        if (version >= 13) {
            topic.setTopicId(new Uuid(random.nextLong(), random.nextLong()));
        } else {
            topic.setTopic("topic." + "ü".repeat(random.nextInt(100)));
        }
        int partitions = random.nextInt(20) == 0 ? 150 : random.nextInt(4);
        for (int i = 0; i < partitions; i++) {
            topic.partitions().add(partition());
        }
        return withUnknownTags(topic);
    }

    private PartitionData partition() {
        PartitionData partition = new PartitionData()
                .setPartitionIndex(random.nextInt(0, Integer.MAX_VALUE))
                .setErrorCode(errorCode())
                .setHighWatermark(random.nextLong())
                .setLastStableOffset(random.nextLong())
                .setAbortedTransactions(abortedTransactions())
                .setRecords(records());
        if (version >= 5) {
            partition.setLogStartOffset(random.nextLong());
        }
        if (version >= 11) {
            partition.setPreferredReadReplica(random.nextInt(-1, 5));
        }
        if (version >= 12) {
            tags(partition);
        }
        return withUnknownTags(partition);
    }

    private void tags(PartitionData partition) {
        if (random.nextInt(3) == 0) {
            partition.setDivergingEpoch(withUnknownTags(
                    new EpochEndOffset().setEpoch(random.nextInt(-1, 3)).setEndOffset(random.nextLong(-1, 3))));
        }
        if (random.nextInt(3) == 0) {
            partition.setCurrentLeader(withUnknownTags(
                    new LeaderIdAndEpoch().setLeaderId(random.nextInt(-1, 3)).setLeaderEpoch(random.nextInt(-1, 3))));
        }
        if (random.nextInt(5) == 0) {
            partition.setSnapshotId(withUnknownTags(
                    new SnapshotId().setEndOffset(random.nextLong()).setEpoch(random.nextInt())));
        }
    }

    private List<AbortedTransaction> abortedTransactions() {
        if (random.nextInt(3) == 0) {
            return null;
        }
        List<AbortedTransaction> aborted = new ArrayList<>();
        int count = random.nextInt(4);
        for (int i = 0; i < count; i++) {
            aborted.add(withUnknownTags(
                    new AbortedTransaction().setProducerId(random.nextLong()).setFirstOffset(random.nextLong())));
        }
        return aborted;
    }

    private MemoryRecords records() {
        if (random.nextInt(4) == 0) {
            return null;
        }
        byte[] bytes = new byte[random.nextInt(10) == 0 ? 20_000 : random.nextInt(200)];
        random.nextBytes(bytes);
        return MemoryRecords.readableRecords(ByteBuffer.wrap(bytes));
    }

    private short errorCode() {
        BrokerError[] known = BrokerError.values();
        return random.nextInt(3) == 0 ? known[random.nextInt(known.length)].code() : 0;
    }

    private <M extends Message> M withUnknownTags(M message) {
        if (version >= 12 && random.nextInt(8) == 0) {
            int tag = FIRST_UNKNOWN_TAG;
            int count = 1 + random.nextInt(3);
            for (int i = 0; i < count; i++) {
                byte[] data = new byte[random.nextInt(150)];
                random.nextBytes(data);
                message.unknownTaggedFields().add(new RawTaggedField(tag, data));
                tag += 1 + random.nextInt(10_000);
            }
        }
        return message;
    }
}

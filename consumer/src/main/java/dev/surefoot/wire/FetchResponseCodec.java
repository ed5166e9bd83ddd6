package dev.surefoot.wire;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.records.AbortedTransaction;
import dev.surefoot.core.records.Lease;
import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.PartitionAnswer;
import dev.surefoot.core.session.PartitionAnswer.EpochEndOffset;
import dev.surefoot.core.session.PartitionAnswer.LeaderHint;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** Reads the body of a Fetch response, versions 4 to 18; records stay slices of the buffer that was read. */
public final class FetchResponseCodec {
    private static final int NO_PARTITION = -1;
    private static final int NO_REPLICA = -1;
    private static final long NO_OFFSET = -1;
    private static final int NO_NODE = -1;
    private static final int MAX_PORT = 0xffff;

    /** In bytes: node id, host, port, rack, no tagged fields. */
    private static final int MIN_NODE_BYTES = 4 + 1 + 4 + 1 + 1;

    private final WireReader in;
    private final short version;
    private final ArrayList<PartitionAnswer> partitions = new ArrayList<>();
    private List<Node> nodeEndpoints = List.of();

    // The topic and partition that are being read, also for the messages of exceptions.
    private Uuid topicId = Uuid.ZERO_UUID;
    private @Nullable String topic;
    private int partition = NO_PARTITION;

    // The tagged fields of the current partition.
    private @Nullable EpochEndOffset divergingEpoch;
    private @Nullable LeaderHint currentLeader;

    private FetchResponseCodec(ByteBuffer body, short version) {
        this.in = new WireReader(body, FetchVersion.isFlexible(version));
        this.version = version;
    }

    /**
     * Reads the body from the buffer's position to its limit, without moving either.
     *
     * @param lease the hold on the buffer, passed on in the answer; on an exception it stays the caller's
     * @throws MalformedResponseException if the bytes are no such response
     * @throws IllegalArgumentException if the version is not between 4 and 18
     */
    public static FetchAnswer read(ByteBuffer body, short version, Lease lease) {
        FetchVersion.requireKnown(version);
        FetchResponseCodec codec = new FetchResponseCodec(body, version);
        try {
            return codec.body(lease);
        } catch (MalformedResponseException e) {
            throw new MalformedResponseException(
                    "Fetch response v" + version + codec.place() + " cannot be read: " + e.getMessage(), e);
        }
    }

    private FetchAnswer body(Lease lease) {
        int throttleTimeMs = in.int32("throttle time");
        short errorCode = BrokerError.NONE.code();
        int sessionId = FetchPlan.NO_SESSION;
        if (FetchVersion.hasSessions(version)) {
            errorCode = in.int16("error code");
            sessionId = in.int32("session id");
        }
        int topics = in.count("topics", minTopicBytes());
        for (int i = 0; i < topics; i++) {
            topic();
        }
        in.taggedFields(this::bodyTag);
        in.requireEnd();
        return new FetchAnswer(
                BrokerError.forCode(errorCode),
                throttleTimeMs,
                sessionId,
                Collections.unmodifiableList(partitions),
                nodeEndpoints,
                lease,
                errorCode);
    }

    private void topic() {
        if (FetchVersion.namesTopicsById(version)) {
            topicId = in.uuid("topic id");
        } else {
            topic = in.string("topic name");
        }
        int count = in.count("partitions", minPartitionBytes());
        partitions.ensureCapacity(partitions.size() + count);
        for (int i = 0; i < count; i++) {
            partitions.add(partition());
            partition = NO_PARTITION;
        }
        in.skipTaggedFields();
        topicId = Uuid.ZERO_UUID;
        topic = null;
    }

    private PartitionAnswer partition() {
        partition = in.int32("partition index");
        short errorCode = in.int16("error code");
        long highWatermark = in.int64("high watermark");
        long lastStableOffset = in.int64("last stable offset");
        long logStartOffset = version >= 5 ? in.int64("log start offset") : NO_OFFSET;
        List<AbortedTransaction> abortedTransactions = abortedTransactions();
        int preferredReadReplica = version >= 11 ? in.int32("preferred read replica") : NO_REPLICA;
        ByteBuffer records = in.nullableBytes("records");
        divergingEpoch = null;
        currentLeader = null;
        in.taggedFields(this::partitionTag);
        return new PartitionAnswer(
                topicId,
                topic,
                partition,
                BrokerError.forCode(errorCode),
                highWatermark,
                lastStableOffset,
                logStartOffset,
                preferredReadReplica,
                abortedTransactions,
                divergingEpoch,
                currentLeader,
                records,
                errorCode);
    }

    private List<AbortedTransaction> abortedTransactions() {
        int count = in.nullableCount("aborted transactions", minAbortedTransactionBytes());
        if (count <= 0) {
            return List.of();
        }
        List<AbortedTransaction> aborted = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            aborted.add(new AbortedTransaction(
                    in.int64("producer id of an aborted transaction"),
                    in.int64("first offset of an aborted transaction")));
            in.skipTaggedFields();
        }
        return Collections.unmodifiableList(aborted);
    }

    /**
     * Reads {@code DivergingEpoch} and {@code CurrentLeader}; skips {@code SnapshotId}, which is for followers of the
     * metadata log only.
     */
    private boolean partitionTag(int tag) {
        switch (tag) {
            case 0 -> {
                int epoch = in.int32("diverging epoch");
                long endOffset = in.int64("end offset of the diverging epoch");
                in.skipTaggedFields();
                boolean none = epoch == -1 && endOffset == NO_OFFSET;
                divergingEpoch = none ? null : new EpochEndOffset(epoch, endOffset);
            }
            case 1 -> {
                int leaderId = in.int32("current leader");
                int leaderEpoch = in.int32("epoch of the current leader");
                in.skipTaggedFields();
                boolean none = leaderId == NO_NODE && leaderEpoch == -1;
                currentLeader = none ? null : new LeaderHint(leaderId, leaderEpoch);
            }
            case 2 -> {
                in.int64("end offset of the snapshot");
                in.int32("epoch of the snapshot");
                in.skipTaggedFields();
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Reads {@code NodeEndpoints} (KIP-951). */
    private boolean bodyTag(int tag) {
        if (tag != 0 || version < 16) {
            return false;
        }
        int count = in.count("node endpoints", MIN_NODE_BYTES);
        List<Node> nodes = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            nodes.add(node());
        }
        nodeEndpoints = Collections.unmodifiableList(nodes);
        return true;
    }

    private Node node() {
        int id = in.int32("node id");
        String host = in.string("host of a node");
        int port = in.int32("port of a node");
        if (port < 0 || port > MAX_PORT) {
            throw in.malformed("port of node " + id, "is " + port + ", outside 0 to " + MAX_PORT);
        }
        String rack = in.nullableString("rack of a node");
        in.skipTaggedFields();
        return new Node(id, host, port, rack);
    }

    /** In bytes: name or id, count of partitions, no tagged fields. */
    private int minTopicBytes() {
        if (FetchVersion.namesTopicsById(version)) {
            return 16 + 1 + 1;
        }
        return FetchVersion.isFlexible(version) ? 1 + 1 + 1 : 2 + 4;
    }

    private int minPartitionBytes() {
        int fixed = 4 + 2 + 8 + 8 + (version >= 5 ? 8 : 0) + (version >= 11 ? 4 : 0);
        int abortedAndRecords = FetchVersion.isFlexible(version) ? 1 + 1 : 4 + 4;
        int noTaggedFields = FetchVersion.isFlexible(version) ? 1 : 0;
        return fixed + abortedAndRecords + noTaggedFields;
    }

    private int minAbortedTransactionBytes() {
        return FetchVersion.isFlexible(version) ? 8 + 8 + 1 : 8 + 8;
    }

    private String place() {
        StringBuilder place = new StringBuilder();
        if (topic != null) {
            place.append(", topic ").append(topic);
        } else if (!topicId.equals(Uuid.ZERO_UUID)) {
            place.append(", topic id ").append(topicId);
        }
        if (partition != NO_PARTITION) {
            place.append(", partition ").append(partition);
        }
        return place.toString();
    }
}

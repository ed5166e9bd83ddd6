package dev.surefoot.testkit.simulation.model;

import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.core.session.PartitionAnswer;
import java.nio.ByteBuffer;
import java.util.StringJoiner;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.Uuid;

/** Puts an answer into words, with all that a client can see of it, so that two answers agree if their words do. */
final class AnswerText {
    private static final int BATCH_OVERHEAD = 12;
    private static final int HEADER_BYTES = 61;
    private static final int CONTROL = 0x20;
    private static final int TRANSACTIONAL = 0x10;

    private AnswerText() {}

    /**
     * @param session what stands for the session id
     * @param topicIds what stands for each topic id
     * @param firstNode the id of the first broker
     */
    static String of(FetchAnswer answer, String session, UnaryOperator<Uuid> topicIds, int firstNode) {
        StringJoiner text = new StringJoiner("\n  ");
        text.add(answer.error() + ", " + session + ", throttle " + answer.throttleTimeMs());
        for (PartitionAnswer partition : answer.partitions()) {
            text.add(of(partition, topicIds, firstNode));
        }
        for (Node node : answer.nodeEndpoints()) {
            text.add("node " + (node.id() - firstNode));
        }
        return text.toString();
    }

    private static String of(PartitionAnswer answer, UnaryOperator<Uuid> topicIds, int firstNode) {
        StringBuilder text = new StringBuilder();
        text.append(answer.topic() == null ? topicIds.apply(answer.topicId()) : answer.topic());
        text.append('-').append(answer.partition()).append(' ').append(answer.error());
        text.append(" hw=").append(answer.highWatermark());
        text.append(" lso=").append(answer.lastStableOffset());
        text.append(" start=").append(answer.logStartOffset());
        text.append(" aborted=").append(answer.abortedTransactions());
        if (answer.preferredReadReplica() >= 0) {
            text.append(" prefer=").append(answer.preferredReadReplica() - firstNode);
        }
        if (answer.divergingEpoch() != null) {
            text.append(' ').append(answer.divergingEpoch());
        }
        if (answer.currentLeader() != null) {
            text.append(" leader=").append(answer.currentLeader().leaderId() - firstNode);
            text.append(" epoch=").append(answer.currentLeader().leaderEpoch());
        }
        return text.append(records(answer.records())).toString();
    }

    private static String records(ByteBuffer records) {
        StringBuilder text = new StringBuilder();
        int at = records.position();
        while (at < records.limit()) {
            int left = records.limit() - at;
            int size = left < BATCH_OVERHEAD ? Integer.MAX_VALUE : BATCH_OVERHEAD + records.getInt(at + 8);
            if (size > left) {
                return text.append(" cut(").append(left).append("b)").toString();
            }
            text.append(batch(records, at, size));
            at += size;
        }
        return text.toString();
    }

    private static String batch(ByteBuffer records, int at, int size) {
        long base = records.getLong(at);
        int attributes = records.getShort(at + 21);
        boolean control = (attributes & CONTROL) != 0;
        StringBuilder text = new StringBuilder(" [").append(base);
        text.append("..").append(base + records.getInt(at + 23));
        text.append(' ').append(size).append("b epoch=").append(records.getInt(at + BATCH_OVERHEAD));
        text.append(" producer=").append(records.getLong(at + 43));
        text.append(" count=").append(records.getInt(at + 57));
        if ((attributes & TRANSACTIONAL) != 0) {
            text.append(" transactional");
        }
        if (control) {
            // The key holds a version and the kind of marker, behind five bytes of lengths and deltas.
            return text.append(records.getShort(at + HEADER_BYTES + 7) == 0 ? " abort]" : " commit]")
                    .toString();
        }
        CRC32 content = new CRC32();
        content.update(records.slice(at + HEADER_BYTES, size - HEADER_BYTES));
        return text.append(" #")
                .append(Long.toHexString(content.getValue()))
                .append(']')
                .toString();
    }
}

package dev.surefoot.wire;

import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchTarget;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;

/**
 * Writes the body of a Fetch request, versions 4 to 18.
 *
 * <p>Partitions go out in the plan's order, which is the order that a broker serves them in. Only neighbours of one
 * topic share a topic entry, so a topic may be listed several times; brokers read the entries into one ordered map.
 */
public final class FetchRequestCodec {
    /** The oldest version that current brokers accept, and the first that knows isolation levels. */
    public static final short LOWEST_VERSION = 4;

    public static final short HIGHEST_VERSION = 18;

    private static final int CONSUMER_REPLICA_ID = -1;
    private static final int READ_UNCOMMITTED = 0;
    private static final int READ_COMMITTED = 1;

    /** Only followers send the start of their log. */
    private static final long NO_LOG_START_OFFSET = -1;

    private final WireSink out;
    private final short version;

    private FetchRequestCodec(WireSink out, short version) {
        this.out = out;
        this.version = version;
    }

    /**
     * Returns the number of bytes that {@link #write} needs.
     *
     * @throws IllegalArgumentException if this version cannot carry the plan
     */
    public static int size(FetchPlan plan, FetchSettings settings, short version) {
        requireVersionCarries(plan, version);
        WireSize size = new WireSize(FetchVersion.isFlexible(version));
        int anyMaxBytes = 0;
        new FetchRequestCodec(size, version).body(plan, anyMaxBytes, settings);
        return size.total();
    }

    /**
     * Writes the body at the buffer's position and moves the position behind it. Changes nothing else: writing twice
     * gives the same bytes.
     *
     * @param maxBytes most bytes of records in the whole answer; its first batch may exceed it (KIP-74)
     * @param out a big-endian buffer with room for {@link #size} bytes
     * @throws IllegalArgumentException if this version cannot carry the plan
     */
    public static void write(FetchPlan plan, int maxBytes, FetchSettings settings, short version, ByteBuffer out) {
        requireVersionCarries(plan, version);
        WireWriter writer = new WireWriter(out, FetchVersion.isFlexible(version));
        new FetchRequestCodec(writer, version).body(plan, maxBytes, settings);
    }

    private static void requireVersionCarries(FetchPlan plan, short version) {
        FetchVersion.requireKnown(version);
        if (plan.byTopicId() != FetchVersion.namesTopicsById(version)) {
            throw new IllegalArgumentException("Fetch v" + version + " names topics by "
                    + (FetchVersion.namesTopicsById(version) ? "id" : "name") + ", but the plan names them by "
                    + (plan.byTopicId() ? "id" : "name"));
        }
        if (FetchVersion.hasSessions(version)) {
            return;
        }
        boolean standsAlone =
                switch (plan.kind()) {
                    case FULL, SESSIONLESS -> plan.forgotten().isEmpty();
                    case INCREMENTAL, CLOSE -> false;
                };
        if (!standsAlone) {
            throw new IllegalArgumentException(
                    "Fetch v" + version + " knows no sessions and cannot carry a plan of kind " + plan.kind() + " with "
                            + plan.forgotten().size() + " forgotten partitions");
        }
    }

    private void body(FetchPlan plan, int maxBytes, FetchSettings settings) {
        if (version < 15) { // from v15 on, followers alone name themselves, in a tagged field
            out.int32(CONSUMER_REPLICA_ID);
        }
        out.int32(plan.immediate() ? 0 : settings.maxWaitMs());
        out.int32(plan.immediate() ? 0 : settings.minBytes());
        out.int32(maxBytes);
        out.int8(settings.readCommitted() ? READ_COMMITTED : READ_UNCOMMITTED);
        if (FetchVersion.hasSessions(version)) {
            out.int32(plan.sessionId());
            out.int32(plan.epoch());
        }
        topics(new ArrayList<>(plan.partitions().entrySet()));
        if (FetchVersion.hasSessions(version)) {
            forgotten(plan.forgotten());
        }
        if (version >= 11) {
            out.string(settings.rackId());
        }
        out.noTaggedFields();
    }

    private void topics(List<Map.Entry<TopicIdPartition, FetchTarget>> partitions) {
        int entries = 0;
        for (int start = 0; start < partitions.size(); start = endOfTopic(partitions, start)) {
            entries++;
        }
        out.count(entries);
        int start = 0;
        while (start < partitions.size()) {
            int end = endOfTopic(partitions, start);
            topic(partitions.get(start).getKey());
            out.count(end - start);
            for (Map.Entry<TopicIdPartition, FetchTarget> partition : partitions.subList(start, end)) {
                target(partition.getKey().partition(), partition.getValue());
            }
            out.noTaggedFields();
            start = end;
        }
    }

    private int endOfTopic(List<Map.Entry<TopicIdPartition, FetchTarget>> partitions, int start) {
        Object topic = wireTopic(partitions.get(start).getKey());
        int end = start + 1;
        while (end < partitions.size()
                && topic.equals(wireTopic(partitions.get(end).getKey()))) {
            end++;
        }
        return end;
    }

    private void target(int partition, FetchTarget target) {
        out.int32(partition);
        if (version >= 9) {
            out.int32(target.currentLeaderEpoch());
        }
        out.int64(target.fetchOffset());
        if (version >= 12) {
            out.int32(target.lastFetchedEpoch());
        }
        if (version >= 5) {
            out.int64(NO_LOG_START_OFFSET);
        }
        out.int32(target.maxBytes());
        out.noTaggedFields();
    }

    /**
     * Writes one entry per topic as the wire names it, so that two ids of one topic name stay apart (invariant I13).
     */
    private void forgotten(List<TopicIdPartition> forgotten) {
        Map<Object, List<TopicIdPartition>> byTopic = new LinkedHashMap<>();
        for (TopicIdPartition partition : forgotten) {
            byTopic.computeIfAbsent(wireTopic(partition), topic -> new ArrayList<>())
                    .add(partition);
        }
        out.count(byTopic.size());
        for (List<TopicIdPartition> partitions : byTopic.values()) {
            topic(partitions.get(0));
            out.count(partitions.size());
            for (TopicIdPartition partition : partitions) {
                out.int32(partition.partition());
            }
            out.noTaggedFields();
        }
    }

    /** Returns the topic as the wire names it: by id or by name. */
    private Object wireTopic(TopicIdPartition partition) {
        return FetchVersion.namesTopicsById(version) ? partition.topicId() : partition.topic();
    }

    private void topic(TopicIdPartition partition) {
        if (!FetchVersion.namesTopicsById(version)) {
            out.string(partition.topic());
        } else if (partition.topicId().equals(Uuid.ZERO_UUID)) {
            throw new IllegalArgumentException("Fetch v" + version + " names topics by id, but the plan has none for "
                    + partition.topicPartition());
        } else {
            out.uuid(partition.topicId());
        }
    }
}

package dev.surefoot.testkit.simulation.coordinator;

import dev.surefoot.testkit.simulation.coordinator.TopicCatalog.Topic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Committed offsets, as OffsetCommit, TxnOffsetCommit and OffsetFetch store and read them: whatever the version of a
 * request, here it is the same question.
 */
final class GroupOffsets {
    /** A topic as a request names it, by name, or by id since version 10. */
    record NamedTopic(String name, Uuid id) {
        boolean isById() {
            return !id.equals(Uuid.ZERO_UUID);
        }
    }

    /** An offset to store. */
    record OffsetToCommit(
            NamedTopic topic,
            int partition,
            long offset,
            int leaderEpoch,
            @Nullable String metadata) {}

    /**
     * What is said of one partition.
     *
     * @param stored null if there is nothing, or an error
     */
    record PartitionOffset(
            NamedTopic topic,
            int partition,
            Errors error,
            @Nullable StoredOffset stored) {}

    private final GroupContext context;
    private OffsetStore store = new OffsetStore();

    GroupOffsets(GroupContext context) {
        this.context = context;
    }

    void load(OffsetStore loaded) {
        store = loaded;
    }

    OffsetStore store() {
        return store;
    }

    private @Nullable Topic find(NamedTopic topic) {
        return topic.isById()
                ? context.topics().topic(topic.id())
                : context.topics().topic(topic.name());
    }

    private static Errors unknown(NamedTopic topic) {
        return topic.isById() ? Errors.UNKNOWN_TOPIC_ID : Errors.UNKNOWN_TOPIC_OR_PARTITION;
    }

    /**
     * Stores offsets.
     *
     * @param producerId that of the transaction, or -1
     * @param identity as the request says it; its partitions are filled in here
     * @param group gives the group that is to check the claim, or an error if there is none
     */
    List<PartitionOffset> commit(
            String groupId,
            long producerId,
            CommitClaim identity,
            List<OffsetToCommit> offsets,
            long nowMs,
            Function<CommitClaim, Errors> group) {
        List<PartitionOffset> answers = new ArrayList<>();
        Map<TopicPartition, OffsetToCommit> existing = new LinkedHashMap<>();
        for (OffsetToCommit offset : offsets) {
            Topic topic = find(offset.topic());
            if (topic == null) {
                answers.add(new PartitionOffset(offset.topic(), offset.partition(), unknown(offset.topic()), null));
            } else if (!context.topics().exists(new TopicPartition(topic.name(), offset.partition()))) {
                answers.add(new PartitionOffset(
                        offset.topic(), offset.partition(), Errors.UNKNOWN_TOPIC_OR_PARTITION, null));
            } else {
                existing.put(new TopicPartition(topic.name(), offset.partition()), offset);
            }
        }
        if (!existing.isEmpty()) {
            CommitClaim claim = identity.of(new LinkedHashSet<>(existing.keySet()));
            Errors refusal = group.apply(claim);
            existing.forEach((partition, offset) -> answers.add(new PartitionOffset(
                    offset.topic(), offset.partition(), refusal == Errors.NONE ? checked(offset) : refusal, null)));
            if (refusal == Errors.NONE) {
                Errors failure = write(groupId, producerId, claim, existing, nowMs);
                if (failure != Errors.NONE) {
                    return offsets.stream()
                            .map(offset -> new PartitionOffset(offset.topic(), offset.partition(), failure, null))
                            .toList();
                }
            }
        }
        return answers;
    }

    private Errors checked(OffsetToCommit offset) {
        String metadata = offset.metadata();
        boolean tooLarge =
                metadata != null && metadata.length() > context.settings().maxMetadataChars();
        return tooLarge ? Errors.OFFSET_METADATA_TOO_LARGE : Errors.NONE;
    }

    private Errors write(
            String groupId,
            long producerId,
            CommitClaim claim,
            Map<TopicPartition, OffsetToCommit> offsets,
            long nowMs) {
        Map<TopicPartition, StoredOffset> written = new LinkedHashMap<>();
        offsets.forEach((partition, offset) -> {
            Topic topic = find(offset.topic());
            if (topic != null && checked(offset) == Errors.NONE) {
                String metadata = offset.metadata() == null ? "" : offset.metadata();
                written.put(
                        partition,
                        new StoredOffset(offset.offset(), offset.leaderEpoch(), metadata, topic.id(), nowMs));
            }
        });
        if (written.isEmpty()) {
            return Errors.NONE;
        }
        Errors failure = context.journal().writeOffsets(groupId, producerId, written);
        if (failure == Errors.NONE) {
            store.put(groupId, producerId, written);
            written.forEach((partition, offset) -> context.ledger()
                    .committed(new CoordinatorLedger.Commit(
                            groupId,
                            claim.memberId(),
                            claim.instanceId(),
                            claim.generationOrEpoch(),
                            partition,
                            offset,
                            producerId)));
        }
        return failure;
    }

    /**
     * Reads one offset.
     *
     * @param requireStable whether an open transaction on it is an error
     */
    PartitionOffset fetch(String groupId, NamedTopic named, int partition, boolean requireStable) {
        Topic topic = find(named);
        if (topic == null && named.isById()) {
            return new PartitionOffset(named, partition, Errors.UNKNOWN_TOPIC_ID, null);
        }
        TopicPartition key = new TopicPartition(topic == null ? named.name() : topic.name(), partition);
        if (requireStable && store.isPending(groupId, key)) {
            return new PartitionOffset(named, partition, Errors.UNSTABLE_OFFSET_COMMIT, null);
        }
        StoredOffset stored = store.get(groupId, key);
        boolean ofThisIncarnation =
                stored != null && topic != null && stored.topicId().equals(topic.id());
        return new PartitionOffset(named, partition, Errors.NONE, ofThisIncarnation ? stored : null);
    }

    /** Reads all offsets of a group. */
    List<PartitionOffset> fetchAll(String groupId, boolean byId, boolean requireStable) {
        List<PartitionOffset> all = new ArrayList<>();
        store.of(groupId).forEach((partition, offset) -> {
            Topic topic = context.topics().topic(partition.topic());
            if (topic != null && topic.id().equals(offset.topicId())) {
                NamedTopic named =
                        byId ? new NamedTopic("", topic.id()) : new NamedTopic(partition.topic(), Uuid.ZERO_UUID);
                all.add(fetch(groupId, named, partition.partition(), requireStable));
            }
        });
        return all;
    }
}

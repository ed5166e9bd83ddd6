package dev.surefoot.core.group;

import static dev.surefoot.core.group.CommitWorld.SECOND;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.group.CommitWorld.Sent;
import dev.surefoot.core.group.OffsetCommit.OffsetCommitRequest;
import dev.surefoot.core.group.OffsetCommit.OffsetCommitResponse;
import dev.surefoot.core.group.OffsetCommit.Stored;
import dev.surefoot.core.handover.MemberIdentity;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;

/** A consumer that commits, and what its scripted coordinator answers and stores. */
class CommitScript {
    CommitWorld world = new CommitWorld(GroupSettings.Protocol.CONSUMER);
    /** What the scripted coordinator has stored. */
    final Map<TopicPartition, Long> stored = new HashMap<>();

    private long ids;

    @BeforeEach
    void coordinatorIsKnown() {
        world.coordinator.need();
        world.turn();
    }

    void classic() {
        world = new CommitWorld(GroupSettings.Protocol.CLASSIC);
        coordinatorIsKnown();
    }

    static Map<TopicPartition, OffsetAndMetadata> offsets(Map<TopicPartition, Long> of) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new LinkedHashMap<>();
        of.forEach((partition, offset) -> offsets.put(partition, new OffsetAndMetadata(offset)));
        return offsets;
    }

    long commit(Commit.Kind kind, Map<TopicPartition, Long> of) {
        return commit(kind, world.standing.identity, of);
    }

    long commit(Commit.Kind kind, @Nullable MemberIdentity identity, Map<TopicPartition, Long> of) {
        world.commits.submit(new Commit(++ids, kind, identity, offsets(of), world.now + 60 * SECOND));
        return ids;
    }

    long sync(Map<TopicPartition, Long> of) {
        return commit(Commit.Kind.SYNC, of);
    }

    long async(Map<TopicPartition, Long> of) {
        return commit(Commit.Kind.ASYNC, of);
    }

    Sent onWire(int at) {
        return world.wire.get(at);
    }

    OffsetCommitRequest request(int at) {
        return (OffsetCommitRequest) onWire(at).request();
    }

    /** Answers the oldest request on the wire with these errors; other partitions are stored. */
    void answer(Map<TopicPartition, BrokerError> errors) {
        OffsetCommitRequest request = request(0);
        Map<TopicPartition, Stored> said = new HashMap<>();
        request.offsets().forEach((partition, offset) -> {
            BrokerError error = errors.getOrDefault(partition, BrokerError.NONE);
            said.put(partition, new Stored(error, error.code()));
            if (error == BrokerError.NONE) {
                stored.put(partition, offset.offset());
            }
        });
        world.answer(onWire(0), new OffsetCommitResponse(0, said));
        world.turn();
    }

    void answer(BrokerError error) {
        Map<TopicPartition, BrokerError> errors = new HashMap<>();
        request(0).offsets().keySet().forEach(partition -> errors.put(partition, error));
        answer(errors);
    }

    void store() {
        answer(Map.of());
    }
}
